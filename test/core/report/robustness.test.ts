import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { robustnessBlock } from "../../../src/core/report/comment/robustness.ts";
import { robustnessCards } from "../../../src/core/report/html/robustness.ts";
import { report as schema } from "../../../src/core/report/report.ts";
import { robustness as shape } from "../../../src/core/report/sections/robustness.ts";
import { renderTerminal } from "../../../src/core/report/terminal.ts";
import { HOSTILE, ROBUSTNESS } from "./robustness-case.ts";

const comment = robustnessBlock({ robustness: ROBUSTNESS })?.versions[0] ?? "";
const page = robustnessCards({ robustness: ROBUSTNESS }).join("\n");

describe("robustness in a comment", () => {
  it("says in its one line what was found: the worst case, what is broken, what is grave", () => {
    const [, line = ""] = /<summary>(.*)<\/summary>/.exec(comment) ?? [];
    assert.match(line, /worst case units, <code>age<\/code>: ROC AUC worse by 0\.107 \(0\.067 to 0\.147\)/);
    assert.match(line, /1 of 4 expectations broken/);
    assert.match(line, /alone nearly tells the label$/);
  });

  it("tells a table of worst cases, with the columns that the model refuses to speak of", () => {
    assert.match(
      comment,
      /\| Units \| `age`, 1,000 times as large in 10\.0% of the rows \| 0\.705 \| \+0\.107 .* \| worse \|/,
    );
    assert.match(comment, /worst of many, could be chance; no answer: `age`/);
    assert.match(comment, /\| Typos \| – \| – \| – \| no column it applies to \|/);
    assert.match(comment, /34 of 1,000 \(3\.4%\) \| 0\.120 \| broken/);
  });

  it("names no value of the data, and lets no name format, link or ping", () => {
    assert.doesNotMatch(comment, /101[0-9]/); // of the curve
    for (const said of [comment, page]) assert.doesNotMatch(said, /<script|<!-- x|<\/summary>\|/);
    assert.doesNotMatch(comment, /@team/); // an invisible character stands between
  });

  it("says that nothing was checked where that is so", () => {
    const unchecked = {
      ...ROBUSTNESS,
      unchecked: "the model is known by its predictions alone",
      perturbations: [],
      importance: [],
      dependence: [],
    };
    const said = robustnessBlock({ robustness: unchecked })?.versions[0] ?? "";
    assert.match(
      said,
      /<summary><b>Robustness<\/b> · not checked: the model is known by its predictions alone/,
    );
    assert.equal(robustnessBlock({}), null);
    assert.match(robustnessCards({ robustness: unchecked }).join(""), /Not checked: the model is known/);
  });

  it("stays small, however many columns there are", () => {
    const [first] = ROBUSTNESS.importance;
    assert.ok(first !== undefined);
    const many = Array.from({ length: 5000 }, (_, place) => ({ ...first, name: `${HOSTILE}${place}` }));
    const wide = { ...ROBUSTNESS, importance: many };
    assert.ok((robustnessBlock({ robustness: wide })?.versions[0]?.length ?? 0) < 10_000);
    assert.ok(robustnessCards({ robustness: wide }).join("").length < 300_000);
  });
});

describe("robustness on the page", () => {
  it("has its pictures as tables, too", () => {
    assert.equal(page.match(/<svg /g)?.length, 4);
    for (const caption of [
      "Perturbations",
      "Partial dependence",
      "How much worse ROC AUC gets with a column shuffled",
    ]) {
      assert.ok(page.includes(`<caption>${caption}</caption>`), caption);
    }
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("tells what could flatter the model, the grave first", () => {
    const list = page.slice(page.indexOf("<ul>"), page.indexOf("</ul>"));
    const texts = [...list.matchAll(/<li>(.*?)<\/li>/g)].map(([, text = ""]) => text.replace(/<[^>]+>/g, ""));
    assert.equal(texts.length, 7);
    assert.match(
      texts.join("\n"),
      /names the rows.*\n.*closed_at lies after the row.*s own time in 8 of 24,000.*\n.*12 of 24,000.*\n.*1\.3%.*older.*\n.*overfitting\n.*hours/,
    );
  });
});

describe("robustness in the report", () => {
  it("is what its schema says, and stands at the terminal", () => {
    assert.deepEqual(shape.parse(JSON.parse(JSON.stringify(ROBUSTNESS))), ROBUSTNESS);
    const empty = schema.parse(JSON.parse(readFileSync("test/golden/reports/empty.json", "utf8")));
    const said = renderTerminal({ ...empty, robustness: ROBUSTNESS }, { colour: false, width: 110 });
    assert.match(said, /Units +\+0\.107 \(\+0\.067 to \+0\.147\) +worse +age/);
    assert.match(said, /closed_at lies after the row's own time/);
  });
});
