import type { Column } from "../tables/column.ts";
import type { LossyRows } from "./find.ts";

/** Rows that are searched at most; of more, every second or third is. */
export const MOST_ROWS = 100_000;

/**
 * Some of the rows, in the order of the places.
 *
 * @example pickRows({ columns: new Map(), losses: new Float64Array([0, 1, 0]) }, [1]).losses // => [1]
 */
export function pickRows(
  { columns, losses, baseline, weights }: LossyRows,
  places: ArrayLike<number>,
): LossyRows {
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(places, (place) => values[place] as number);
  const column = (all: Column): Column =>
    all.kind === "text"
      ? { ...all, codes: Int32Array.from(places, (place) => all.codes[place] as number) }
      : { ...all, values: pick(all.values) };
  return {
    columns: new Map([...columns].map(([name, all]) => [name, column(all)])),
    losses: pick(losses),
    ...(baseline === undefined ? {} : { baseline: pick(baseline) }),
    ...(weights === undefined ? {} : { weights: pick(weights) }),
  };
}

/**
 * At most so many rows, evenly from all of them; the same rows where they are few enough.
 *
 * @example thinRows({ columns: new Map(), losses: new Float64Array([1, 2, 3, 4, 5]) }, 2).losses // => [1, 4]
 */
export function thinRows(rows: LossyRows, most = MOST_ROWS): LossyRows {
  const step = Math.ceil(rows.losses.length / most);
  if (step <= 1) return rows;
  return pickRows(
    rows,
    Int32Array.from({ length: Math.ceil(rows.losses.length / step) }, (_, place) => place * step),
  );
}

/**
 * The rows that count anything; without weights where all of these count the same.
 *
 * @example countedRows({ columns: new Map(), losses: new Float64Array([1, 2, 3]), weights: new Float64Array([5, 0, 5]) }).losses // => [1, 3]
 * @example countedRows({ columns: new Map(), losses: new Float64Array([1, 2]), weights: new Float64Array([5, 5]) }).weights // => undefined
 */
export function countedRows(rows: LossyRows): LossyRows {
  const { weights } = rows;
  if (weights === undefined) return rows;
  const places = [...weights.keys()].filter((row) => weights[row] !== 0);
  const kept = places.length === weights.length ? rows : pickRows(rows, places);
  const [first] = kept.weights ?? [];
  const { weights: _, ...alike } = kept;
  return kept.weights?.some((weight) => weight !== first) === true ? kept : alike;
}
