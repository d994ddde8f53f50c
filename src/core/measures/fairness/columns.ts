import type { TextColumn } from "../../tables/column.ts";
import { MISSING } from "./groups.ts";

/** How the columns of a crossed column, and the values of its groups, stand side by side. */
export const CROSS = " × ";

/** Several columns seen as one. */
export interface Crossed {
  readonly name: string;
  readonly of: readonly string[];
}

/**
 * Which sensitive columns are crossed: all pairs and larger sets of them for `true`, else the ones that are listed.
 *
 * @example crossings(["gender", "race"], true) // => [{ name: "gender × race", of: ["gender", "race"] }]
 * @example crossings(["a", "b", "c"], true).length // => 4
 * @example crossings(["a", "b", "c"], [["c", "a"]]) // => [{ name: "c × a", of: ["c", "a"] }]
 * @example crossings(["a", "b"], false) // => []
 */
export function crossings(
  sensitive: readonly string[],
  asked: boolean | readonly (readonly string[])[],
): Crossed[] {
  const sets = typeof asked === "boolean" ? (asked ? subsets(sensitive) : []) : asked;
  return sets.map((of) => ({ name: of.join(CROSS), of }));
}

/** All sets of two and more, the small ones first. */
function subsets(names: readonly string[]): string[][] {
  let sets: string[][] = [[]];
  for (const name of names) sets = sets.concat(sets.map((set) => set.concat(name)));
  return sets.filter((set) => set.length >= 2).sort((a, b) => a.length - b.length);
}

/**
 * One column whose groups are the combinations that there are rows of. A missing value is a value of its own;
 * a row without any is missing.
 *
 * @example crossed([{ kind: "text", codes: new Int32Array([0, 1, -1]), words: ["f", "m"] }, { kind: "text", codes: new Int32Array([0, 0, -1]), words: ["x"] }]) // => { kind: "text", codes: [0, 1, -1], words: ["f × x", "m × x"] }
 */
export function crossed(columns: readonly TextColumn[]): TextColumn {
  const rows = columns[0]?.codes.length ?? 0;
  const places = new Map<number, number>();
  const firsts: number[] = [];
  const [first, ...others] = columns;
  // Two at a time: the combination so far is a number, so that no two values that hold a × are taken for one.
  let known = first?.codes ?? new Int32Array(0);
  for (const other of others) {
    places.clear();
    firsts.length = 0;
    const wide = other.words.length + 1;
    const next = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const own = known[row] as number;
      const more = other.codes[row] as number;
      if (own < 0 && more < 0) {
        next[row] = -1;
        continue;
      }
      const key = (own + 1) * wide + more + 1;
      let place = places.get(key);
      if (place === undefined) {
        place = firsts.push(row) - 1;
        places.set(key, place);
      }
      next[row] = place;
    }
    known = next;
  }
  const nameOf = ({ codes: own, words }: TextColumn, row: number): string =>
    words[own[row] as number] ?? MISSING;
  return {
    kind: "text",
    codes: known,
    words: firsts.map((row) => columns.map((column) => nameOf(column, row)).join(CROSS)),
  };
}
