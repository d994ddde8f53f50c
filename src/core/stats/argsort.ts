/** Below this many numbers, Node's own sort is as fast as counting digits. */
const SMALL = 512;
const DIGIT = 11;
const SIZE = 1 << DIGIT;

/**
 * The order in which numbers ascend: `order[0]` is where the smallest stands. Equal numbers keep
 * their order; −0 and 0 are equal; NaN comes last.
 *
 * A radix sort over the upper half of the numbers' bits, 11 at a time, where digits that all numbers
 * share are skipped; the few that agree in the upper half are then compared. Linear in the number of
 * values but for those.
 *
 * @example argsort(new Float64Array([3, 1, 2])) // => [1, 2, 0]
 * @example argsort(new Float64Array([0, -0, NaN, -Infinity])) // => [3, 0, 1, 2]
 */
export function argsort(values: Float64Array): Int32Array {
  let order = new Int32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (values.length <= SMALL) return sortRange(order, values);

  let keys = sortableHalves(values);
  let [nextKeys, nextOrder] = [new Uint32Array(keys.length), new Int32Array(keys.length)];
  for (let shift = 0; shift < 32; shift += DIGIT) {
    const starts = startsOf(keys, shift);
    if (starts === undefined) continue;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number;
      const digit = (key >>> shift) & (SIZE - 1);
      const place = starts[digit] as number;
      starts[digit] = place + 1;
      nextKeys[place] = key;
      nextOrder[place] = order[i] as number;
    }
    [keys, nextKeys] = [nextKeys, keys];
    [order, nextOrder] = [nextOrder, order];
  }
  return settle(order, keys, values);
}

/** Orders each run of places whose upper halves agree. */
function settle(order: Int32Array, keys: Uint32Array, values: Float64Array): Int32Array {
  for (let start = 0; start < keys.length; ) {
    let end = start + 1;
    let sorted = true;
    while (end < keys.length && keys[end] === keys[start]) {
      if ((values[order[end - 1] as number] as number) > (values[order[end] as number] as number))
        sorted = false;
      end++;
    }
    if (!sorted) sortRange(order.subarray(start, end), values);
    start = end;
  }
  return order;
}

function sortRange(order: Int32Array, values: Float64Array): Int32Array {
  return order.sort((a, b) => ascending(values[a] as number, values[b] as number) || a - b);
}

function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b); // no difference: ∞ − ∞ is not 0
}

/** The upper halves of the numbers' bits, turned so that they ascend as unsigned integers. */
function sortableHalves(values: Float64Array): Uint32Array<ArrayBuffer> {
  const bits = new Float64Array(1);
  const words = new Uint32Array(bits.buffer); // little-endian, as every machine that runs Node is
  const halves = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    bits[0] = value + 0; // −0 becomes 0
    const top = words[1] as number;
    halves[i] = Number.isNaN(value) ? 0xffff_ffff : top >>> 31 === 1 ? ~top : top | 0x8000_0000;
  }
  return halves;
}

/** Where the keys of each digit begin; undefined where all keys have the same. */
function startsOf(keys: Uint32Array, shift: number): Int32Array | undefined {
  const starts = new Int32Array(SIZE);
  for (let i = 0; i < keys.length; i++) {
    const digit = ((keys[i] as number) >>> shift) & (SIZE - 1);
    starts[digit] = (starts[digit] as number) + 1;
  }
  if (starts[((keys[0] as number) >>> shift) & (SIZE - 1)] === keys.length) return undefined;
  let start = 0;
  for (let digit = 0; digit < SIZE; digit++) {
    const count = starts[digit] as number;
    starts[digit] = start;
    start += count;
  }
  return starts;
}
