import { formatSeconds } from "../../text/seconds.ts";
import { markdownCode, markdownText, summaryCode } from "../escape.ts";
import type { Report } from "../report.ts";
import { looksText } from "../sections/holdout.ts";
import { howDecided } from "../sections/thresholds.ts";
import { rowsText, seedsText } from "../wording.ts";
import { type Block, foldBlock, left, table } from "./blocks.ts";

const DIGEST = /^[0-9a-f]{32,64}$/;
const COMMIT = /^[0-9a-f]{7,64}$/;

/** What a pull request knows of a model's making beside the report. */
export interface Making {
  readonly commit: string;
  /** How long the run took that trained it; undefined where that is not known. */
  readonly seconds: number | undefined;
}

/** Lineage: what exactly was judged, how it came to be, and how anybody can judge it again. */
export function subjectBlock(report: Report, making?: Making): Block {
  const { subject, baseline, seeds } = report;
  const commit = making?.commit ?? subject.commit;
  const took = making?.seconds === undefined ? null : formatSeconds(making.seconds);
  const facts: readonly (readonly [string, string] | null)[] = [
    ["Model", `${markdownCode(report.model, 80)}, ${report.task}`],
    report.problem === null ? null : ["Question", markdownText(report.problem, 300)],
    report.owner === null ? null : ["Owner", markdownCode(report.owner, 80)],
    ["Rows", rowsText(subject.rows)],
    report.holdout === undefined ? null : ["Holdout", markdownText(looksText(report.holdout), 200)],
    subject.trainer === null ? null : ["Trained by", markdownCode(subject.trainer, 120)],
    took === null ? null : ["The run that trained took", took],
    seeds === undefined ? null : ["Seeds", seedsText(seeds)],
    subject.positive === null ? null : ["Positive class", markdownCode(subject.positive, 60)],
    howDecided(subject, WRITING) ?? null,
    commit === null ? null : ["Commit", markdownCode(commit, 64)],
    ...digestFacts("Model", subject.digest),
    ...digestFacts("Production", baseline.digest),
  ];
  const rows = facts.filter((fact) => fact !== null);
  const body = `${table([left("What"), left("Is")], rows)}\n\n${reproduce(commit)}`;
  const told = [
    ...(subject.digest === null ? [] : [summaryCode(`sha256:${subject.digest.sha256.slice(0, 12)}`)]),
    ...(subject.trainer === null ? [] : [markdownText(subject.trainer, 60)]),
    ...(seeds === undefined ? [] : [`seed ${seeds.training}`]),
    ...(took === null ? [] : [`trained in ${took}`]),
    markdownText(rowsText(subject.rows)),
  ];
  return foldBlock("Lineage", 70, [body], told.join(" · "));
}

/** How names of labels and what a model says of its thresholds stand in a cell. */
const WRITING = {
  code: (name: string) => markdownCode(name, 60),
  text: (words: string) => markdownText(words, 120),
  most: 6, // the table of labels has all
};

function digestFacts(name: string, digest: Report["subject"]["digest"]): (readonly [string, string])[] {
  if (digest === null) return [];
  return [
    [
      `${name} bytes, sha256`,
      DIGEST.test(digest.sha256) ? `\`${digest.sha256}\`` : markdownCode(digest.sha256, 64),
    ],
    [`${name} bytes, md5`, DIGEST.test(digest.md5) ? `\`${digest.md5}\`` : markdownCode(digest.md5, 64)],
  ];
}

/** Commands to paste; a commit that is none is left out, as it would be run by a shell. */
function reproduce(commit: string | null): string {
  const checkout = commit !== null && COMMIT.test(commit) ? [`git checkout ${commit}`] : [];
  return ["```sh", ...checkout, "npx trainyard pull", "npx trainyard run", "```"].join("\n");
}
