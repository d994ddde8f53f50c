import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assembleReport } from "../../../src/core/report/assemble.ts";
import { checkLines } from "../../../src/core/report/terminal/checks.ts";
import { cells, columns, cut, paint, wrap } from "../../../src/core/report/terminal/columns.ts";
import { renderTerminal } from "../../../src/core/report/terminal.ts";
import { flood } from "./flood.ts";
import { CASES } from "./make-cases.ts";

type Parts = Parameters<typeof assembleReport>[0];
const made = (name: string, colour: boolean, width: number): string =>
  renderTerminal(assembleReport(CASES[name] as Parts), { colour, width });
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
const COLOUR = /\u001b\[\d+m/g;

describe("the report on a terminal", () => {
  it("begins with the verdict", () => {
    assert.match(made("binary-fail", false, 100), /^✕ Fail · wages\nFails: /);
    assert.match(made("empty", false, 100), /^– Not judged: no gates/);
  });

  it("has no line wider than the terminal, and nothing but lines", () => {
    for (const width of [40, 72, 100, 160]) {
      for (const name of Object.keys(CASES)) {
        for (const line of made(name, false, width).split("\n")) {
          assert.ok(cells(line) <= width, `${name} at ${width}: ${line}`);
          assert.doesNotMatch(line, /\p{Cc}/u);
        }
      }
    }
  });

  it("has colour only when told so, and the same text with it", () => {
    for (const name of Object.keys(CASES)) {
      const coloured = made(name, true, 100);
      assert.match(coloured, COLOUR);
      assert.equal(coloured.replace(COLOUR, ""), made(name, false, 100));
    }
  });

  it("counts what it does not show", () => {
    const text = renderTerminal(flood(500), { colour: false, width: 100 });
    assert.match(text, /… and 480 more gates; report\.html has them/);
    assert.ok(text.split("\n").length < 1500);
  });

  it("tells of a check that did not pass the whole explanation, beside it or below", () => {
    const { checks } = assembleReport(CASES["binary-fail"] as Parts);
    const [failing] = checks.filter(({ verdict }) => verdict === "fail");
    assert.ok(failing);
    const of = (explanation: string) => checkLines([{ ...failing, explanation }], 72, paint(false)).slice(1);
    assert.deepEqual(of("12 break it"), [
      "  ✕  experience: between 0 and 60  12 of 534 rows  fail  12 break it",
    ]);
    assert.deepEqual(of("trainyard.yaml:30:13 + wants numbers, and education is text"), [
      "  ✕  experience: between 0 and 60  12 of 534 rows  fail",
      "     trainyard.yaml:30:13 + wants numbers, and education is text",
    ]);
  });

  it("shows all metrics of plain files, of which no page and no contract tells more", () => {
    const parts = CASES["binary-pass"] as Parts;
    const report = { ...assembleReport({ ...parts, gates: [], checks: [] }), shown: 1 };
    const text = renderTerminal(report, { colour: false, width: 100, plain: true });
    for (const { title } of report.metrics) assert.ok(text.includes(`\n  ${title} `), title);
    assert.doesNotMatch(text, /report\.html|contract|^Gates|^Data checks/m);

    const many = renderTerminal(
      { ...flood(500), gates: [], checks: [] },
      { colour: false, width: 100, plain: true },
    );
    assert.match(many, /… and 480 more groups; --json has them/);
  });
});

describe("columns", () => {
  it("count wide characters as two and marks as none", () => {
    assert.equal(cells("e\u0301"), 1);
    assert.equal(cut("漢字漢字", 5), "漢字…");
  });

  it("are aligned, and the widest gives way first", () => {
    const rows = [
      [{ text: "short" }, { text: "1", align: "right" as const }],
      [{ text: "a very long name" }, { text: "100", align: "right" as const }],
    ];
    assert.deepEqual(columns(rows, 80), ["  short               1", "  a very long name  100"]);
    assert.deepEqual(columns(rows, 14), ["  short      1", "  a very…  100"]);
  });

  it("wrap words, and break one that is too long", () => {
    assert.deepEqual(wrap("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
    assert.deepEqual(wrap("", 4), [""]);
  });
});
