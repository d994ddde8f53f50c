import { applyWaivers } from "../../../src/core/gates/waivers.ts";
import type { assembleReport } from "../../../src/core/report/assemble.ts";
import type { Fairness, MetricRow } from "../../../src/core/report/report.ts";
import { between, CASES, gap, gate, group, metric } from "./make-cases.ts";
import { SLICES } from "./slices-case.ts";

/*
 * What a reviewer has to decide on, as reports for the golden comments. The numbers were drawn, not
 * measured.
 */

type Parts = Parameters<typeof assembleReport>[0];
const wages = CASES["binary-pass"] as Parts;

const replaced = (metrics: readonly MetricRow[]): MetricRow[] => [
  ...metrics,
  ...wages.metrics.filter(({ name }) => metrics.every((one) => one.name !== name)),
];

const worse: Parts = {
  ...wages,
  metrics: replaced([
    metric("roc_auc", "ROC AUC", "higher", 0.7513, 0.0402, 0.9311, 0.8132, [-0.098, -0.028]),
    metric("f1", "F1", "higher", 0.7011, 0.0466, 0.8902, 0.7714, [-0.113, -0.027]),
    metric("log_loss", "Log loss", "lower", 0.6204, 0.052, 0.3466, 0.5297, [0.047, 0.138]),
  ]),
  gates: [
    gate({
      condition: "roc_auc >= 0.70",
      value: 0.7513,
      interval: between(0.7111, 0.7915),
      limit: 0.7,
    }),
    gate({
      condition: "roc_auc >= baseline - 0.01",
      verdict: "fail",
      state: "broken",
      value: -0.0619,
      interval: between(-0.098, -0.028),
      limit: -0.01,
    }),
  ],
  confusion: {
    labels: ["0", "1"],
    counts: [
      [212, 78],
      [74, 170],
    ],
  },
  subject: { ...wages.subject, rows: { train: 1869, validation: 267, holdout: 534 } },
  warnings: [
    {
      title: "Overfitting",
      text: "ROC AUC is 0.931 on the training rows and 0.751 on the holdout.",
    },
  ],
};

const credit: Fairness[] = [
  {
    column: "gender",
    groups: [group("female", 1190, 402, 520, 331, 71), group("male", 1410, 611, 640, 518, 93)],
    hidden: { groups: 0, rows: 0 },
    measures: [
      gap("demographic_parity_difference", "Demographic parity difference", 0.0955, 0.058, 0.133),
      gap("equalized_odds_difference", "Equalized odds difference", 0.1728, 0.121, 0.224),
    ],
  },
];

/** Better on average, and unfair to one group. */
const unfair: Parts = {
  ...wages,
  problem: "Will the applicant repay the credit? (made data, with a bias that is stated)",
  metrics: replaced([
    metric("roc_auc", "ROC AUC", "higher", 0.8311, 0.016, 0.8402, 0.8065, [0.017, 0.032]),
    metric("f1", "F1", "higher", 0.7722, 0.02, 0.7801, 0.7511, [0.008, 0.034]),
    metric("log_loss", "Log loss", "lower", 0.4913, 0.019, 0.4766, 0.5202, [-0.041, -0.017]),
  ]),
  gates: [
    gate({ condition: "roc_auc >= 0.75", value: 0.8311, interval: between(0.8151, 0.8471), limit: 0.75 }),
    gate({ condition: "roc_auc >= baseline", value: 0.0246, interval: between(0.017, 0.032), limit: 0 }),
    gate(
      {
        condition: "worst_group true_positive_rate by gender >= baseline - 0.02",
        verdict: "fail",
        state: "broken",
        value: -0.0981,
        interval: between(-0.127, -0.069),
        limit: -0.02,
      },
      { who: '"female"' },
    ),
  ],
  confusion: {
    labels: ["0", "1"],
    counts: [
      [1276, 164],
      [311, 849],
    ],
  },
  subject: { ...wages.subject, rows: { train: 9100, validation: 1300, holdout: 2600 } },
  fairness: credit,
  warnings: [],
};

/** As good on average, with a slice in which it got worse. */
const sliceWorse: Parts = {
  ...wages,
  slices: { ...SLICES, weak: SLICES.weak.slice(0, 1) },
  confusion: {
    labels: ["0", "1"],
    counts: [
      [1050, 246],
      [224, 890],
    ],
  },
  subject: { ...wages.subject, rows: { train: 8430, validation: 1204, holdout: 2410 } },
  warnings: [],
};

/** So many groups that a chart says more than its table. */
const manyGroups: Parts = {
  ...wages,
  fairness: [
    ...credit,
    {
      column: "region",
      groups: ["Zürich", "Bern", "Vaud", "Aargau", "Genève", "Ticino", "Wallis", "Uri"].map((name, index) =>
        group(name, 420 - 41 * index, 190 - 23 * index, 180 - 18 * index, 151 - 17 * index, 24 - 3 * index),
      ),
      hidden: { groups: 3, rows: 11 },
      measures: [gap("demographic_parity_difference", "Demographic parity difference", 0.2141, 0.11, 0.31)],
    },
  ],
};

/** Unfair to one group, and let through for a while. */
const waived: Parts = {
  ...unfair,
  ...applyWaivers(
    unfair.gates,
    [
      {
        gate: "worst_group true_positive_rate by gender >= baseline - 0.02",
        by: "@acme/risk",
        because: "The branch that sees these applicants decides by hand until the new data are in",
        until: "2026-12-31",
        line: 3,
      },
    ],
    [],
    { today: "2026-11-22", pull: 12, sha256: undefined, days: undefined },
  ),
};

export const STORIES: Readonly<Record<string, Parts>> = {
  worse,
  unfair,
  waived,
  "slice-worse": sliceWorse,
  "many-groups": manyGroups,
};
