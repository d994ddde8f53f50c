import type { Random } from "./random.ts";

/**
 * Puts the items of an array in random order, in place: every order is equally likely.
 *
 * Source: Fisher and Yates, in Durstenfeld's form (Knuth, TAOCP 2, algorithm 3.4.2 P).
 *
 * @example shuffle([5], { next: () => 0, uniform: () => 0, below: () => 0 }) // => [5]
 * @example shuffle([1, 2, 3], { next: () => 0, uniform: () => 0, below: () => 0 }) // => [2, 3, 1]
 */
export function shuffle<A extends { readonly length: number; [index: number]: unknown }>(
  items: A,
  random: Random,
): A {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const item = items[last];
    items[last] = items[other];
    items[other] = item;
  }
  return items;
}

/**
 * The numbers 0 to `size` − 1 in random order.
 *
 * @example permutation(0, { next: () => 0, uniform: () => 0, below: () => 0 }) // => []
 */
export function permutation(size: number, random: Random): Int32Array {
  const order = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const other = random.below(i + 1);
    order[i] = order[other] ?? 0;
    order[other] = i;
  }
  return order;
}
