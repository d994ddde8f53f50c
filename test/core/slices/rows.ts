import type { LossyRows, SliceSettings } from "../../../src/core/slices/find.ts";
import { findSlices } from "../../../src/core/slices/find.ts";
import { normalQuantile } from "../../../src/core/stats/normal.ts";
import { type Random, random } from "../../../src/core/stats/random.ts";
import type { Column } from "../../../src/core/tables/column.ts";

export const SETTINGS: SliceSettings = {
  loss: "error",
  depth: 3,
  support: 0.01,
  most: 5,
  minGroupSize: 5,
  confidence: 0.95,
  named: () => true,
};

export interface Row {
  readonly hours: number;
  readonly job: string | undefined;
}

export const JOBS = ["service", "clerk", "sales", "other"];

/** Rows of four columns, and what the model loses on them. */
export function rowsOf(draws: Random, count: number, lossOf: (row: Row) => number): LossyRows {
  const hours = Float64Array.from({ length: count }, () => 10 + draws.below(60));
  const job = Int32Array.from({ length: count }, () => draws.below(5) - 1); // −1 is missing
  const columns = new Map<string, Column>([
    ["hours", { kind: "number", values: hours }],
    ["job", { kind: "text", codes: job, words: JOBS }],
    ["noise", { kind: "number", values: Float64Array.from({ length: count }, () => draws.uniform()) }],
    ["union", { kind: "boolean", values: Float64Array.from({ length: count }, () => draws.below(2)) }],
  ]);
  const losses = Float64Array.from({ length: count }, (_, row) =>
    lossOf({ hours: hours[row] ?? 0, job: JOBS[job[row] ?? -1] }),
  );
  return { columns, losses };
}

export const isWeak = ({ hours, job }: Row): boolean => hours < 16 && job === "service";
export const texts = (row: { readonly conditions: readonly { readonly text: string | null }[] }) =>
  row.conditions.map(({ text }) => text).join(" and ");

/** The same rows, each with a weight. */
export const weighing = (rows: LossyRows, weightOf: (row: number) => number): LossyRows => ({
  ...rows,
  weights: rows.losses.map((_, row) => weightOf(row)),
});

/** Weights as of a survey: lognormal, so that 300 rows tell as much as 110 equal ones. */
export const surveyed = (draws: Random) => (): number => Math.exp(normalQuantile(draws.uniform()));

/** In how many draws of noise anything was found, and in how many the other rows confirmed it. */
export function claimsOfNoise(
  loss: "error" | "absolute_error",
  draws: number,
  { weighted = false, against = "rest" }: NoiseOptions = {},
): { readonly found: number; readonly claims: number } {
  let [found, claims] = [0, 0];
  for (let seed = 0; seed < draws; seed++) {
    const stream = random(seed, `noise ${loss}`);
    const lose = () => (loss === "error" ? Number(stream.uniform() < 0.2) : -Math.log(1 - stream.uniform()));
    const rows = (): LossyRows => {
      const equal = rowsOf(stream, 300, lose);
      const made = against === "rest" ? equal : { ...equal, baseline: equal.losses.map(lose) };
      return weighted ? weighing(made, surveyed(stream)) : made;
    };
    const { weak, worse } = findSlices(rows(), rows(), "validation", { ...SETTINGS, depth: 2, loss });
    const told = [...weak, ...(worse ?? [])];
    if (told.length > 0) found++;
    if (told.some(({ confirmed }) => confirmed)) claims++;
  }
  return { found, claims };
}

interface NoiseOptions {
  /** Whether rows have weights. */
  readonly weighted?: boolean;
  /** Whether slices are held against production, too. */
  readonly against?: "rest" | "baseline";
}
