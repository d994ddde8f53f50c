import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCommand } from "../../../local/runner/commands.ts";
import { readPairs } from "../../../local/runner/environment-files.ts";
import { evaluate, expand, fill, holds } from "../../../local/runner/expressions.ts";
import { openMasks } from "../../../local/runner/masks.ts";
import { matches } from "../../../local/runner/patterns.ts";

const scope = {
  contexts: {
    github: { event: { labels: [{ name: "a" }, { name: "b" }] }, number: 7 },
    inputs: { on: true, empty: "" },
  },
};

const after = (success: boolean, cancelled = false) => ({
  ...scope,
  status: { success, failure: !success && !cancelled, cancelled },
});

describe("expressions", () => {
  it("keep their type where they stand alone", () => {
    assert.equal(fill("${{ inputs.on }}", scope), true);
    assert.equal(fill("${{ github.number }}", scope), 7);
    assert.equal(fill("n${{ github.number }}, ${{ inputs.on }}${{ inputs.none }}", scope), "n7, true");
    assert.equal(fill("${{ '}}' }}!", scope), "}}!");
    assert.equal(evaluate("join(github.event.labels.*.name, ',')", scope), "a,b");
    assert.deepEqual(expand({ "k${{ github.number }}": ["${{ fromJSON('[1, 2]') }}"] }, scope), {
      k7: [[1, 2]],
    });
  });

  it("throw where they are wrong", () => {
    assert.throws(() => fill("${{ inputs.on", scope), /not closed/);
    assert.throws(() => evaluate("fromJSON('')", scope));
    assert.throws(() => evaluate("nothing.at.all", scope));
    assert.throws(() => evaluate("hashFiles('a')", scope), /hashFiles/);
  });

  it("mean success() where a condition does not say", () => {
    assert.equal(holds(undefined, after(true)), true);
    assert.equal(holds(undefined, after(false)), false);
    assert.equal(holds("inputs.on", after(false)), false);
    assert.equal(holds("always() && inputs.on", after(false)), true);
    assert.equal(holds("${{ failure() }}", after(false)), true);
    assert.equal(holds("cancelled()", after(false, true)), true);
    assert.equal(holds("'failure()' == inputs.empty", after(false)), false);
    assert.equal(holds(false, after(true)), false);
  });

  it("fall into GitHub's trap of a text in a condition", () => {
    assert.equal(holds("${{ inputs.empty }} == 'x'", after(true)), true);
  });
});

describe("workflow commands", () => {
  it("are read and unescaped", () => {
    assert.deepEqual(readCommand("::warning title=a%2Cb%3A,line=2::100%25"), {
      name: "warning",
      properties: { title: "a,b:", line: "2" },
      message: "100%",
    });
    assert.deepEqual(readCommand("::endgroup::"), { name: "endgroup", properties: {}, message: "" });
    assert.equal(readCommand("a ::error::b"), undefined);
  });
});

describe("environment files", () => {
  it("have single lines and blocks", () => {
    assert.deepEqual(readPairs("a=b=c\n\nd<<X\n1\n\n2\nX\r\ne=\n"), [
      ["a", "b=c"],
      ["d", "1\n\n2"],
      ["e", ""],
    ]);
    assert.deepEqual(readPairs(""), []);
  });

  it("are refused where they are neither", () => {
    assert.throws(() => readPairs("nothing"), /Invalid format 'nothing'/);
    assert.throws(() => readPairs("a<<E\nb"), /delimiter not found 'E'/);
    assert.throws(() => readPairs("=b"), /Invalid format/);
  });
});

describe("masks", () => {
  it("hide the longer before the shorter, lines of their own, and other spellings", () => {
    const masks = openMasks();
    masks.add("abc");
    masks.add("abcdef");
    masks.add('one"1\nsecond two\n');
    masks.add(" ");
    assert.equal(masks.hide("xabcdefx abc"), "x***x ***");
    assert.equal(masks.hide('{"k":"one\\"1"} second two second%20two'), '{"k":"***"} *** ***');
    assert.equal(masks.hide("a b"), "a b");
  });
});

describe("patterns of branches and paths", () => {
  const cases: readonly [readonly string[], string, boolean][] = [
    [["main"], "main", true],
    [["main"], "maine", false],
    [["*"], "a/b", false],
    [["**"], "a/b", true],
    [["feature/*"], "feature/x", true],
    [["v[12].[0-9]+.x"], "v1.10.x", true],
    [["**/*.yml"], "a.yml", true],
    [["**/*.yml"], "a/b.yml", true],
    [["docs/**"], "docs/a/b", true],
    [["*.jsx?"], "page.js", true],
    [["r/**", "!r/**-alpha"], "r/1-alpha", false],
    [["!r", "r"], "r", true],
    [[], "r", false],
  ];
  for (const [patterns, name, wanted] of cases) {
    it(`${JSON.stringify(patterns)} ${wanted ? "mean" : "do not mean"} ${name}`, () => {
      assert.equal(matches(patterns, name), wanted);
    });
  }
});
