import type { ColumnProfile, Profile } from "../core/tables/profile.ts";

/** One drafted expectation, as it stands in a contract. */
export type DraftExpectation = Readonly<Record<string, unknown>>;

/** Columns with more categories get no list of them. */
const CATEGORIES = 20;

/**
 * Expectations that the profiled data meet, as a draft to be read and corrected: types, ranges rounded
 * outward, lists of up to 20 categories, what is missing rounded up, and nine tenths of the rows.
 */
export function inferExpectations({ rows, columns }: Profile): DraftExpectation[] {
  return [
    ...columns.map((column) => ofColumn(column, rows)),
    { table: "rows", at_least: twoDigitsDown(rows * 0.9) },
  ];
}

function ofColumn(column: ColumnProfile, rows: number): DraftExpectation {
  const { name, count, missing, distinct, min, max, top } = column;
  const unique = count === rows && distinct === count && rows >= 100 && !column.approximate && isName(column);
  const values = top?.map(({ value }) => value) ?? [];
  const listed = column.kind === "text" && distinct > 0 && distinct <= CATEGORIES && count >= 5 * distinct;
  return {
    column: name,
    ...(count === 0 ? {} : { type: typeOf(column) }),
    ...(typeof min === "number" && typeof max === "number" && !unique ? { between: outward(min, max) } : {}),
    ...(listed && values.length === distinct ? { in: [...values].sort() } : {}),
    missing: missing === 0 ? "none" : count === 0 ? "at most 100%" : `at most ${percentUp(missing / rows)}%`,
    ...(unique ? { unique: true } : {}),
  };
}

/** Only texts and integers name rows; a measurement without ties is a coincidence. */
const isName = (column: ColumnProfile): boolean => column.kind === "text" || typeOf(column) === "integer";

function typeOf({ type, kind }: ColumnProfile): string {
  if (kind === "time") return type === "DATE" ? "date" : "timestamp";
  if (kind === "number") return /INT/.test(type) ? "integer" : "number";
  return kind;
}

/**
 * The nearest round numbers outside a range: two digits of its width. A range that begins at 0 or above
 * does not become negative.
 *
 * @example outward(16.2, 64.8) // => [16, 65]
 * @example outward(0.013, 0.98) // => [0.01, 0.99]
 * @example outward(5, 5) // => [5, 5]
 */
export function outward(min: number, max: number): [number, number] {
  if (min === max) return [min, max];
  const power = Math.floor(Math.log10(max - min)) - 1;
  const low = rounded(min, power, Math.floor);
  return [low < 0 && min >= 0 ? 0 : Math.min(low, min), Math.max(rounded(max, power, Math.ceil), max)];
}

function rounded(value: number, power: number, round: (x: number) => number): number {
  const unit = 10 ** Math.abs(power);
  const result = power < 0 ? round(value * unit) / unit : round(value / unit) * unit;
  return Number.isFinite(result) ? result : value;
}

const percentUp = (share: number): number => {
  const percent = share * 100;
  return percent < 1 ? Math.ceil(percent * 10) / 10 : Math.ceil(percent);
};

const twoDigitsDown = (value: number): number => {
  if (value < 10) return Math.floor(value);
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.floor(value / unit) * unit;
};
