/** Below this many numbers, Node's own sort is as fast as counting digits. */
const SMALL = 512;
const DIGIT = 11;
const SIZE = 1 << DIGIT;

/**
 * The order in which numbers ascend: `order[0]` is where the smallest stands. Equal numbers keep
 * their order; −0 and 0 are equal; NaN comes last.
 *
 * A radix sort over the bits of the numbers, 11 at a time; digits that all numbers share are
 * skipped, so numbers that were float32 once take half the passes. Linear in the number of values.
 *
 * @example argsort(new Float64Array([3, 1, 2])) // => [1, 2, 0]
 * @example argsort(new Float64Array([0, -0, NaN, -Infinity])) // => [3, 0, 1, 2]
 */
export function argsort(values: Float64Array): Int32Array {
  const size = values.length;
  const order = Int32Array.from({ length: size <= SMALL ? size : 0 }, (_, i) => i);
  if (size <= SMALL) return order.sort((a, b) => ascending(values[a] ?? 0, values[b] ?? 0) || a - b);

  const [low, high] = sortableBits(values);
  let from = new Int32Array(size);
  for (let i = 0; i < size; i++) from[i] = i;
  let to = new Int32Array(size);
  for (const half of [low, high]) {
    for (let shift = 0; shift < 32; shift += DIGIT) {
      if (pass(half, shift, from, to)) [from, to] = [to, from];
    }
  }
  return from;
}

function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b || 0;
}

/** The numbers' bits in two halves, turned so that they ascend as unsigned integers. */
function sortableBits(values: Float64Array): [Uint32Array, Uint32Array] {
  const bits = new Float64Array(1);
  const words = new Uint32Array(bits.buffer); // little-endian, as every machine that runs Node is
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (Number.isNaN(value)) {
      low[i] = high[i] = 0xffff_ffff;
      continue;
    }
    bits[0] = value + 0; // −0 becomes 0
    const top = words[1] ?? 0;
    const negative = top >>> 31 === 1;
    low[i] = negative ? ~(words[0] ?? 0) : (words[0] ?? 0);
    high[i] = negative ? ~top : top | 0x8000_0000;
  }
  return [low, high];
}

/** Orders by one digit, keeping the order of equals; does nothing and says so if all agree in it. */
function pass(keys: Uint32Array, shift: number, from: Int32Array, to: Int32Array): boolean {
  const starts = new Int32Array(SIZE);
  for (let i = 0; i < keys.length; i++) {
    const digit = ((keys[i] as number) >>> shift) & (SIZE - 1);
    starts[digit] = (starts[digit] as number) + 1;
  }
  if (starts[((keys[0] as number) >>> shift) & (SIZE - 1)] === keys.length) return false;
  let start = 0;
  for (let digit = 0; digit < SIZE; digit++) {
    const count = starts[digit] as number;
    starts[digit] = start;
    start += count;
  }
  for (let i = 0; i < from.length; i++) {
    const item = from[i] as number;
    const digit = ((keys[item] as number) >>> shift) & (SIZE - 1);
    const place = starts[digit] as number;
    to[place] = item;
    starts[digit] = place + 1;
  }
  return true;
}
