/*
 * Makes `test/golden/reports/CASE.json`: reports with plausible numbers, for rendering only.
 * The numbers were drawn, not measured. Run: node --import tsx test/core/report/make-cases.ts
 */
import { writeFileSync } from "node:fs";
import { parseCondition } from "../../../src/core/gates/condition.ts";
import { explain } from "../../../src/core/gates/explain.ts";
import { assembleReport } from "../../../src/core/report/assemble.ts";
import type {
  CheckRow,
  Fairness,
  GateRow,
  Interval,
  MetricRow,
  Report,
} from "../../../src/core/report/report.ts";
import { report as schema } from "../../../src/core/report/report.ts";
import { LABELS } from "./labels-case.ts";
import { SLICES, SLICES_OF_NUMBERS } from "./slices-case.ts";

type Parts = Parameters<typeof assembleReport>[0];

function drawer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const round = (value: number, digits = 4): number => Number(value.toFixed(digits));
export const between = (low: number, high: number): Interval => ({
  low: round(low),
  high: round(high),
  confidence: 0.95,
  method: "bootstrap, percentile",
});
const wilson = (hits: number, of: number): Interval => {
  const z = 1.959964;
  const [p, d] = [hits / of, 1 + (z * z) / of];
  const middle = (p + (z * z) / (2 * of)) / d;
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / d;
  return { ...between(middle - half, middle + half), method: "wilson" };
};
const rate = (hits: number, of: number) =>
  of === 0
    ? { value: null, of, interval: null }
    : { value: round(hits / of), of, interval: wilson(hits, of) };

interface Scored {
  readonly score: number;
  readonly positive: boolean;
}

function sample(seed: number, rows: number, skill: number): Scored[] {
  const draw = drawer(seed);
  return Array.from({ length: rows }, () => {
    const positive = draw() < 0.46;
    const noise = Math.log(draw() / draw());
    return { positive, score: 1 / (1 + Math.exp(-((positive ? skill : -skill) + noise * 0.8))) };
  });
}

function curvesOf(rows: readonly Scored[]) {
  const sorted = [...rows].sort((a, b) => b.score - a.score);
  const positives = sorted.filter(({ positive }) => positive).length;
  const roc = [{ x: 0, y: 0 }];
  const precision_recall = [{ x: 0, y: 1 }];
  let hits = 0;
  for (const [index, { positive }] of sorted.entries()) {
    if (positive) hits += 1;
    roc.push({ x: round((index + 1 - hits) / (sorted.length - positives)), y: round(hits / positives) });
    precision_recall.push({ x: round(hits / positives), y: round(hits / (index + 1)) });
  }
  const calibration = Array.from({ length: 10 }, (_, bin) => {
    const inside = rows.filter(({ score }) => Math.min(9, Math.floor(score * 10)) === bin);
    const mean = inside.reduce((sum, { score }) => sum + score, 0) / inside.length;
    const seen = inside.filter(({ positive }) => positive).length / inside.length;
    return { predicted: round(mean), observed: round(seen), count: inside.length };
  }).filter(({ count }) => count > 0);
  return { roc, precision_recall, calibration };
}

export const metric = (
  name: string,
  title: string,
  better: MetricRow["better"],
  value: number,
  half: number,
  train: number,
  baseline: number,
  difference: readonly [number, number],
): MetricRow => ({
  name,
  title,
  better,
  value,
  interval: between(value - half, Math.min(value + half, better === "higher" ? 0.999 : Infinity)),
  train,
  baseline,
  difference: { value: round(value - baseline), interval: between(...difference) },
  reason: null,
});

export const gate = (
  fields: Partial<GateRow> & Pick<GateRow, "condition">,
  about: { readonly who?: string } = {},
): GateRow => {
  const row: GateRow = {
    verdict: "pass",
    when_inconclusive: "approve",
    state: "met",
    value: null,
    interval: null,
    limit: null,
    explanation: "",
    line: 92,
    ...fields,
  };
  if (fields.explanation !== undefined) return row;
  const { more_rows: moreRows } = row;
  const judged = {
    ...row,
    why: "compared" as const,
    ...about,
    ...(moreRows === undefined ? {} : { moreRows }),
  };
  return { ...row, explanation: explain(parseCondition(row.condition), judged) };
};

export const check = (
  expectation: string,
  column: string | null,
  fields: Partial<CheckRow> = {},
): CheckRow => ({
  expectation,
  column,
  verdict: "pass",
  count: 0,
  rows: 534,
  share: 0,
  observed: null,
  row_numbers: [],
  values: [],
  explanation: "",
  line: 24,
  ...fields,
});

export const group = (
  name: string,
  size: number,
  selected: number,
  positives: number,
  found: number,
  wrongly: number,
) => ({
  name,
  size,
  selection_rate: rate(selected, size),
  true_positive_rate: rate(found, positives),
  false_positive_rate: rate(wrongly, size - positives),
  accuracy: rate(found + (size - positives - wrongly), size),
  error: null,
});

export const gap = (name: string, title: string, value: number, low: number, high: number): MetricRow => ({
  name,
  title,
  better: "lower",
  value,
  interval: between(low, high),
  train: null,
  baseline: null,
  difference: null,
  reason: null,
});

const fairness: Fairness[] = [
  {
    column: "gender",
    groups: [group("female", 49, 16, 20, 14, 2), group("male", 58, 33, 29, 25, 8)],
    hidden: { groups: 0, rows: 0 },
    measures: [
      gap("demographic_parity_difference", "Demographic parity difference", 0.2424, 0.061, 0.418),
      gap("equalized_odds_difference", "Equalized odds difference", 0.2069, 0.094, 0.381),
      {
        ...gap("demographic_parity_ratio", "Demographic parity ratio", 0.5739, 0.352, 0.871),
        better: "higher",
      },
    ],
  },
  {
    column: "race",
    groups: [group("white", 86, 42, 41, 34, 8), group("other", 14, 5, 6, 4, 1)],
    hidden: { groups: 1, rows: 7 },
    measures: [
      gap("demographic_parity_difference", "Demographic parity difference", 0.1312, 0.012, 0.389),
      gap("equalized_odds_difference", "Equalized odds difference", 0.1626, 0.031, 0.472),
    ],
  },
];

const hex = (seed: number, length: number): string => {
  const draw = drawer(seed);
  return Array.from({ length }, () => Math.floor(draw() * 16).toString(16)).join("");
};
const digest = (seed: number) => ({ md5: hex(seed, 32), sha256: hex(seed + 1, 64) });

const candidate = curvesOf(sample(11, 107, 1.05));
const production = curvesOf(sample(12, 107, 0.86));

const wages: Parts = {
  model: "wages",
  task: "binary-classification",
  owner: "@acme/ml-team",
  problem: "Does a worker earn above the median hourly wage?",
  subject: {
    digest: digest(3),
    commit: hex(5, 40),
    trainer: "mlp on tensorflow.js 4.22.0 (wasm)",
    rows: { train: 374, validation: 53, holdout: 107 },
    positive: "1",
    threshold: 0.4617,
    decided: "maximizes f1 on the validation rows",
  },
  baseline: { state: "compared", reason: null, commit: hex(6, 40), digest: digest(7) },
  seeds: { training: 7, split: 7, bootstrap: 7, resamples: 1000 },
  changes: [
    { kind: "parameters", name: "train.params.epochs", before: "40", after: "60" },
    { kind: "features", name: "tenure", before: null, after: "scale: standard" },
    { kind: "data", name: "data/cps.parquet", before: `md5 ${hex(8, 12)}`, after: `md5 ${hex(9, 12)}` },
    { kind: "rows", name: "train", before: "371", after: "374" },
  ],
  gates: [
    gate({
      condition: "roc_auc >= 0.75",
      value: 0.8342,
      interval: between(0.7523, 0.9011),
      limit: 0.75,
    }),
    gate({
      condition: "roc_auc >= baseline - 0.01",
      when_inconclusive: "warn",
      value: 0.021,
      interval: between(0.004, 0.038),
      limit: -0.01,
    }),
    gate({
      condition: "equalized_odds_difference by gender <= 0.40",
      value: 0.2069,
      interval: between(0.094, 0.381),
      limit: 0.4,
    }),
  ],
  metrics: [
    metric("roc_auc", "ROC AUC", "higher", 0.8342, 0.0745, 0.8611, 0.8132, [0.004, 0.038]),
    metric("f1", "F1", "higher", 0.7821, 0.081, 0.8102, 0.7714, [-0.031, 0.052]),
    metric("log_loss", "Log loss", "lower", 0.5013, 0.092, 0.4466, 0.5297, [-0.061, -0.002]),
    metric("ece", "Expected calibration error", "lower", 0.0712, 0.031, 0.0388, 0.0641, [-0.021, 0.037]),
    metric("accuracy", "Accuracy", "higher", 0.7757, 0.079, 0.8128, 0.757, [-0.019, 0.056]),
    metric("balanced_accuracy", "Balanced accuracy", "higher", 0.7744, 0.08, 0.811, 0.7551, [-0.02, 0.057]),
    metric("precision", "Precision", "higher", 0.7959, 0.113, 0.8204, 0.766, [-0.033, 0.09]),
    metric("recall", "Recall", "higher", 0.7959, 0.111, 0.8003, 0.7755, [-0.061, 0.1]),
    metric("average_precision", "Average precision", "higher", 0.8217, 0.086, 0.8477, 0.799, [-0.004, 0.051]),
    metric("brier", "Brier score", "lower", 0.1634, 0.034, 0.1421, 0.1722, [-0.021, 0.004]),
    metric("mcc", "Matthews correlation", "higher", 0.5491, 0.158, 0.622, 0.5102, [-0.039, 0.115]),
  ],
  shown: 4,
  confusion: {
    labels: ["0", "1"],
    counts: [
      [48, 10],
      [10, 39],
    ],
  },
  curves: {
    roc: candidate.roc,
    roc_baseline: production.roc,
    precision_recall: candidate.precision_recall,
    precision_recall_baseline: production.precision_recall,
    calibration: candidate.calibration,
    residuals: [],
  },
  fairness,
  checks: [
    check("type integer", "age"),
    check("between 16 and 99", "age", { observed: "18 to 64" }),
    check("missing at most 1%", "age"),
    check("in management, sales, clerical, service, professional, other", "occupation"),
    check("at least 500 rows", null, { count: null, share: null, observed: "534 rows" }),
    check("education + experience <= age", null),
  ],
  history: Array.from({ length: 60 }, (_, epoch) => ({
    epoch: epoch + 1,
    loss: round(0.42 + 0.28 * Math.exp(-epoch / 14)),
    validation_loss: round(0.485 + 0.21 * Math.exp(-epoch / 11) + Math.max(0, epoch - 38) * 0.0007),
  })),
  warnings: [
    {
      title: "Small groups",
      text: "The group other of race has 14 holdout rows: its rates can be off by more than 20 points.",
    },
  ],
};

const undecidedGates: GateRow[] = [
  gate({
    condition: "roc_auc >= 0.80",
    verdict: "inconclusive",
    state: "undecided",
    value: 0.8342,
    interval: between(0.7523, 0.9011),
    limit: 0.8,
    more_rows: 510,
  }),
  gate({
    condition: "roc_auc >= baseline - 0.01",
    verdict: "warn",
    when_inconclusive: "warn",
    state: "undecided",
    value: 0.021,
    interval: between(-0.021, 0.048),
    limit: -0.01,
    more_rows: 90,
  }),
  gate({
    condition: "equalized_odds_difference by gender <= 0.20",
    verdict: "pass",
    when_inconclusive: "pass",
    state: "undecided",
    value: 0.2069,
    interval: between(0.094, 0.381),
    limit: 0.2,
    more_rows: 29_000,
  }),
];

const failing: Parts = {
  ...wages,
  gates: [
    wages.gates[0] as GateRow,
    gate({
      condition: "roc_auc >= 0.90",
      verdict: "fail",
      state: "broken",
      value: 0.8342,
      interval: between(0.7523, 0.8991),
      limit: 0.9,
    }),
    gate({
      condition: "equalized_odds_difference by gender <= 0.05",
      verdict: "fail",
      state: "broken",
      value: 0.2069,
      interval: between(0.094, 0.381),
      limit: 0.05,
    }),
  ],
  checks: [
    ...wages.checks,
    check("between 0 and 60", "experience", {
      verdict: "fail",
      count: 12,
      share: 12 / 534,
      row_numbers: [4, 17, 19, 101, 230, 231, 232],
      explanation: "12 of 534 rows break it",
    }),
    check("missing at most 1%", "union", {
      verdict: "warn",
      count: 9,
      share: 9 / 534,
      observed: "1.7% missing",
      row_numbers: [8, 90],
      explanation: "1.7% are missing, at most 1% may be",
    }),
  ],
};

const withoutBaseline = (metrics: readonly MetricRow[]): MetricRow[] =>
  metrics.map((one) => ({ ...one, baseline: null, difference: null }));

const alone = { roc_baseline: [], precision_recall_baseline: [] };

const firstModel: Parts = {
  ...wages,
  baseline: { state: "none", reason: null, commit: null, digest: null },
  changes: [],
  metrics: withoutBaseline(wages.metrics),
  curves: { ...wages.curves, ...alone },
  gates: [wages.gates[0] as GateRow],
  warnings: [],
};

const incomparable: Parts = {
  ...firstModel,
  baseline: {
    state: "not comparable",
    reason: "the label changed from high_wage to wage_band",
    commit: hex(6, 40),
    digest: digest(7),
  },
  changes: [{ kind: "data", name: "label", before: "high_wage", after: "wage_band" }],
};

const species = ["Adelie", "Chinstrap", "Gentoo"];
const multiclass: Parts = {
  ...wages,
  model: "penguins",
  task: "multiclass-classification",
  owner: null,
  problem: "Which species is the penguin?",
  subject: {
    ...wages.subject,
    positive: null,
    threshold: null,
    decided: null,
    rows: { train: 233, validation: 34, holdout: 66 },
  },
  metrics: [
    metric("f1_macro", "F1, macro average", "higher", 0.9541, 0.042, 0.988, 0.9312, [-0.012, 0.061]),
    metric("accuracy", "Accuracy", "higher", 0.9545, 0.041, 0.987, 0.9394, [-0.015, 0.046]),
    metric("log_loss", "Log loss", "lower", 0.1522, 0.06, 0.061, 0.1711, [-0.07, 0.03]),
    {
      ...metric("roc_auc", "ROC AUC", "higher", 0.99, 0.01, 0.99, 0.99, [0, 0]),
      value: null,
      interval: null,
      train: null,
      baseline: null,
      difference: null,
      reason: "defined here for two classes only",
    },
  ],
  shown: 2,
  gates: [
    gate({
      condition: "f1_macro >= 0.85",
      value: 0.9541,
      interval: between(0.9121, 0.9961),
      limit: 0.85,
    }),
  ],
  confusion: {
    labels: species,
    counts: [
      [27, 1, 0],
      [2, 11, 0],
      [0, 0, 25],
    ],
  },
  curves: { roc: [], ...alone, precision_recall: [], calibration: [], residuals: [] },
  fairness: [],
  checks: [check("in Biscoe, Dream, Torgersen", "island", { rows: 333 })],
  warnings: [],
};

const multilabel: Parts = {
  ...wages,
  model: "tickets",
  task: "multilabel",
  owner: null,
  problem: "What is the ticket about?",
  subject: {
    ...wages.subject,
    positive: null,
    threshold: null,
    thresholds: [
      { label: "billing", threshold: 0.4312500298, by: "chosen", value: 0.9143 },
      { label: "login", threshold: 0.38, by: "chosen", value: 0.8702 },
      { label: "slow page", threshold: 0.297, by: "chosen", value: 0.8611 },
      { label: "refund", threshold: 0.2125, by: "chosen", value: 0.75 },
      { label: "outage", threshold: 0.5, by: "default" },
    ],
    decided: "each maximizes f1 on 180 validation rows",
    rows: { train: 1420, validation: 180, holdout: 400 },
  },
  metrics: [
    metric("f1_macro", "F1, macro", "higher", 0.6856, 0.03, 0.7021, 0.6083, [0.035, 0.12]),
    metric("hamming_loss", "Hamming loss", "lower", 0.053, 0.0095, 0.0502, 0.085, [-0.047, -0.017]),
    metric("accuracy", "Subset accuracy", "higher", 0.7575, 0.0425, 0.7711, 0.63, [0.06, 0.191]),
    {
      ...metric("roc_auc_macro", "ROC AUC, macro", "higher", 0.99, 0.01, 0.99, 0.99, [0, 0]),
      value: null,
      interval: null,
      train: null,
      baseline: null,
      difference: null,
      reason: "1 of 5 labels is on in no row, or in all",
    },
    metric("recall of refund", "Recall of refund", "higher", 0.8846, 0.1305, 0.9011, 0.8846, [-0.111, 0.12]),
  ],
  shown: 2,
  gates: [
    gate({ condition: "f1_macro >= 0.5", value: 0.6856, interval: between(0.6556, 0.7156), limit: 0.5 }),
    gate({
      condition: "hamming_loss <= baseline + 0.01",
      value: -0.032,
      interval: between(-0.047, -0.017),
      limit: 0.01,
    }),
    gate({
      condition: "recall of refund >= 0.8",
      state: "undecided",
      verdict: "inconclusive",
      value: 0.8846,
      interval: between(0.7541, 0.999),
      limit: 0.8,
      more_rows: 790,
    }),
  ],
  labels: LABELS,
  confusion: null,
  curves: { roc: [], ...alone, precision_recall: [], calibration: [], residuals: [] },
  fairness: [],
  checks: [check("in web, mail", "channel", { rows: 2000 })],
  warnings: [],
};

const drawWage = drawer(21);
const regression: Parts = {
  ...wages,
  model: "hourly-wage",
  task: "regression",
  problem: "What does a worker earn an hour, in dollars of 1985?",
  subject: {
    ...wages.subject,
    positive: null,
    threshold: null,
    decided: null,
    trainer: "linear on tensorflow.js 4.22.0 (wasm)",
  },
  metrics: [
    metric("mae", "Mean absolute error", "lower", 3.1274, 0.52, 2.9811, 3.3391, [-0.41, -0.03]),
    metric("rmse", "Root mean squared error", "lower", 4.3128, 0.81, 4.2, 4.4011, [-0.33, 0.16]),
    metric("r2", "R²", "higher", 0.3114, 0.11, 0.3389, 0.2811, [-0.01, 0.07]),
    metric("mape", "Mean absolute percentage error", "lower", 0.3918, 0.07, 0.3722, 0.4102, [-0.05, 0.01]),
  ],
  shown: 3,
  gates: [
    gate({
      condition: "mae <= 4",
      value: 3.1274,
      interval: between(2.6074, 3.6474),
      limit: 4,
    }),
    gate({
      condition: "r2 >= baseline - 0.05",
      value: 0.0303,
      interval: between(-0.0097, 0.0703),
      limit: -0.05,
    }),
  ],
  confusion: null,
  curves: {
    roc: [],
    ...alone,
    precision_recall: [],
    calibration: [],
    residuals: Array.from({ length: 107 }, () => {
      const x = 4 + 11 * drawWage();
      return { x: round(x), y: round(Math.max(1, x + 2.6 * Math.log(drawWage() / drawWage()))) };
    }),
  },
  fairness: [
    {
      column: "gender",
      groups: [
        { ...group("female", 49, 16, 20, 14, 2), error: 2.7711 },
        { ...group("male", 58, 33, 29, 25, 8), error: 3.4285 },
      ].map((one) => ({
        ...one,
        selection_rate: rate(0, 0),
        true_positive_rate: rate(0, 0),
        false_positive_rate: rate(0, 0),
        accuracy: rate(0, 0),
      })),
      hidden: { groups: 0, rows: 0 },
      measures: [gap("mae_difference", "Mean error difference", 0.6574, 0.021, 1.31)],
    },
  ],
};

/** Names as somebody would write them who wants to break, forge or ping. */
export const HOSTILE_NAMES = [
  "<script>alert(1)</script>",
  "</title></svg><img src=x onerror=alert(1)>",
  "a|b||c",
  "line one\nline two\r\n\n## ✅ Pass",
  "@everyone and @acme/ml-team",
  "`code` ``more`` ```",
  "<!-- trainyard -->",
  "--> </details> <!--",
  "[link](javascript:alert(1)) ![image](https://evil.example/x.png)",
  "https://evil.example www.evil.example mail@evil.example",
  "fixes #123, GH-123, acme/repo#9, 0123456789abcdef0123456789abcdef01234567",
  "*bold* _it_ ~~gone~~ $math$ :tada: [^1]",
  "evil\u202etxt.exe \u2066x\u2069 zero\u200bwidth \u{e0041}tag",
  "\u001b[31mred\u001b[0m\u0007 \u009b2J",
  '"quoted" \'single\' %%{init: {"theme":"dark"}}%%',
  "\\| \\\\| \\`",
  "&lt;b&gt; &#124; &amp;",
  "",
  " ",
  "- list",
  "1. list",
  "# heading",
  "> quote",
  "    indented",
  "----",
  "| --- | --- |",
  "x".repeat(5000),
  "h\u0310\u0311\u0312\u0313\u0314\u0315\u0316\u0317\u0318i",
  "漢字かな交じり文 and 한국어",
  "العربية مع أرقام 123",
] as const;

const name = (index: number): string => HOSTILE_NAMES[index % HOSTILE_NAMES.length] as string;

const hostile: Parts = {
  ...wages,
  model: name(1),
  owner: name(4),
  problem: name(3),
  subject: {
    ...wages.subject,
    ...{ commit: "$(touch x)", trainer: name(5), positive: name(2), decided: name(8) },
    threshold: null,
    thresholds: HOSTILE_NAMES.map((label) => ({ label, threshold: 0.5, by: "default" as const })),
  },
  baseline: { ...wages.baseline, reason: name(9), commit: "`x`; rm -rf /" },
  changes: HOSTILE_NAMES.map((text, index) => ({
    kind: "parameters",
    name: text,
    before: name(index + 1),
    after: name(index + 2),
  })),
  gates: HOSTILE_NAMES.map((text, index) =>
    gate({
      condition: `${text} >= 0.5`,
      verdict: index % 2 === 0 ? "fail" : "pass",
      state: index % 2 === 0 ? "broken" : "met",
      value: 0.4,
      interval: between(0.3, 0.45),
      limit: 0.5,
      explanation: text,
    }),
  ),
  metrics: HOSTILE_NAMES.map((text, index) => ({
    ...(wages.metrics[0] as MetricRow),
    name: text,
    title: text,
    ...(index === 3 ? { value: null, interval: null, difference: null, reason: text } : {}),
  })),
  shown: 6,
  confusion: {
    labels: HOSTILE_NAMES.slice(0, 5),
    counts: HOSTILE_NAMES.slice(0, 5).map((_, row) => [row, 1, 2, 3, 4]),
  },
  fairness: [
    {
      column: name(2),
      groups: HOSTILE_NAMES.map((text, index) => group(text, 40 + index, 10 + index, 20, 12, 5)),
      hidden: { groups: 3, rows: 9 },
      measures: HOSTILE_NAMES.map((text) => gap(text, text, 0.1, 0.05, 0.2)),
    },
  ],
  checks: HOSTILE_NAMES.map((text, index) =>
    check(text, text, {
      verdict: index % 3 === 0 ? "fail" : "warn",
      count: index,
      observed: text,
      values: [text],
      explanation: text,
      row_numbers: [1, 2],
    }),
  ),
  warnings: HOSTILE_NAMES.map((text) => ({ title: text, text })),
};

const empty: Parts = {
  model: "empty",
  task: "binary-classification",
  owner: null,
  problem: null,
  subject: {
    digest: null,
    commit: null,
    trainer: null,
    rows: { train: null, validation: null, holdout: 0 },
    positive: null,
    threshold: null,
    decided: null,
  },
  baseline: { state: "none", reason: null, commit: null, digest: null },
  changes: [],
  gates: [],
  metrics: [],
  shown: 0,
  confusion: null,
  curves: { roc: [], ...alone, precision_recall: [], calibration: [], residuals: [] },
  fairness: [],
  checks: [],
  history: [],
  warnings: [],
};

export const CASES: Readonly<Record<string, Parts>> = {
  "binary-pass": wages,
  "binary-fail": failing,
  inconclusive: {
    ...wages,
    gates: undecidedGates,
    metrics: [
      metric("roc_auc", "ROC AUC", "higher", 0.8342, 0.0745, 0.8611, 0.8132, [-0.021, 0.048]),
      ...wages.metrics.slice(1),
    ],
  },
  "first-model": firstModel,
  "not-comparable": incomparable,
  multiclass,
  multilabel,
  regression,
  hostile,
  empty,
  slices: { ...empty, model: "slices", slices: SLICES },
  "weak-numbers": { ...empty, task: "regression", model: "slices", slices: SLICES_OF_NUMBERS },
};

if (process.argv[1]?.endsWith("make-cases.ts")) {
  for (const [title, parts] of Object.entries(CASES)) {
    const made: Report = schema.parse(assembleReport(parts));
    writeFileSync(`test/golden/reports/${title}.json`, `${JSON.stringify(made)}\n`);
  }
}
