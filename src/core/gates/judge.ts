import type { Place } from "../../errors.ts";
import type { Evaluation } from "../measures/evaluation.ts";
import { type RateName, SHARES } from "../measures/fairness/shares.ts";
import { FAIRNESS } from "../measures/fairness/table.ts";
import { METRICS, tasksOf } from "../measures/metrics/catalogue.ts";
import type { Fairness, GateRow, Interval, MetricRow } from "../report/report.ts";
import type { Robustness } from "../report/sections/robustness.ts";
import { byGroupTasks } from "./by-group.ts";
import { type Condition, type CustomName, type Operator, parseCondition } from "./condition.ts";
import { explain, type Judged } from "./explain.ts";
import { holds } from "./holds.ts";
import { judgeCustom } from "./judge-custom.ts";
import { judgeDrop } from "./judge-drop.ts";
import { judgeGroups } from "./judge-groups.ts";
import { type Lacking, lackingGroups } from "./lacking.ts";
import { moreRows } from "./more-rows.ts";
import type { Verdict } from "./verdict.ts";

/** A gate as the contract has it. */
export interface GateText {
  readonly gate: string;
  readonly when_inconclusive: GateRow["when_inconclusive"];
}

/** What there is to compare with, and where the gates stand. */
export interface Comparison {
  /** Whether the candidate was compared with a baseline on the same rows. */
  readonly hasBaseline: boolean;
  /** Why it was not, although there is a baseline; null where there is none: the first model. */
  readonly baselineReason: string | null;
  /** Holdout rows; where they are given, an undecided gate says how many more would decide it. */
  readonly rows?: number;
  /** The metrics that the contract defines. */
  readonly custom?: readonly CustomName[];
  /** How the candidate stands up to worse rows, where that was asked. */
  readonly robustness?: Robustness | undefined;
  /** Where each gate stands in the contract. */
  readonly places?: readonly (Place | undefined)[];
}

/**
 * Decides each gate: the only comparison of a measured value with a limit.
 *
 * A gate is met when the whole interval of its value satisfies the condition, broken when none of it
 * does, and undecided between. Without an interval, where none was asked for, the value decides;
 * where the data allow none, or there is no value, the gate is undecided. Against a baseline it is
 * the paired difference whose interval counts. Without any baseline such a gate passes with a note
 * (the first model has nothing to be worse than); with one that cannot be compared it is undecided.
 *
 * @throws {ConditionError} where a condition cannot be read
 */
export function judge(gates: readonly GateText[], evaluation: Evaluation, comparison: Comparison): GateRow[] {
  return gates.map(({ gate, when_inconclusive }, g) => {
    const condition = parseCondition(gate, comparison.custom);
    const rows = condition.drop === undefined ? comparison.rows : undefined; // a drop is asked of some rows only
    const judged = withMoreRows(judgeOne(condition, evaluation, comparison), condition.operator, rows);
    const { state, value, interval, limit } = judged;
    return {
      condition: gate,
      verdict: verdictOf(judged, when_inconclusive),
      when_inconclusive,
      state,
      value,
      interval,
      limit,
      explanation: explain(condition, judged),
      ...(judged.moreRows === undefined ? {} : { more_rows: judged.moreRows }),
      line: comparison.places?.[g]?.line ?? null,
    };
  });
}

function judgeOne(condition: Condition, evaluation: Evaluation, comparison: Comparison): Judged {
  if (condition.groups !== undefined) return judgeByGroup(condition, evaluation, comparison);
  if (condition.custom?.worst === true) return judgeByCustom(condition, evaluation, comparison);
  if (condition.drop !== undefined) return judgeDrop(condition, comparison.robustness);
  return lackingGroups(judgeRow(condition, evaluation, comparison), lackingOf(rowOf(condition, evaluation)));
}

function judgeRow(condition: Condition, evaluation: Evaluation, comparison: Comparison): Judged {
  const nothing = { state: "undecided", value: null, interval: null, limit: null } as const;
  const { right, operator } = condition;
  const { hasBaseline, baselineReason } = comparison;
  const row = rowOf(condition, evaluation);
  if (right.kind === "baseline" && !hasBaseline && baselineReason === null) {
    return { ...nothing, value: row?.value ?? null, interval: row?.interval ?? null, why: "first model" };
  }
  if (row === undefined || row.value === null) {
    return { ...nothing, why: "no value", reason: row?.reason ?? absence(condition, evaluation) };
  }
  const asked = row.interval !== null || row.reason !== null;
  if (right.kind === "number") {
    const state = stateOf(row.value, row.interval, operator, right.value, asked);
    const reason = row.interval === null ? row.reason : null;
    return { state, value: row.value, interval: row.interval, limit: right.value, why: "compared", reason };
  }
  const known = { ...nothing, value: row.value, interval: row.interval };
  if (!hasBaseline || row.baseline === null || row.difference === null) {
    const reason = baselineReason ?? `the baseline has no ${condition.metric}`;
    return { ...known, why: "not comparable", reason };
  }
  // The paired difference carries the uncertainty: candidate ≥ times · baseline + plus is judged as
  // candidate − baseline ≥ (times − 1) · baseline + plus, and shown on that scale.
  const { value, interval } = row.difference;
  const limit = (right.times - 1) * row.baseline + right.plus;
  const state = stateOf(value, interval, operator, limit, asked);
  const reason =
    interval === null && asked ? (row.reason ?? "the data allow no interval for the difference") : null;
  return { state, value, interval, limit, why: "compared", reason };
}

function judgeByGroup(condition: Condition, evaluation: Evaluation, comparison: Comparison): Judged {
  const nothing = { state: "undecided", value: null, interval: null, limit: null } as const;
  const { by, groups, right } = condition;
  const { hasBaseline, baselineReason } = comparison;
  const fairness = evaluation.fairness.find(({ column, within }) => column === by && within === undefined);
  if (groups === undefined || fairness === undefined) {
    return { ...nothing, why: "no value", reason: absence(condition, evaluation) };
  }
  if (right.kind === "baseline" && !hasBaseline) {
    return baselineReason === null
      ? { ...nothing, why: "first model" }
      : { ...nothing, why: "no value", reason: `not comparable with the baseline: ${baselineReason}` };
  }
  return judgeGroups({ ...condition, groups }, fairness);
}

function judgeByCustom(condition: Condition, evaluation: Evaluation, comparison: Comparison): Judged {
  const nothing = { state: "undecided", value: null, interval: null, limit: null } as const;
  const { by, metric, right } = condition;
  const { hasBaseline, baselineReason } = comparison;
  if (right.kind === "baseline" && !hasBaseline) {
    return baselineReason === null
      ? { ...nothing, why: "first model" }
      : { ...nothing, why: "no value", reason: `not comparable with the baseline: ${baselineReason}` };
  }
  const fairness = evaluation.fairness.find(({ column, within }) => column === by && within === undefined);
  if (fairness === undefined) return { ...nothing, why: "no value", reason: absence(condition, evaluation) };
  const found = fairness.custom?.find(({ name }) => name === metric);
  if (found !== undefined) return judgeCustom(condition, found);
  const whole = evaluation.metrics.find(({ name }) => name === metric);
  return { ...nothing, why: "no value", reason: whole?.reason ?? "there are fewer than two groups" };
}

/** More rows help where the limit lies within the interval; what else leaves a gate undecided they do not change. */
function withMoreRows(judged: Judged, operator: Operator, rows: number | undefined): Judged {
  const { state, value, interval, limit, why } = judged;
  if (rows === undefined || state !== "undecided" || why !== "compared") return judged;
  if (value === null || interval === null || limit === null) return judged;
  if (holds(interval.low, operator, limit) === holds(interval.high, operator, limit)) return judged;
  return { ...judged, moreRows: moreRows({ value, interval, limit, rows }) };
}

/** Whether a value satisfies a limit: with its whole interval, with none of it, or undecided between. */
export function stateOf(
  value: number,
  interval: Interval | null,
  operator: Operator,
  limit: number,
  asked: boolean,
): GateRow["state"] {
  if (interval === null) {
    if (asked) return "undecided";
    return holds(value, operator, limit) ? "met" : "broken";
  }
  const [low, high] = [holds(interval.low, operator, limit), holds(interval.high, operator, limit)];
  if (low && high) return "met";
  return low || high ? "undecided" : "broken";
}

type Row = MetricRow & Pick<Fairness["measures"][number], "without">;

/** The groups that a measure of gaps leaves out, since their rates rest on too few rows. */
const lackingOf = (row: Row | undefined): Lacking[] =>
  (row?.without ?? []).map(({ group, rate, of }) => ({
    group,
    of,
    noun: SHARES.get(rate as RateName)?.noun ?? "rows",
  }));

function rowOf({ metric, by }: Condition, evaluation: Evaluation): Row | undefined {
  const rows: readonly Row[] | undefined =
    by === undefined
      ? evaluation.metrics
      : evaluation.fairness.find(({ column, within }) => column === by && within === undefined)?.measures;
  return rows?.find(({ name }) => name === metric);
}

function absence({ metric, by, groups }: Condition, { fairness }: Evaluation): string {
  if (by !== undefined && !fairness.some(({ column }) => column === by)) {
    const columns = fairness.map(({ column }) => column);
    const known = columns.length === 0 ? "there are none" : `they are ${columns.join(", ")}`;
    return `"${by}" is not among the sensitive columns; ${known}`;
  }
  const known = METRICS.get(metric);
  if (known?.needs === "decisions" && known.needsCosts) return "the contract has no plan.costs";
  const tasks = (
    groups === undefined ? [...tasksOf(metric), ...(FAIRNESS.get(metric)?.tasks ?? [])] : byGroupTasks(groups)
  ).join(" and ");
  return `${metric} is measured for ${tasks} only`;
}

/** No value is never a pass, whatever the gate says of being inconclusive; nor is one that lacks in part. */
function verdictOf({ state, why, unknown }: Judged, whenInconclusive: GateRow["when_inconclusive"]): Verdict {
  if (why === "first model" || state === "met") return "pass";
  if (state === "broken") return "fail";
  if (whenInconclusive === "approve") return "inconclusive";
  return whenInconclusive === "pass" && (why !== "compared" || unknown === true) ? "warn" : whenInconclusive;
}

/**
 * The process's exit code that gates ask for: 1 where one is broken; else 3 where one is undecided and
 * says `approve` or `fail`; else 0. What is waived asks for nothing.
 *
 * @example exitCode([]) // => 0
 * @example exitCode([{ state: "undecided", verdict: "fail" }]) // => 3
 * @example exitCode([{ state: "undecided", verdict: "inconclusive" }, { state: "broken", verdict: "fail" }]) // => 1
 */
export function exitCode(gates: readonly Pick<GateRow, "state" | "verdict">[]): 0 | 1 | 3 {
  if (gates.some(({ state, verdict }) => state === "broken" && verdict !== "waived")) return 1;
  const stops = gates.some(({ verdict }) => verdict === "inconclusive" || verdict === "fail");
  return stops ? 3 : 0;
}
