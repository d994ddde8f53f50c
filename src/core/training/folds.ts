import type { Random } from "../stats/random.ts";
import { permutation } from "../stats/shuffle.ts";

/**
 * Which of `k` parts each row belongs to, at random. The parts differ by one row at most, and with
 * classes those of every class do too (up to one row more where they meet).
 *
 * @param classes each row's class, to spread every class over all parts
 */
export function foldsOf(rows: number, k: number, random: Random, classes?: ArrayLike<number>): Int32Array {
  const order = permutation(rows, random);
  if (classes !== undefined) order.sort((a, b) => (classes[a] ?? 0) - (classes[b] ?? 0)); // a stable sort
  const folds = new Int32Array(rows);
  for (let place = 0; place < rows; place++) folds[order[place] ?? 0] = place % k;
  return folds;
}

/** The numbers of the rows inside a part, and of those outside, in the rows' order. */
export function partOf(
  folds: Int32Array,
  fold: number,
): { readonly inside: readonly number[]; readonly outside: readonly number[] } {
  const inside: number[] = [];
  const outside: number[] = [];
  for (let row = 0; row < folds.length; row++) (folds[row] === fold ? inside : outside).push(row);
  return { inside, outside };
}
