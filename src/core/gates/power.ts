import { type Decidable, decidableByAccuracy, decidableByR2, decidableByRocAuc } from "../drafts/margin.ts";
import { METRICS } from "../measures/metrics/catalogue.ts";
import type { Fairness, Interval, MetricRow } from "../report/report.ts";
import { reachOf } from "../stats/four-of-five.ts";
import { normalQuantile } from "../stats/normal.ts";
import { normalBelow } from "../stats/normal-tail.ts";
import { type Condition, type CustomName, parseCondition } from "./condition.ts";

/** The rows that gates will be judged on. */
export interface HoldoutRows extends Counted {
  /** Of weighted rows: how many equal ones would tell as much, (Σ w)² ÷ Σ w² of each. */
  readonly effective?: Counted;
}

/** Rows, counted. */
interface Counted {
  readonly holdout: number;
  /** All rows that have a side of the split. */
  readonly all: number;
  /** Holdout rows of each class; empty for a regression. */
  readonly classes: readonly number[];
}

/** What the last evaluation found, and on how many rows: it knows better than any supposition. */
export interface Before {
  /** Of weighted rows, how many equal ones told as much. */
  readonly rows: number;
  readonly metrics: readonly MetricRow[];
  readonly fairness: readonly Pick<Fairness, "column" | "measures" | "within" | "custom">[];
}

/** How wide an interval will be, and what a gate will then say of two models that are equally good. */
export interface Prospect {
  /** On what the width rests. */
  readonly supposing:
    | "a usual model"
    | "models that differ much"
    | "models that differ little"
    | "the last evaluation";
  readonly half_width: number;
  /** The share of pairs of equally good models that the gate leaves undecided; null against a number. */
  readonly undecided: number | null;
}

/** What the rows at hand can decide of one gate. */
export interface GatePower {
  readonly condition: string;
  readonly against: "baseline" | "number";
  /** How much worse than the baseline a model may be; null against a number. */
  readonly margin: number | null;
  /** Empty where nothing is known before the first evaluation. */
  readonly prospects: readonly Prospect[];
  /**
   * The least margin by which four of five pairs of equally good models are decided; null against a number, or
   * where nothing is known.
   */
  readonly proposed: number | null;
  /** The half-widths, in the same order, were every row judged once by cross-validation. */
  readonly cross_validated: readonly number[];
}

/** How closely the metrics of two models of the same data move together: another kind of model, and a small change of one. */
const TOGETHER = { "models that differ much": 0.5, "models that differ little": 0.9 } as const;
/** What `decidableBy…` supposes of the correlation and of the confidence. */
const DRAFTED = { correlation: 0.5, confidence: 0.95 };

/**
 * What the rows at hand can decide of each gate, before anything is trained.
 *
 * The width comes from the last evaluation where there is one, scaled by √rows; else, for ROC AUC,
 * accuracy and R², from the closed forms that `init` drafts margins by, once for two models that differ
 * much and once for two that differ little, since that is what the width of a paired difference hangs on. Rows that
 * have weights are as many as equal ones that would tell as much.
 *
 * @throws {ConditionError} where a condition cannot be read
 */
export function powerOf(
  gates: readonly { readonly gate: string }[],
  { effective, ...counted }: HoldoutRows,
  confidence: number,
  before?: Before,
  custom: readonly CustomName[] = [],
): GatePower[] {
  const rows = effective ?? counted;
  return gates.map(({ gate }) => {
    const condition = parseCondition(gate, custom);
    const { against, supposed, prospects: found } = expected(condition, rows, confidence, before);
    const margin = against === "number" ? null : marginOf(condition, supposed);
    const prospects = found.map(({ supposing, half_width }) => ({
      supposing,
      half_width,
      undecided: margin === null ? null : undecidedShare(margin, half_width, confidence),
    }));
    const widest = Math.max(...prospects.map(({ half_width }) => half_width));
    const shrunk = Math.sqrt(rows.holdout / Math.max(1, rows.all));
    return {
      condition: gate,
      against,
      margin,
      prospects,
      proposed:
        margin === null || prospects.length === 0
          ? null
          : roundedUp(widest * reachOf(confidence), condition.metric),
      cross_validated: prospects.map(({ half_width }) => half_width * shrunk),
    };
  });
}

/**
 * How often a gate with a margin is undecided between two models that are equally good, where the
 * difference scatters normally with an interval of this half-width: it is met where the whole interval lies
 * above −margin, broken where none does.
 *
 * @example undecidedShare(0.01, 0.09, 0.95).toFixed(2) // => "0.94"
 * @example undecidedShare(0.01, 0.0054, 0.95).toFixed(2) // => "0.05"
 * @example undecidedShare(0, 0.02, 0.95).toFixed(2) // => "0.95"
 */
export function undecidedShare(margin: number, halfWidth: number, confidence: number): number {
  const z = normalQuantile(0.5 + confidence / 2);
  const room = halfWidth === 0 ? Infinity : (margin / halfWidth) * z;
  return normalBelow(z - room) - normalBelow(-z - room);
}

interface Expected {
  readonly against: GatePower["against"];
  /** The baseline's value, measured or supposed, for margins that are a share of it. */
  readonly supposed: number | null;
  readonly prospects: readonly Pick<Prospect, "supposing" | "half_width">[];
}

function expected(
  condition: Condition,
  rows: Counted,
  confidence: number,
  before: Before | undefined,
): Expected {
  const against = condition.right.kind;
  if (condition.drop !== undefined) return { against, supposed: null, prospects: [] }; // it hangs on the model
  const row =
    condition.custom?.worst === true ? widestGroup(condition, before) : measuredRow(condition, before);
  const interval = against === "number" ? row?.interval : row?.difference?.interval;
  // a width of 0 is a model beside itself, and says nothing of the next
  if (before !== undefined && interval && interval.high > interval.low && rows.holdout > 0) {
    const scale = Math.sqrt(before.rows / rows.holdout) * confidenceRatio(interval, confidence);
    const half_width = ((interval.high - interval.low) / 2) * scale;
    const supposed = row?.baseline ?? row?.value ?? null;
    return { against, supposed, prospects: [{ supposing: "the last evaluation", half_width }] };
  }
  const drafted = condition.by === undefined ? byClosedForm(condition.metric, rows) : undefined;
  const supposed = row?.value ?? drafted?.supposed ?? null;
  if (drafted === undefined) return { against, supposed, prospects: [] };
  const z = normalQuantile(0.5 + confidence / 2) / normalQuantile(0.5 + DRAFTED.confidence / 2);
  const alone = (drafted.halfWidth * z) / Math.sqrt(2 * (1 - DRAFTED.correlation));
  if (against === "number") {
    return { against, supposed, prospects: [{ supposing: "a usual model", half_width: alone }] };
  }
  const prospects = (["models that differ much", "models that differ little"] as const).map((supposing) => ({
    supposing,
    half_width: alone * Math.sqrt(2 * (1 - TOGETHER[supposing])),
  }));
  return { against, supposed, prospects };
}

function confidenceRatio(interval: Interval, confidence: number): number {
  return normalQuantile(0.5 + confidence / 2) / normalQuantile(0.5 + interval.confidence / 2);
}

function measuredRow({ metric, by }: Condition, before: Before | undefined): MetricRow | undefined {
  const rows =
    by === undefined ? before?.metrics : before?.fairness.find(({ column }) => column === by)?.measures;
  return rows?.find(({ name }) => name === metric);
}

/** Of a contract's own metric that each group is asked for: the group that is known least surely. */
function widestGroup({ metric, by, right }: Condition, before: Before | undefined): Measured | undefined {
  const groups = before?.fairness
    .find(({ column, within }) => column === by && within === undefined)
    ?.custom?.find(({ name }) => name === metric)?.groups;
  const width = ({ interval, difference }: Measured): number => {
    const range = right.kind === "number" ? interval : difference?.interval;
    return range == null ? -1 : range.high - range.low;
  };
  return groups?.reduce<Measured | undefined>(
    (widest, one) => (widest === undefined || width(one) > width(widest) ? one : widest),
    undefined,
  );
}

/** What of a measured number the width of its interval is taken from. */
type Measured = Pick<MetricRow, "value" | "interval" | "baseline" | "difference">;

function byClosedForm(metric: string, { holdout, classes }: Counted): Decidable | undefined {
  switch (metric) {
    case "roc_auc":
      return classes.length === 2 ? decidableByRocAuc(classes[0] ?? 0, classes[1] ?? 0) : undefined;
    case "accuracy":
      return decidableByAccuracy(holdout);
    case "r2":
      return decidableByR2(holdout);
    default:
      return undefined;
  }
}

/** candidate ≥ times · baseline + plus allows a loss of (1 − times) · baseline − plus. */
function marginOf({ right, operator }: Condition, supposed: number | null): number | null {
  if (right.kind === "number" || (right.times !== 1 && supposed === null)) return null;
  const limit = (right.times - 1) * (supposed ?? 0) + right.plus;
  return operator === ">=" || operator === ">" ? 0 - limit : limit;
}

/** To hundredths, at least one, for what is at most 1; else to two digits. */
function roundedUp(width: number, metric: string): number {
  const [, most] = METRICS.get(metric)?.range ?? [0, 1];
  const step = most <= 1 ? 0.01 : 10 ** (Math.floor(Math.log10(width)) - 1);
  return Number((Math.max(1, Math.ceil(Number((width / step).toPrecision(12)))) * step).toPrecision(12));
}
