import { htmlText } from "../escape.ts";
import { formatCount } from "../numbers.ts";
import { OUTCOMES, outcomeOf } from "../outcome.ts";
import type { Report } from "../report.ts";
import { looksText } from "../sections/holdout.ts";
import { howDecided, thresholdFact } from "../sections/thresholds.ts";
import { baselineText, changeText, rowsText, seedsText, shortCommit } from "../wording.ts";
import { card, codeHtml, mark, sub, tableHtml, tag, toneOf } from "./markup.ts";

/** How names of labels and what a model says of its thresholds stand on the page. */
const WRITING = {
  code: (name: string) => codeHtml(name, 60),
  text: (words: string) => htmlText(words, 160),
};

/** The banner: verdict, the one sentence, and what was judged. */
export function verdictBanner(report: Report): string {
  const outcome = outcomeOf(report);
  const { subject, baseline } = report;
  const production = shortCommit(baseline.commit);
  const decides = thresholdFact(subject, { ...WRITING, most: 3 });
  const facts = [
    `${baselineText(report)}${production === null ? "" : ` (${production})`}`,
    ...(baseline.reason === null ? [] : [htmlText(baseline.reason, 200)]),
    ...(decides === undefined ? [] : [decides.join(" ")]),
    ...(shortCommit(subject.commit) === null
      ? []
      : [`Commit ${codeHtml(shortCommit(subject.commit) ?? "")}`]),
    ...(subject.digest === null ? [] : [`Model ${codeHtml(subject.digest.sha256.slice(0, 12))}`]),
  ];
  return [
    `<header class="verdict ${toneOf(outcome)}">`,
    `<h1>${mark(outcome)}<span class="word">${OUTCOMES[outcome].word}</span><span class="model">${htmlText(report.model, 80)}</span></h1>`,
    `<p class="sentence">${htmlText(report.sentence, 600)}</p>`,
    `<div class="facts">${facts.map((fact) => `<span>${fact}</span>`).join("")}</div>`,
    "</header>",
  ].join("\n");
}

/** So many changes stand on the first screen. */
const CHANGES = 6;

/** What changed against the model in production. */
export function changesCard({ changes, baseline }: Pick<Report, "changes" | "baseline">): string {
  if (changes.length === 0) {
    return baseline.state === "none"
      ? ""
      : card("What changed", '<p class="quiet">Nothing that goes into the model.</p>');
  }
  const left = changes.length - CHANGES;
  const more = left > 0 ? `<p class="note">and ${formatCount(left)} more below</p>` : "";
  const table = changesTable("What changed", changes.slice(0, CHANGES));
  return card("What changed", table + more, `${formatCount(changes.length)} against production`);
}

/** All changes, where the first screen could not hold them. */
export function allChangesCard({ changes }: Pick<Report, "changes">, rows?: number): string {
  return changes.length <= CHANGES
    ? ""
    : card("All that changed", changesTable("All that changed", changes, rows));
}

function changesTable(caption: string, changes: Report["changes"], rows?: number): string {
  const headings = ["What", "Before", "After"].map((title) => ({ title, kind: "text" }) as const);
  return tableHtml(
    caption,
    headings,
    changes,
    (change) => {
      const { before, after } = changeText(change);
      return [codeHtml(change.name, 60) + sub(change.kind), codeHtml(before, 60), codeHtml(after, 60)];
    },
    rows,
  );
}

/** So many warnings stand on the first screen. */
const FIRST = 3;

/** What the reviewer should know before trusting the numbers: the first of it, for the first screen. */
export function warningsCard({ warnings }: Pick<Report, "warnings">): string {
  if (warnings.length === 0) return "";
  const left = warnings.length - FIRST;
  const more = left > 0 ? `<p class="note">and ${formatCount(left)} more below</p>` : "";
  return card("Take care", warningList(warnings.slice(0, FIRST)) + more);
}

/** All warnings, where the first screen could not hold them. */
export function allWarningsCard({ warnings }: Pick<Report, "warnings">, rows: number): string {
  if (warnings.length <= FIRST) return "";
  const left = warnings.length - rows;
  const more = left > 0 ? `<p class="note">and ${formatCount(left)} more in report.json</p>` : "";
  return card("All warnings", warningList(warnings.slice(0, rows)) + more);
}

function warningList(warnings: Report["warnings"]): string {
  const items = warnings.map(
    ({ title, text }) => `<li>${tag("warn", title)}${sub(htmlText(text, 600))}</li>`,
  );
  return `<ul>${items.join("")}</ul>`;
}

/** What exactly was judged: rows, threshold, trainer, and the digests of the bytes. */
export function subjectCard(report: Report): string {
  const { subject, baseline } = report;
  const facts: readonly (readonly [string, string | null])[] = [
    ["Model", `${codeHtml(report.model, 80)}, ${report.task}`],
    ["Question", report.problem === null ? null : htmlText(report.problem, 400)],
    ["Owner", report.owner === null ? null : htmlText(report.owner, 80)],
    ["Rows", rowsText(subject.rows)],
    ["Holdout", report.holdout === undefined ? null : htmlText(looksText(report.holdout), 200)],
    ["Trained by", subject.trainer === null ? null : codeHtml(subject.trainer, 160)],
    ["Seeds", report.seeds === undefined ? null : seedsText(report.seeds)],
    ["Positive class", subject.positive === null ? null : codeHtml(subject.positive, 80)],
    howDecided(subject, { ...WRITING, most: 20 }) ?? ["", null],
    ["Commit", subject.commit === null ? null : codeHtml(subject.commit, 64)],
    ["Model bytes, sha256", subject.digest === null ? null : codeHtml(subject.digest.sha256, 64)],
    ["Model bytes, md5", subject.digest === null ? null : codeHtml(subject.digest.md5, 64)],
    ["Production, commit", baseline.commit === null ? null : codeHtml(baseline.commit, 64)],
    ["Production bytes, sha256", baseline.digest === null ? null : codeHtml(baseline.digest.sha256, 64)],
  ];
  const list = facts
    .map(([name, html]) => (html === null ? "" : `<dt>${name}</dt><dd>${html}</dd>`))
    .join("");
  const checkout =
    subject.commit !== null && /^[0-9a-f]{7,64}$/.test(subject.commit)
      ? `git checkout ${subject.commit}\n`
      : "";
  return card(
    "What was judged, and how to reproduce it",
    `<dl>${list}</dl><pre><code>${checkout}npx trainyard pull\nnpx trainyard run</code></pre>`,
  );
}
