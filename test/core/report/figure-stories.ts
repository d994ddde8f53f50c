import type { assembleReport } from "../../../src/core/report/assemble.ts";
import type { Fairness, MetricRow } from "../../../src/core/report/report.ts";
import type { CustomByGroup, CustomGroup } from "../../../src/core/report/sections/custom.ts";
import type { TradeOff } from "../../../src/core/report/sections/trade-offs.ts";
import { between, CASES, gap, gate, group, metric } from "./make-cases.ts";
import { ROBUSTNESS } from "./robustness-case.ts";

/*
 * Figures that ask for care, as reports for the golden comments: of a handful of rows, under worse data, and
 * the contract's own. The numbers were drawn, not measured.
 */

type Parts = Parameters<typeof assembleReport>[0];
const wages = CASES["binary-pass"] as Parts;

const rough = (row: MetricRow, why: string): MetricRow => ({
  ...row,
  interval: row.interval && { ...row.interval, rough: why },
});
const TOO_FEW = "it is undefined in 118 of 1000 resamples";

/** Four positive rows: figures are rough, and the difference to production is not known. */
const fewPositives: Parts = {
  ...wages,
  metrics: [
    {
      ...rough(
        metric("roc_auc", "ROC AUC", "higher", 0.786, 0.214, 0.9012, 0.694, [0, 0]),
        "rough for 4 positive rows",
      ),
      difference: { value: 0.092, interval: null, reason: TOO_FEW },
    },
    rough(
      metric("log_loss", "Log loss", "lower", 0.1712, 0.121, 0.1203, 0.1833, [-0.061, 0.037]),
      "rough for 4 rows of a class",
    ),
    metric("accuracy", "Accuracy", "higher", 0.9533, 0.0401, 0.9612, 0.9533, [-0.0362, 0.0362]),
  ],
  gates: [
    gate({
      condition: "accuracy >= 0.90",
      value: 0.9533,
      interval: between(0.9132, 0.9934),
      limit: 0.9,
    }),
    gate({
      condition: "roc_auc >= baseline - 0.05",
      verdict: "inconclusive",
      state: "undecided",
      value: 0.092,
      limit: -0.05,
      explanation: `+0.092 from the baseline, against at least −0.050: the data cannot tell, ${TOO_FEW}`,
    }),
  ],
  confusion: {
    labels: ["0", "1"],
    counts: [
      [101, 2],
      [3, 1],
    ],
  },
  subject: { ...wages.subject, rows: { train: 374, validation: 53, holdout: 107 } },
  fairness: [],
  warnings: [],
};

/** As good as production on the rows there are, and lost once a unit is mistaken. */
const fragile: Parts = {
  ...wages,
  robustness: ROBUSTNESS,
  gates: [
    ...wages.gates,
    gate({
      condition: "drop roc_auc under units <= 0.05",
      verdict: "inconclusive",
      state: "undecided",
      value: 0.107,
      interval: between(0.03, 0.19),
      limit: 0.05,
    }),
  ],
};

const ours = (name: string, rows: number, value: number, half: number, change: number): CustomGroup => ({
  group: name,
  rows,
  value,
  interval: between(value - half, value + half),
  accused: between(value - 1.4 * half, value + 1.4 * half),
  baseline: value - change,
  difference: {
    value: change,
    interval: between(change - half / 2, change + half / 2),
    accused: between(change - 0.7 * half, change + 0.7 * half),
  },
  reason: null,
});

const HOURS: CustomByGroup = {
  name: "hours_lost",
  title: "Hours lost to wrong letters, h",
  better: "lower",
  groups: [ours("female", 1190, 2.31, 0.21, 0.42), ours("male", 1410, 1.62, 0.18, -0.08)],
};

const byGender: Fairness = {
  column: "gender",
  groups: [group("female", 1190, 402, 520, 331, 71), group("male", 1410, 611, 640, 518, 93)],
  hidden: { groups: 0, rows: 0 },
  measures: [gap("demographic_parity_difference", "Demographic parity difference", 0.0955, 0.058, 0.133)],
  custom: [HOURS],
};

const THRESHOLDS: TradeOff = {
  column: "gender",
  rate: "selection_rate",
  price: "wrong decisions",
  rows: { validation: 1300, holdout: 2600 },
  without: ["unknown"],
  now: { threshold: 0.5, found: { gap: 0.0902, price: 0.1811 }, held: { gap: 0.0955, price: 0.1831 } },
  points: [
    [null, 0.0902, 0.1811, 0.0955, 0.1831, 0, 0],
    [0.05, 0.0487, 0.1848, 0.0541, 0.1862, 0.0031, 0.0027],
    [0, 0.0012, 0.1921, 0.0102, 0.1944, 0.0113, 0.0049],
  ].map(([allowed, found, priceFound, held, priceHeld, change, half]) => ({
    allowed: allowed as number | null,
    groups: [
      { name: "female", threshold: 0.5 - 0.9 * ((0.0955 - (held as number)) / 2), rate: 0.3378, of: 1190 },
      { name: "male", threshold: 0.5 + 0.9 * ((0.0955 - (held as number)) / 2), rate: 0.4333, of: 1410 },
    ],
    found: { gap: found as number, price: priceFound as number },
    held: {
      gap: held as number,
      price: priceHeld as number,
      change: {
        value: change as number,
        low: (change as number) - (half as number),
        high: (change as number) + (half as number),
        confidence: 0.95,
      },
    },
  })),
};

/** The contract's own metric, worse for one group, and what a threshold for each group would do. */
const ownMetric: Parts = {
  ...wages,
  metrics: [
    {
      ...metric(
        "hours_lost",
        "Hours lost to wrong letters, h",
        "lower",
        1.94,
        0.14,
        1.88,
        1.79,
        [0.03, 0.27],
      ),
      train: null,
    },
    ...wages.metrics,
  ],
  gates: [
    ...wages.gates,
    gate({
      condition: "hours_lost <= baseline + 0.2",
      verdict: "inconclusive",
      state: "undecided",
      value: 0.15,
      interval: between(0.03, 0.27),
      limit: 0.2,
      more_rows: 14_300,
      explanation:
        "+0.150 (+0.030 to +0.270) from the baseline, against at most +0.200: the data cannot tell; about 14,300 more holdout rows would, if the difference stays",
    }),
  ],
  subject: { ...wages.subject, rows: { train: 9100, validation: 1300, holdout: 2600 } },
  fairness: [byGender],
  trade_offs: [THRESHOLDS],
  warnings: [],
};

export const FIGURE_STORIES: Readonly<Record<string, Parts>> = {
  "few-positives": fewPositives,
  fragile,
  "own-metric": ownMetric,
};
