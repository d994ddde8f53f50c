import type { SliceRow, Slices } from "../../../src/core/report/sections/slices.ts";

const interval = (low: number, high: number) => ({
  low,
  high,
  confidence: 0.95,
  method: "Newcombe's score interval",
});

const weak: SliceRow = {
  conditions: [
    { column: "hours", place: "among its lowest 10%", text: "hours < 20" },
    { column: "occupation", place: "at its 2nd most frequent value", text: "occupation = service" },
  ],
  score: 1.41,
  found: { rows: 118, value: 0.356, other: 0.121 },
  held: {
    rows: 214,
    value: 0.31,
    other: 0.12,
    difference: 0.19,
    interval: interval(0.131, 0.255),
    p: 2.1e-12,
    p_adjusted: 8.4e-12,
  },
  confirmed: true,
};

/** Slices of every kind: confirmed, not confirmed, too few rows, values hidden, and hostile names. */
export const SLICES: Slices = {
  loss: "error",
  rows: { search: 1204, holdout: 2410, from: "validation" },
  columns: ["hours", "occupation", "age", "<b>|`x`"],
  depth: 2,
  min_support: 25,
  confidence: 0.95,
  weak: [
    weak,
    {
      ...weak,
      conditions: [
        {
          column: "<b>|`x`",
          place: "at its most frequent value",
          text: '<b>|`x` = "</code>@team <!-- x -->"',
        },
        { column: "age", place: "missing", text: null },
      ],
      score: 0.7,
    },
    {
      ...weak,
      conditions: [{ column: "age", place: "among its highest 9%", text: null }],
      score: 0.31,
      held: {
        rows: 190,
        value: 0.142,
        other: 0.136,
        difference: 0.006,
        interval: interval(-0.039, 0.062),
        p: 0.44,
        p_adjusted: 0.88,
      },
      confirmed: false,
    },
    { ...weak, held: null, confirmed: false },
  ],
  worse: [
    {
      ...weak,
      conditions: [{ column: "occupation", place: "at a rare value", text: "occupation is a rare value" }],
      held: {
        rows: 96,
        value: 0.281,
        other: 0.177,
        difference: 0.104,
        interval: interval(0.021, 0.183),
        p: 0.0093,
        p_adjusted: 0.0279,
      },
    },
  ],
};

/** The same of numbers whose rows have weights, searched in one half of the holdout; nothing got worse. */
export const SLICES_OF_NUMBERS: Slices = {
  ...SLICES,
  loss: "absolute_error",
  rows: { search: 131, holdout: 128, from: "holdout" },
  min_support: 5,
  weighted: true,
  weak: [
    {
      ...weak,
      found: { rows: 30, value: 1604.2, other: 611.4 },
      held: {
        rows: 27,
        effective: 14.2,
        value: 1410.5,
        other: 640.1,
        difference: 770.4,
        interval: { ...interval(312.9, 1227.9), method: "t interval of weighted means" },
        p: 0.0008,
        p_adjusted: 0.0008,
      },
    },
  ],
  worse: [],
};
