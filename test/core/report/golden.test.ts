import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { globSync } from "tinyglobby";
import { renderHtml } from "../../../src/core/report/html.ts";
import { renderMarkdown } from "../../../src/core/report/markdown.ts";
import { report as schema } from "../../../src/core/report/report.ts";
import { renderTerminal } from "../../../src/core/report/terminal.ts";
import { CASES } from "./make-cases.ts";

/* CASE.json → CASE.md, CASE.html, CASE.txt. UPDATE_GOLDEN=1 writes them anew, to be read as a diff. */

const RENDERINGS = {
  md: renderMarkdown,
  html: renderHtml,
  txt: (report: Parameters<typeof renderTerminal>[0]) =>
    renderTerminal(report, { colour: false, width: 100 }),
} as const;

const files = globSync("test/golden/reports/*.json").sort();

describe("golden reports", () => {
  it("are all there", () => {
    const names = files.map((file) => file.replace(/^.*\/|\.json$/g, ""));
    assert.deepEqual(names, Object.keys(CASES).sort());
  });

  for (const file of files) {
    const report = schema.parse(JSON.parse(readFileSync(file, "utf8")));
    for (const [extension, render] of Object.entries(RENDERINGS)) {
      const golden = file.replace(/json$/, extension);
      it(golden, () => {
        const text = render(report);
        if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, text);
        assert.equal(text, readFileSync(golden, "utf8"));
      });
    }
  }
});
