import type { JudgedModel, VerdictRecord } from "../../proposal/documents.ts";
import { type Diff, renderDiffMarkdown } from "../diff.ts";
import { markdownText } from "../escape.ts";
import type { Block } from "../markdown/blocks.ts";
import { details } from "../markdown/blocks.ts";
import type { Changed } from "../markdown/gates.ts";
import { counted, formatNumber } from "../numbers.ts";
import { OUTCOMES, wordOf } from "../outcome.ts";
import type { Report } from "../report.ts";
import { firstFigures } from "../wording.ts";

/** The judged model beside the verdict on an earlier head of the same pull request. */
interface Since {
  readonly model: JudgedModel;
  readonly report: Report;
  readonly before: VerdictRecord;
}

/**
 * What moved since the last push that was judged, by the ledger's record of it: one line, and the figures
 * below it. Nothing where there is no such record.
 */
export function sinceBlock(model: JudgedModel, earlier: readonly VerdictRecord[]): Block | null {
  const since = sinceOf(model, earlier);
  if (since === undefined) return null;
  const diff = diffOf(since);
  const summary = `<b>Since the last push</b> (<code>${since.before.commit.slice(0, 7)}</code>) · ${line(since, diff)}`;
  const moved = [...diff.gates, ...diff.metrics].some(({ before, after }) => before !== after);
  const full = moved ? [details(summary, renderDiffMarkdown(diff).trimEnd())] : [];
  return { title: "since the last push", importance: 84, versions: [...full, summary] };
}

/** Gates that decide otherwise than at the last push, and those whose rule the change alters. */
export function changedGates(model: JudgedModel, earlier: readonly VerdictRecord[]): Changed {
  const changed = new Map<string, string>();
  const since = sinceOf(model, earlier);
  for (const { condition, before, after } of since === undefined ? [] : diffOf(since).gates) {
    if (before !== after && after !== null)
      changed.set(condition, before === null ? "new since the last push" : `was ${wordOf(before)}`);
  }
  const rules = model.rules.filter(({ name }) => name.startsWith("evaluate.gates"));
  for (const { condition } of model.report?.gates ?? []) {
    if (rules.some(({ before }) => before?.includes(condition) === true))
      changed.set(condition, "this change alters it");
  }
  return changed;
}

function sinceOf(model: JudgedModel, earlier: readonly VerdictRecord[]): Since | undefined {
  const before = earlier.find((one) => one.model === model.model && one.folder === model.folder);
  return before === undefined || model.report === null ? undefined : { model, report: model.report, before };
}

function diffOf({ report, before }: Since): Diff {
  const metrics = new Map(report.metrics.map(({ name, value }) => [name, value]));
  const gates = new Map(report.gates.map(({ condition, verdict }) => [condition, verdict]));
  const was = new Map(before.gates.map(({ condition, verdict }) => [condition, verdict]));
  const names = new Set([...metrics.keys(), ...Object.keys(before.metrics)]);
  return {
    changes: [],
    metrics: [...names].map((name) => ({
      name,
      // a metric of one's own may be called as what every object has, such as "constructor"
      before: Object.hasOwn(before.metrics, name) ? (before.metrics[name] ?? null) : null,
      after: metrics.get(name) ?? null,
    })),
    gates: [...new Set([...gates.keys(), ...was.keys()])].map((condition) => ({
      condition,
      before: was.get(condition) ?? null,
      after: gates.get(condition) ?? null,
    })),
  };
}

/** Verdict, gates, the figures that matter, and whether these are other bytes. */
function line({ model, report, before }: Since, { gates, metrics }: Diff): string {
  const [was, is] = [before.verdict, model.verdict].map(
    (one) => `${OUTCOMES[one].icon} ${OUTCOMES[one].word.toLowerCase()}`,
  );
  const otherwise = gates.filter((gate) => gate.before !== gate.after).length;
  const moved = firstFigures(report).flatMap(({ name, title }) => {
    const metric = metrics.find((one) => one.name === name);
    if (metric === undefined || metric.before === metric.after) return [];
    return [`${markdownText(title, 60)} ${formatNumber(metric.before)} → ${formatNumber(metric.after)}`];
  });
  return [
    was === is ? `still ${is}` : `${was} → ${is}`,
    ...(otherwise === 0 ? [] : [`${counted(otherwise, "gate")} changed`]),
    ...moved,
    model.digest?.sha256 === before.digest.sha256 ? "the same bytes" : "other bytes",
  ].join(" · ");
}
