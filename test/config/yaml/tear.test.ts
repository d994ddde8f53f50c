import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDocument } from "yaml";
import { quoted, tearsIn } from "../../../src/config/yaml/tear.ts";

const tornIn = (text: string) =>
  tearsIn(text, parseDocument(text, { prettyErrors: false }).contents).map(({ start, end }) =>
    text.slice(start, end),
  );

describe("a value between brackets is torn", () => {
  const torn: readonly (readonly [string, readonly string[]])[] = [
    ["{ a: greatest(x, 0) }", ["greatest(x, 0)"]],
    ["{a: f(x, g(y, 1)), b: 2, c: h(1, 2) + 1}", ["f(x, g(y, 1))", "h(1, 2) + 1"]],
    ["{ a: x in ('a', 'b') }", ["x in ('a', 'b')"]],
    ["{ a: x = 'p, q', b: 1 }", ["x = 'p, q'"]],
    ["{ a: one, two, three, b: 1 }", ["one, two, three"]],
    ["[f(x, y) > 1, z]", ["f(x, y) > 1"]],
    ["- { a: { b: f(1, 2) } }\n- { c: [f(3, 4)] }\n", ["f(1, 2)", "f(3, 4)"]],
    ["{ a: f(1,\n  2) }", ["f(1,\n  2)"]],
    ['{ a: coalesce("my col", 0) }', ['coalesce("my col", 0)']],
  ];
  for (const [text, values] of torn) {
    it(JSON.stringify(text), () => assert.deepEqual(tornIn(text), values));
  }
});

describe("a value between brackets is whole", () => {
  const whole = [
    "{ a: don't, b: can't }",
    "[it's, that's, 'quoted, with comma']",
    "{ a: f(x), b: (y), c: \"g(1, 2)\", d: 'h(1, 2)' }",
    "{ a: [1, 2], b: { c: 1, d: 2 }, e: null, f: }",
    "{ a: 1, # it's (fine\n  b: 2 }",
    "{ a: smile :( , b: 2 }",
    "[a, b, c]",
    "[src/**, train.py]",
    "a: f(1, 2)\nb:\n  - g(3, 4)\n",
    "{ a: 1, b: (, c: 2 }",
    "[",
    "{",
    "",
  ];
  for (const text of whole) {
    it(JSON.stringify(text), () => assert.deepEqual(tornIn(text), []));
  }
});

describe("a mended value", () => {
  it("is read as it was meant", () => {
    for (const text of ["f(1, 2)", "x in ('a', 'b')", "\"a\" = 'b'", "a\\d, b", "it's, 'both' \"kinds\""]) {
      assert.equal(parseDocument(`{ a: ${quoted(text)} }`).toJS().a, text);
    }
  });
});
