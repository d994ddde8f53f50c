import type { TextColumn } from "../../tables/column.ts";

/** The name of the group of rows whose value is missing. */
export const MISSING = "(missing)";

/** The groups of one column that are large enough to be shown, and which rows are theirs. */
export interface Groups {
  /** By name, in ascending order of code units; missing values last. */
  readonly names: readonly string[];
  readonly sizes: readonly number[];
  /** By row: the place of its group in `names`, or -1 where its group is hidden. */
  readonly of: Int32Array;
  readonly hidden: { readonly groups: number; readonly rows: number };
}

/**
 * Parts rows into groups by a column's values. Groups of fewer than `least` rows are hidden: they
 * are counted, but neither named nor measured. Missing values are a group of their own. With `within`,
 * only rows for which it holds are looked at.
 *
 * @example groupsOf({ kind: "text", codes: new Int32Array([0, 1, -1, 0, -1]), words: ["m", "f"] }, 2) // => { names: ["m", "(missing)"], sizes: [2, 2], of: [0, -1, 1, 0, 1], hidden: { groups: 1, rows: 1 } }
 */
export function groupsOf(
  { codes, words }: TextColumn,
  least: number,
  within?: (row: number) => boolean,
): Groups {
  const counts = new Int32Array(words.length + 1);
  const place = (code: number): number => (code < 0 ? words.length : code);
  let rows = 0;
  for (let row = 0; row < codes.length; row++) {
    if (within?.(row) === false) continue;
    const at = place(codes[row] as number);
    counts[at] = (counts[at] as number) + 1;
    rows++;
  }

  const present = [...counts.keys()].filter((code) => (counts[code] as number) > 0);
  const large = present.filter((code) => (counts[code] as number) >= least);
  const nameOf = (code: number): string => words[code] ?? MISSING;
  large.sort(
    (a, b) => Number(a === words.length) - Number(b === words.length) || (nameOf(a) < nameOf(b) ? -1 : 1),
  );

  const groupOf = new Int32Array(counts.length).fill(-1);
  large.forEach((code, group) => {
    groupOf[code] = group;
  });
  const sizes = large.map((code) => counts[code] as number);
  return {
    names: large.map(nameOf),
    sizes,
    of: codes.map((code, row) => (within?.(row) === false ? -1 : (groupOf[place(code)] as number))),
    hidden: { groups: present.length - large.length, rows: rows - sizes.reduce((a, b) => a + b, 0) },
  };
}
