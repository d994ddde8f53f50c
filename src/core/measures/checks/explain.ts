import type { Measurement } from "./check.ts";
import { percent } from "./missing.ts";

/**
 * What a measurement says, as one sentence without cells of the data.
 *
 * @param allow the share of rows that may break it
 * @example explain({ count: 3, rows: 600, observed: null }, 0) // => "3 of 600 rows break it (0.5%); none may"
 * @example explain({ count: 0, rows: 600, observed: null }, 0.1) // => "it holds in all 600 rows"
 * @example explain({ count: 0, rows: 0, observed: null }, 0) // => "no row has a value to look at"
 * @example explain({ count: null, rows: 9, holds: false, observed: "9 rows" }, 0) // => "it does not hold: 9 rows"
 */
export function explain({ count, rows, holds, observed }: Measurement, allow: number): string {
  if (count === null) {
    if (holds === undefined) return "no row has a value to look at";
    return `it ${holds ? "holds" : "does not hold"}${observed === null ? "" : `: ${observed}`}`;
  }
  if (rows === 0) return "no row has a value to look at";
  if (count === 0)
    return rows === 1 ? "it holds in the only row" : `it holds in all ${rows.toLocaleString("en-US")} rows`;
  const share = percent(Number((count / rows).toPrecision(2)));
  const may = allow === 0 ? "none may" : `at most ${percent(allow)} may`;
  return `${count.toLocaleString("en-US")} of ${rows.toLocaleString("en-US")} rows break it (${share}); ${may}`;
}
