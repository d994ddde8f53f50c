import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgement as judgementSchema } from "../../../src/core/proposal/documents.ts";
import { statusOf } from "../../../src/core/proposal/status.ts";
import { modelCard } from "../../../src/core/registry/card.ts";
import { checkOf } from "../../../src/core/report/check.ts";
import { renderComment } from "../../../src/core/report/comment.ts";
import { renderHtml } from "../../../src/core/report/html.ts";
import { renderMarkdown } from "../../../src/core/report/markdown.ts";
import { renderPages } from "../../../src/core/report/pages.ts";
import { type Report, report as reportSchema } from "../../../src/core/report/report.ts";
import { renderTerminal } from "../../../src/core/report/terminal.ts";
import { COMMENTS, reportOf } from "./comment-cases.ts";
import { freePaths, replaced, wholeOf } from "./every-text.ts";
import { CASES } from "./make-cases.ts";
import { STORIES } from "./stories.ts";
import { checkStructure } from "./structure.ts";

/* Each text of a report, replaced by what would open, close, link, ping or hide something. */

const PAYLOADS = {
  markup:
    '</code></td></svg></summary></title></style><evil x=1>|@evilteam`[l](http://e.vil)![i](http://e.vil)<!-- z -->" evil="1" \' *b* #12 https://e.vil',
  lines:
    "\u202e\u0000\u001b[31m\r\n\n# heading @evilteam\n| a | b |\n\n```\n</details>\n<!-- trainyard -->\n::set-output name=x::y\n---\n",
};

function checkLine(text: string, where: string): void {
  assert.doesNotMatch(text, /[\p{Cc}\u202e]/u, `${where}: ${JSON.stringify(text.slice(0, 300))}`);
}

function checkMarkdown(text: string, where: string): void {
  assert.doesNotMatch(text, /[^\P{Cc}\n]|\u202e/u, where);
  const lines = text.split("\n");
  assert.doesNotMatch(text, /^(# heading|::set|---$)/m, where);
  checkStructure(lines);
}

function checkPage(text: string, where: string): void {
  const at = text.search(/<evil|" evil="|<!-- |\u202e|[^\P{Cc}\n\t]/u);
  assert.equal(at, -1, `${where}: ${text.slice(Math.max(0, at - 200), at + 80)}`);
}

function checkReport(report: Report, where: string): void {
  checkMarkdown(renderMarkdown(report), `${where}: report.md`);
  checkPage(renderHtml(report), `${where}: report.html`);
  for (const line of renderTerminal(report, { colour: false, width: 100 }).split("\n"))
    checkLine(line, `${where}: terminal`);
  checkMarkdown(modelCard(cardOf(report)), `${where}: card`);
}

const cardOf = (report: Report) => ({
  ...{ model: "wages", version: "v1.0.0", tag: "wages@v1.0.0", commit: "c".repeat(40), folder: "." },
  ...{ digest: { sha256: "a".repeat(64), md5: "b".repeat(32) }, address: undefined },
  ...{ contract: undefined, data: [], record: undefined, report },
});

const COMMENT = COMMENTS.fail as Extract<(typeof COMMENTS)[string], { kind: "judged" }>;

function checkJudgement(judgement: typeof COMMENT.judgement, where: string): void {
  const [, , ...lines] = renderComment({ ...COMMENT, judgement }).split("\n");
  checkMarkdown(lines.join("\n"), `${where}: comment`);
  checkPage(renderPages(judgement), `${where}: page`);
  const check = checkOf(judgement, new Map());
  checkLine(check.title, `${where}: the check's title`);
  checkMarkdown(check.summary, `${where}: the check`);
  for (const { title, message } of check.annotations) {
    checkLine(title, `${where}: a note's title`);
    checkLine(message, `${where}: a note`);
  }
  checkLine(statusOf(judgement, 0).description, `${where}: the status`);
}

/** What is wrong, so that all of it is told at once. */
function complaint(check: () => void): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [(error as Error).message.slice(0, 400)];
  }
}

/** So many words has the longest enumeration of which each is worth a rendering of its own. */
const VARIANTS = [0, 1, 2, 3, 4];

const known = [...Object.keys(CASES), ...Object.keys(STORIES)].map((name) => ({
  name,
  report: reportOf(name),
}));
const reports = VARIANTS.map((variant) => ({
  name: `variant ${variant}`,
  report: wholeOf(reportSchema, variant),
}));
const judgements = [
  ...Object.entries(COMMENTS).flatMap(([name, comment]) =>
    comment.kind === "judged" && !name.startsWith("hostile") ? [{ name, judgement: comment.judgement }] : [],
  ),
  ...VARIANTS.map((variant) => ({
    name: `variant ${variant}`,
    judgement: wholeOf(judgementSchema, variant),
  })),
];

describe("whatever a text of a report says, no rendering lets it be more than a text", () => {
  for (const [kind, payload] of Object.entries(PAYLOADS)) {
    const ofReport = freePaths(reportSchema, payload);
    const ofJudgement = freePaths(judgementSchema, payload);

    it(`all texts of a report: ${kind}`, () => {
      for (const { name, report } of [...known, ...reports]) {
        const attacked = replaced(report, payload, (path) => ofReport.includes(path));
        checkReport(reportSchema.parse(attacked), name);
      }
    });

    it(`all texts of a judgement: ${kind}`, () => {
      for (const { name, judgement } of judgements) {
        const attacked = replaced(judgement, payload, (path) => ofJudgement.includes(path));
        checkJudgement(judgementSchema.parse(attacked), name);
      }
    });

    it(`each text alone: ${kind}`, () => {
      const [report, judgement] = [wholeOf(reportSchema, 0), wholeOf(judgementSchema, 0)];
      const raw = [
        ...ofReport.flatMap((path) =>
          complaint(() =>
            checkReport(
              replaced(report, payload, (one) => one === path),
              path,
            ),
          ),
        ),
        // those of its reports were replaced above
        ...ofJudgement
          .filter((path) => !/^models\.\*\.(report|proposed)\./.test(path))
          .flatMap((path) =>
            complaint(() =>
              checkJudgement(
                replaced(judgement, payload, (one) => one === path),
                path,
              ),
            ),
          ),
      ];
      assert.deepEqual(raw, []);
    });
  }

  it("is tried of all texts", () => {
    const free = freePaths(reportSchema, "");
    for (const path of ["metrics.*.title", "waivers.*.until", "robustness.metric.title"])
      assert.ok(free.includes(path), path);
  });
});
