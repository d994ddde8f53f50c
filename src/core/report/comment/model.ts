import type { JudgedModel, Judgement } from "../../proposal/documents.ts";
import { markdownCode } from "../escape.ts";
import type { Block } from "../markdown/blocks.ts";
import { decidingBlocks, foldedBlocks } from "../markdown/parts.ts";
import { subjectBlock } from "../markdown/subject.ts";
import type { Report } from "../report.ts";
import type { SliceRow, Slices } from "../sections/slices.ts";
import type { CommentFacts } from "./facts.ts";
import { lineAddress, linked } from "./links.ts";
import { behindNote, originNote } from "./origin.ts";
import { gatesBesideBlock, rulesBlock, rulesLine } from "./rules.ts";
import { changedGates, sinceBlock } from "./since.ts";

/** A paragraph that is never shortened. */
export function paragraph(title: string, text: string | null): Block | null {
  return text === null || text === "" ? null : { title, versions: [text] };
}

/** What a reviewer must know before the numbers: changed rules, an outside model, a base that moved. */
export function noteBlocks(model: JudgedModel, judgement: Judgement, facts: CommentFacts): (Block | null)[] {
  return [
    paragraph("problem", problemPlace(model, judgement, facts)),
    paragraph("changed rules", rulesLine(model, facts)),
    paragraph("origin", originNote(model)),
    paragraph("base", behindNote(model, facts)),
  ];
}

/** Where the one problem stands for which there is no report. */
function problemPlace({ problem }: JudgedModel, { commit }: Judgement, facts: CommentFacts): string | null {
  if (problem === null || problem.file === null) return null;
  const { file, line } = problem;
  const name = markdownCode(`${file}${line === null ? "" : `:${line}`}`, 160);
  return `📍 ${linked(name, lineAddress(facts, commit, file, line))}`;
}

/** One model's numbers: first what decides, then what is unfolded. */
export function modelBlocks(model: JudgedModel, { earlier }: CommentFacts): (Block | null)[] {
  if (model.report === null) return [rulesBlock(model)];
  const report = withoutCells(model.report);
  return [
    ...decidingBlocks(report, changedGates(model, earlier)),
    sinceBlock(model, earlier),
    rulesBlock(model),
    gatesBesideBlock(model),
    ...foldedBlocks(report),
  ];
}

/** What exactly was judged, and how it came to be; it stands last. */
export function lineageBlock(
  { report, origin }: JudgedModel,
  { commit }: Judgement,
  { trainedIn }: CommentFacts,
): Block | null {
  if (report === null) return null;
  return subjectBlock(report, { commit, seconds: origin === "trained here" ? trainedIn : undefined });
}

/**
 * A report without what was seen in the cells: more people read a comment than may see the data, and a
 * contract that shows values means its page.
 */
export function withoutCells(report: Report): Report {
  const { slices, ...rest } = report;
  return {
    ...rest,
    checks: report.checks.map((check) => ({ ...check, values: [], observed: null })),
    ...(slices === undefined ? {} : { slices: withoutValues(slices, report) }),
  };
}

/** Slices without borders and categories, but for the groups of sensitive columns, which are told anyway. */
function withoutValues(slices: Slices, { fairness }: Report): Slices {
  const grouped = new Set(fairness.map(({ column }) => column));
  const strip = (row: SliceRow): SliceRow => ({
    ...row,
    conditions: row.conditions.map((one) => (grouped.has(one.column) ? one : { ...one, text: null })),
  });
  return { ...slices, weak: slices.weak.map(strip), worse: slices.worse?.map(strip) ?? null };
}
