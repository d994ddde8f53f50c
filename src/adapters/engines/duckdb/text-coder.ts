import type { DuckDBVector } from "@duckdb/node-api";
import { forEachMissing, inside } from "./numbers.ts";

/** A dictionary of one text column that grows as batches come. */
export interface TextCoder {
  /** All words met so far; the index of each is its code. */
  readonly words: string[];
  /** Writes a vector's codes to `target` from `offset` on; NULL becomes -1. */
  copyCodes(vector: DuckDBVector, target: Int32Array, offset: number): void;
}

/** DuckDB keeps texts of up to so many bytes inside the vector itself. */
const SHORT = 12;

/** Codes texts without making a string of each: short ones are told apart by their sixteen bytes. */
export function textCoder(): TextCoder {
  const words: string[] = [];
  const codes = new Map<string, number>();
  let slots = new Int32Array(1024).fill(-1);
  let keys = new Int32Array(1024 * 4);
  let used = 0;

  const codeOf = (word: string): number => {
    const known = codes.get(word);
    if (known !== undefined) return known;
    words.push(word);
    codes.set(word, words.length - 1);
    return words.length - 1;
  };

  const slotOf = (a: number, b: number, c: number, d: number): number => {
    let slot =
      (Math.imul(a, 0x9e3779b1) ^
        Math.imul(b, 0x85ebca6b) ^
        Math.imul(c, 0xc2b2ae35) ^
        Math.imul(d, 0x27d4eb2f)) >>>
      0;
    slot = (slot ^ (slot >>> 15)) & (slots.length - 1);
    while (
      slots[slot] !== -1 &&
      !(
        keys[4 * slot] === a &&
        keys[4 * slot + 1] === b &&
        keys[4 * slot + 2] === c &&
        keys[4 * slot + 3] === d
      )
    ) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  };

  const grow = (): void => {
    const [oldSlots, oldKeys] = [slots, keys];
    slots = new Int32Array(oldSlots.length * 2).fill(-1);
    keys = new Int32Array(slots.length * 4);
    for (const [old, code] of oldSlots.entries()) {
      if (code === -1) continue;
      const key = oldKeys.subarray(4 * old, 4 * old + 4);
      const slot = slotOf(key[0] as number, key[1] as number, key[2] as number, key[3] as number);
      slots[slot] = code;
      keys.set(key, 4 * slot);
    }
  };

  const copyTexts = (vector: DuckDBVector, data: DataView, target: Int32Array, offset: number): void => {
    const cells = new Int32Array(data.buffer, data.byteOffset, vector.itemCount * 4);
    for (let row = 0; row < vector.itemCount; row++) {
      const a = cells[4 * row] as number;
      if (a > SHORT || a < 0) {
        const word = vector.getItem(row);
        target[offset + row] = word === null ? -1 : codeOf(String(word));
        continue;
      }
      const b = cells[4 * row + 1] as number;
      const c = cells[4 * row + 2] as number;
      const d = cells[4 * row + 3] as number;
      const slot = slotOf(a, b, c, d);
      let code = slots[slot] as number;
      if (code === -1) {
        const word = vector.getItem(row);
        if (word === null) continue; // what lies under a NULL is no text
        code = codeOf(String(word));
        slots[slot] = code;
        keys.set([a, b, c, d], 4 * slot);
        if (++used * 2 > slots.length) grow();
      }
      target[offset + row] = code;
    }
  };

  return {
    words,
    copyCodes(vector, target, offset) {
      const { dataView, validity } = inside(vector);
      if (vector.type.toString() === "VARCHAR" && dataView !== undefined) {
        copyTexts(vector, dataView, target, offset);
      } else {
        for (let row = 0; row < vector.itemCount; row++) {
          const item = vector.getItem(row);
          target[offset + row] = item === null ? -1 : codeOf(String(item));
        }
      }
      if (validity.data !== null) {
        forEachMissing(validity.data, vector.itemCount, (row) => {
          target[offset + row] = -1;
        });
      }
    },
  };
}
