import { isDeepStrictEqual } from "node:util";

/**
 * Whether two values are the same once they have been JSON: the order of keys and members that are
 * undefined do not count.
 *
 * @example equal({ a: 1, b: [2] }, { b: [2], a: 1 }) // => true
 * @example equal({ a: 1, b: undefined }, { a: 1 }) // => true
 * @example equal([1, 2], [2, 1]) // => false
 * @example equal(undefined, {}) // => false
 */
export function equal(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(throughJson(a), throughJson(b));
}

const throughJson = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
