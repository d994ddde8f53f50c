/** Numbers as places in a list of the different ones. */
export interface Dictionary {
  readonly values: Float64Array;
  readonly codes: Int32Array;
}

/** Columns of more different numbers are written as they are. */
const MOST = 4096;
const SLOTS = MOST * 4;

/**
 * The different numbers in the order of their first appearance, told apart by their bits, and the
 * place of each; `undefined` where there are more than 4,096 of them.
 *
 * @example dictionaryOf(Float64Array.of(2, 1, 2)) // => { values: [2, 1], codes: [0, 1, 0] }
 */
export function dictionaryOf(numbers: Float64Array): Dictionary | undefined {
  const halves = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2);
  const slots = new Int32Array(SLOTS).fill(-1);
  const values = new Float64Array(MOST);
  const known = new Uint32Array(values.buffer);
  const codes = new Int32Array(numbers.length);
  let size = 0;
  for (let i = 0; i < numbers.length; i++) {
    const low = halves[2 * i] as number;
    const high = halves[2 * i + 1] as number;
    let slot = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b) >>> 0;
    slot = (slot ^ (slot >>> 15)) & (SLOTS - 1);
    let code = slots[slot] as number;
    while (code !== -1 && (known[2 * code] !== low || known[2 * code + 1] !== high)) {
      slot = (slot + 1) & (SLOTS - 1);
      code = slots[slot] as number;
    }
    if (code === -1) {
      if (size === MOST) return undefined;
      code = size++;
      slots[slot] = code;
      known[2 * code] = low;
      known[2 * code + 1] = high;
    }
    codes[i] = code;
  }
  return { values: values.slice(0, size), codes };
}
