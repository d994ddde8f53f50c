import { unreachable } from "../../errors.ts";
import { unstopped } from "../text/trimmed-end.ts";
import { conditionParts } from "./condition.ts";
import { gateNumbers, gateReason, groupGates } from "./gate-words.ts";
import {
  counted,
  formatCount,
  formatDifference,
  formatEstimate,
  formatInterval,
  formatNumber,
} from "./numbers.ts";
import { outcomeOf } from "./outcome.ts";
import type { CheckRow, GateRow, MetricRow, Report } from "./report.ts";
import { checkName, standing } from "./wording.ts";

/** What the sentence is made from; a whole report fits. */
export type SentenceParts = Pick<Report, "verdict" | "gates" | "metrics" | "baseline" | "checks"> & {
  readonly subject: { readonly rows: { readonly holdout: number } };
};

/**
 * The one sentence that matters: what is wrong where something is, else how the model compares.
 *
 * Names come unescaped, as they stand in the contract; each renderer escapes the whole.
 *
 * @example sentence({ verdict: "pass", gates: [], metrics: [], checks: [], baseline: { state: "none", reason: null, commit: null, digest: null }, subject: { rows: { holdout: 107 } } }) // => "No gates: nothing here was held against a limit; first model, there is none in production to compare it with."
 */
export function sentence(parts: SentenceParts): string {
  const outcome = outcomeOf(parts);
  switch (outcome) {
    case "fail":
      return `Fails: ${trouble(parts, "fail")}.`;
    case "inconclusive":
      return `Cannot be decided on ${counted(parts.subject.rows.holdout, "row")}: ${trouble(parts, "inconclusive")}.`;
    case "waived":
      return `${waiver(parts)}; ${lowerFirst(comparison(parts))}.`;
    case "warn":
      return `${comparison(parts)}; ${warning(parts)}.`;
    case "no gates":
      return `No gates: nothing here was held against a limit; ${lowerFirst(comparison(parts))}.`;
    case "pass":
      return `${comparison(parts)}; ${passed(parts)}.`;
    default:
      return unreachable(outcome);
  }
}

/** Who lets the gravest gate through that does not hold, and until when. */
function waiver({ gates, metrics }: SentenceParts): string {
  const through = gates.filter(({ verdict }) => verdict === "waived");
  const broken = through.find(({ state }) => state === "broken") ?? through[0];
  if (broken?.waived === undefined) return "Let through by a waiver";
  const { by, until } = broken.waived;
  const more = through.length === 1 ? "" : `, and ${formatCount(through.length - 1)} more`;
  return `Let through by a waiver of ${by} until ${until}: ${gateTrouble(broken, metrics)}${more}`;
}

/** The gravest gate or check with this verdict in words, and how many more there are. */
function trouble(parts: SentenceParts, verdict: "fail" | "inconclusive" | "warn"): string {
  const { gates, checks, metrics } = parts;
  const all = gates.filter((gate) => gate.verdict === verdict);
  // who is wronged says more than by how much groups differ
  const decisive = [...all.filter(namesGroup), ...all.filter((gate) => !namesGroup(gate))];
  const [gate] = decisive;
  const broken = checks.filter((check) => check.verdict === verdict);
  const [check] = broken;
  const first =
    gate !== undefined
      ? gateTrouble(gate, metrics)
      : check === undefined
        ? "the report gives no reason"
        : checkTrouble(check);
  const others = decisive.length + broken.length - 1;
  const more = others > 0 ? `${first}, and ${formatCount(others)} more` : first;
  const [metric] = metrics;
  const onAverage = verdict === "warn" || groupGates(decisive.slice(0, 1)).length === 0 ? undefined : metric;
  return onAverage !== undefined && standing(onAverage) === "better"
    ? `${more}, although ${lowerFirst(compared(onAverage))}`
    : more;
}

function gateTrouble(gate: GateRow, metrics: readonly MetricRow[]): string {
  const { side, relative } = conditionParts(gate.condition);
  const { value, limit, interval } = gate;
  const named = gateSubject(gate, metrics);
  if (value === null) return `${named} has no value (${unstopped(gate.explanation)})`;
  if (limit === null || side === null) return `${gate.condition}: ${unstopped(gate.explanation)}`;
  const shown = gateNumbers(gate);
  if (gate.state === "undecided" && interval !== null && interval.low <= limit && limit <= interval.high) {
    const more = gate.more_rows == null ? "" : ` (${enough(gate.more_rows)})`;
    const is = relative ? "differs from production by" : "is";
    return `${named} ${is} ${shown.value} (${shown.interval}), and the limit ${shown.limit} lies within that${more}`;
  }
  if (gate.state === "undecided" && interval === null) {
    const is = relative ? "differs from production by" : "is";
    const [, why = "the data do not say"] = / cannot tell, (.+)$/.exec(unstopped(gate.explanation)) ?? [];
    return `${named} ${is} ${shown.value}, and how sure that is cannot be told (${why})`;
  }
  const met = side === "above" ? value >= limit : value <= limit;
  if (met) return `${gate.condition}: ${unstopped(gate.explanation)}`;
  const below = side === "above" ? "below" : "above";
  return relative
    ? `${named} is ${away(value)} than in production, ${allowed(limit, side)}`
    : `${named} ${shown.value} is ${below} the limit ${shown.limit}`;
}

const namesGroup = (gate: GateRow): boolean =>
  groupGates([gate]).length > 0 && gateReason(gate).startsWith('"');

/** What a gate holds against its limit: a metric by its title, a rate with the group that decides. */
function gateSubject(gate: GateRow, metrics: readonly MetricRow[]): string {
  const { subject } = conditionParts(gate.condition);
  const [, dropped, under] = /^drop (\S+) under (.+)$/.exec(subject) ?? [];
  if (dropped !== undefined) {
    return `the drop of ${metrics.find(({ name }) => name === dropped)?.title ?? dropped} under ${under}`;
  }
  const [, rate, column] = /^(?:worst_group )?(\S+) by (.+)$/.exec(subject) ?? [];
  const [, who] = /^(".*?)(?:: (?:the data cannot tell|not met).*)?$/.exec(gateReason(gate)) ?? [];
  if (rate !== undefined && who !== undefined) return `${rate} of ${who} (by ${column})`;
  return metrics.find(({ name }) => name === subject)?.title ?? subject;
}

const away = (value: number): string =>
  value === 0 ? "no higher" : `${formatNumber(Math.abs(value))} ${value < 0 ? "lower" : "higher"}`;

function allowed(limit: number, side: "above" | "below"): string {
  const [wrong, right] = side === "above" ? ["lower", "higher"] : ["higher", "lower"];
  if (limit === 0) return `and may not be ${wrong}`;
  return limit < 0 === (side === "above")
    ? `and may be at most ${formatNumber(Math.abs(limit))} ${wrong}`
    : `and has to be at least ${formatNumber(Math.abs(limit))} ${right}`;
}

const enough = (rows: number): string => `about ${counted(rows, "more row")} would decide it`;

function checkTrouble(check: CheckRow): string {
  const of = check.rows === null ? "" : ` of ${formatCount(check.rows)}`;
  const breaks = check.count === null ? "" : ` (${formatCount(check.count)}${of} rows break it)`;
  return `the data check “${checkName(check)}”${breaks || ` (${unstopped(check.explanation)})`}`;
}

/** The same of a warning, which does not say again by how much the first metric differs. */
function warnedOf(parts: SentenceParts): string {
  const said = trouble(parts, "warn");
  const [metric] = parts.metrics;
  const told =
    parts.baseline.state === "compared" && metric !== undefined && standing(metric) === "could be chance";
  const again = told ? `${metric.title} differs from production by ${estimateOf(metric)}, and ` : "";
  return again !== "" && said.startsWith(again) ? said.slice(again.length) : said;
}

const estimateOf = ({ difference }: MetricRow): string =>
  formatEstimate(difference?.value ?? null, difference?.interval ?? null, formatDifference);

function warning(parts: SentenceParts): string {
  const undecided = parts.gates.filter(
    ({ state, verdict }) => state === "undecided" && verdict === "warn",
  ).length;
  const warned = [...parts.gates, ...parts.checks].filter(({ verdict }) => verdict === "warn").length;
  if (warned === 0) return "passes with a warning";
  const count = warned === 1 ? "a warning" : `${formatCount(warned)} warnings`;
  const open = warned > undecided ? "" : warned === 1 ? ", which is not decided" : ", none of them decided";
  return `passes with ${count}: ${warnedOf(parts)}${open}`;
}

function passed({ gates }: SentenceParts): string {
  const undecided = gates.filter(({ state }) => state === "undecided").length;
  if (undecided > 0) {
    return `${formatCount(gates.length - undecided)} of ${counted(gates.length, "gate")} met, ${formatCount(undecided)} undecided and let through`;
  }
  if (gates.length === 2) return "both gates pass";
  return gates.length === 1 ? "the one gate passes" : `all ${formatCount(gates.length)} gates pass`;
}

/** How the first metric stands against the model in production, as the beginning of a sentence. */
function comparison({ metrics, baseline }: SentenceParts): string {
  const [metric] = metrics;
  const found =
    metric === undefined ? "" : `, ${metric.title} ${formatEstimate(metric.value, metric.interval)}`;
  switch (baseline.state) {
    case "none":
      return `First model, there is none in production to compare it with${found}`;
    case "not comparable": {
      const why = baseline.reason === null ? "" : ` (${unstopped(baseline.reason)})`;
      return `Not comparable with the model in production${why}${found}`;
    }
    case "compared":
      return metric === undefined ? "Compared with the model in production" : compared(metric);
    default:
      return unreachable(baseline.state);
  }
}

function compared(metric: MetricRow): string {
  const { title, difference, better } = metric;
  if (difference === null)
    return `${title} ${formatEstimate(metric.value, metric.interval)}, difference to production unknown`;
  const { value, interval } = difference;
  if (standing(metric) === "the same") return `The same as the model in production on ${title}`;
  if (difference.interval === null && difference.reason !== undefined) {
    return `Not known how it stands to the model in production: ${title} differs by ${estimateOf(metric)}, and ${difference.reason}`;
  }
  const size = formatNumber(Math.abs(value));
  const away =
    interval === null
      ? null
      : value < 0
        ? { ...interval, low: -interval.high, high: -interval.low }
        : interval;
  const by = `${size}${away === null ? "" : ` (${formatInterval(away)})`}`;
  if (better === "neither")
    return `${title} is ${value > 0 ? "higher" : "lower"} than in production by ${by}`;
  const word = value > 0 === (better === "higher") ? "Better" : "Worse";
  if (away !== null && away.low <= 0) {
    // With its sign, as the gates and the table beside it have it: an interval around 0 has no "worse by".
    return `Not told apart from the model in production: ${title} differs by ${estimateOf(metric)}`;
  }
  return `${word} than the model in production on ${title} by ${by}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
