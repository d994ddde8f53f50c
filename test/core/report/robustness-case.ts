import type { Interval } from "../../../src/core/report/report.ts";
import type { Robustness, VariantRow } from "../../../src/core/report/sections/robustness.ts";

const interval = (low: number, high: number): Interval => ({
  low,
  high,
  confidence: 0.95,
  method: "paired percentile bootstrap of rows",
});

const variant = (columns: string[], words: string, drop: number, half: number): VariantRow => ({
  columns,
  words,
  state: "measured",
  changed: 0.1,
  decided: 0.064,
  moved: 0.021,
  drops: [{ metric: "roc_auc", value: 0.812 - drop, drop, interval: interval(drop - half, drop + half) }],
});

/** A name that would format, link, ping or close anything. */
export const HOSTILE = "</code></summary>|`@team` <!-- x --> <script>alert(1)</script> [a](http://e.vil)";

const expectation = {
  column: "experience",
  state: "checked" as const,
  rows: 1000,
  broken: 0,
  farthest: 0,
  allow: 0,
  interval: interval(0, 0.0038),
};

/** Robustness of every kind: worse, by chance, refused, nothing to perturb, broken expectations, leaks. */
export const ROBUSTNESS: Robustness = {
  metric: { name: "roc_auc", title: "ROC AUC", better: "higher" },
  unchecked: null,
  rows: { asked: 1000, of: 24_000 },
  seed: 7,
  answers: 193_490,
  confidence: 0.95,
  value: 0.812,
  alone: { asked: 20, of: 31 },
  perturbations: [
    {
      name: "noise",
      variants: [variant(["age", "hours", HOSTILE], "normal noise of 0.1 standard deviations", 0.002, 0.004)],
      average: 0.001,
      worst: [{ variant: 0, metric: "roc_auc", interval: interval(-0.003, 0.007) }],
    },
    {
      name: "missing",
      variants: [
        {
          ...variant(["age"], "missing in 10.0% of the rows", 0, 0),
          state: "refused",
          decided: null,
          moved: null,
          drops: [],
        },
        variant([HOSTILE], "missing in 10.0% of the rows", 0.03, 0.02),
      ],
      average: 0.03,
      worst: [{ variant: 1, metric: "roc_auc", interval: interval(-0.004, 0.064) }],
    },
    { name: "typos", variants: [], average: null, worst: [] },
    {
      name: "units",
      variants: [variant(["age"], "1,000 times as large in 10.0% of the rows", 0.107, 0.04)],
      average: 0.032,
      worst: [{ variant: 0, metric: "roc_auc", interval: interval(0.03, 0.19) }],
    },
  ],
  stability: { repeated: 0, single: { rows: 50, farthest: 3e-8 } },
  fit: {
    sides: [
      { side: "train", rows: 80_000, value: 0.871, interval: interval(0.868, 0.874) },
      { side: "validation", rows: 12_000, value: 0.815, interval: interval(0.807, 0.823) },
      { side: "holdout", rows: 24_000, value: 0.812, interval: interval(0.806, 0.818) },
    ],
    gap: { value: 0.059, interval: interval(0.052, 0.066) },
  },
  importance: [
    {
      name: "experience",
      columns: ["experience"],
      value: 0.069,
      interval: interval(0.05, 0.088),
      least: 0.061,
      most: 0.077,
    },
    {
      name: "place",
      columns: ["latitude", "longitude"],
      value: 0.041,
      interval: interval(0.02, 0.062),
      least: 0.03,
      most: 0.05,
    },
    {
      name: HOSTILE,
      columns: [HOSTILE],
      value: 0.001,
      interval: interval(-0.004, 0.006),
      least: -0.002,
      most: 0.003,
    },
  ],
  repeats: 5,
  dependence: [
    {
      column: "experience",
      kind: "number",
      output: null,
      points: Array.from({ length: 20 }, (_, place) => ({
        at: place / 19,
        value: 1000 + place,
        score: 0.3 + place * 0.02,
      })),
    },
    {
      column: HOSTILE,
      kind: "category",
      output: null,
      points: [
        { at: 0, value: null, score: 0.41 },
        { at: 1, value: null, score: 0.62 },
      ],
    },
  ],
  leakage: {
    rows: 20_000,
    columns: [
      {
        column: HOSTILE,
        measure: "mutual_information",
        value: 0.97,
        distinct: 0.2,
        suspicious: true,
        identifier: false,
      },
      {
        column: "row_number",
        measure: "roc_auc",
        value: 0.52,
        distinct: 1,
        suspicious: false,
        identifier: true,
      },
    ],
    duplicates: { rows: 12, same_label: 11, of: 24_000 },
    later: [{ column: "closed_at", rows: 8, of: 24_000 }],
    older: { rows: 300, of: 24_000 },
  },
  drift: {
    verdict: "moved",
    why: null,
    columns: [
      {
        column: "hours",
        psi: 0.31,
        threshold: 0.2,
        moved: true,
        words: "the highest values: 9.8% in training, 21.0% now",
      },
    ],
  },
  expectations: [
    { ...expectation, text: "raising experience never lowers the score" },
    {
      ...expectation,
      text: `changing ${HOSTILE} moves the score by at most 0.01`,
      column: HOSTILE,
      broken: 34,
      farthest: 0.12,
      interval: interval(0.024, 0.047),
    },
    {
      ...expectation,
      text: "changing gender moves the score by at most 0.01",
      column: "gender",
      state: "no input",
      rows: 0,
      interval: null,
    },
    {
      ...expectation,
      text: "lowering debt never raises the score",
      column: "debt",
      state: "refused",
      rows: 0,
      interval: null,
    },
  ],
};
