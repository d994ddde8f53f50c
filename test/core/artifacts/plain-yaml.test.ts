import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { type Lock, parseLock, printLock } from "../../../src/core/artifacts/lock.ts";
import { readPlainYaml } from "../../../src/core/artifacts/plain-yaml.ts";

/** What the whole parser says; undefined where it refuses. */
function whole(text: string): unknown {
  try {
    return parse(text, { version: "1.2" });
  } catch {
    return undefined;
  }
}

/** Values that look like something else, and shapes at the border of what is plain. */
const VALUES = [
  "1", "-1", "0", "-0", "01", "1.50", "1e5", "12e45", "123e4567", "1234567890123456789", "0x1f", "0o17", ".5", "-.5", "+1", "1.", "0.1.0",
  "true", "True", "false", "null", "Null", "~", ".inf", "-.inf", ".NaN", "yes", "no", "abc", "a b", "a: b", "a #b", "a:b", "#x", "'x'", '"x"',
  '"x" y', '"a\\nb"', '""', "[]", "{}", "[a, 1, true]", "{a: 1, b: [x]}", "[a", "{a}: {b}", "[a] b", "[*x]", "&x 1", "*x", "!!str 1", "|", ">", "- a", "? a",
  "a  b", " a", "a ", "@x", "%x", "a,b", "(a)", "a=b >= 1", "./x", "...", "---", "..", "2001-01-01", "7d9a06c9", "e1", "1e", "e", "1e1f", "12", "a\tb", "ü", "=", "<<",
]; // biome-ignore format: a table

const TEXTS = [
  "a: 1\na: 2\n",
  "a: 1\n  b: 2\n",
  "a:\n  b: 1\n c: 2\n",
  "a:\n    b: 1\n",
  "a:\n",
  "a:\nb: 1\n",
  "a:\n- b: 1\n- c: 2\n  d: 3\ne: 4\n",
  "a:\n- b: 1\nc:\n- d:\n  - e: 1\n  f: 2\n",
  "a:\n- b:\n    c: 1\n  d: 2\n",
  "a:\n  - b: 1\n",
  "a:\n- b: 1\n  - c: 2\n",
  "- a: 1\n- b: 2\n",
  "a: 1\n- b: 2\n",
  "a: b\n  c\n",
  "a: b\n\n# note\nc: d\n",
  "true: 1\n",
  "1: 2\n",
  "__proto__: 1\n",
  '"a b": 1\n"c: d": 2\n',
  "<<: 1\n",
  "a : 1\n",
  "a:  1\n",
  "a: 1\r\nb: 2\r\n",
  "a: 1\n---\nb: 2\n",
  "a: b c \n  d\n  e: f\n",
  "s:\n  c: cp a \n    b/c d\n  d: x\n",
  "s:\n  c: cp a\n      b/c d\n      - e [f] {g} 'h' \"i\" & *j !k | >l % @m `n`\n  d: x\n",
  "s:\n- c: cp a\n    b\n  d: x\n",
  "s:\n- c: cp a\n  b\n  d: x\n",
  "s:\n  c: cp a\n  b\n",
  "a: b\n# note\n  c\n",
  "a: b\n\n  c\n",
  "a: 1\n  2\n",
  "a: b #c\n  d\n",
  "a: b\n  c #d\n",
  "a: b\n  c:\n",
  "a: b\n  c:d e\n",
  "a: b\n  #c\n",
  "a: true\n  b\n",
  "a: 'b'\n  c\n",
  "a: b\n \tc\n",
  "each@us:\n  a: 'b'\n",
  "a: 'it''s'\n",
  "a: '1'\nb: '# x: y'\nc: ''\n",
  "a: https://x.example/y?z=1&u=:8\nb: x:\n",
  "a: x :y\n",
  "a: é日本 語\nb: Ünder\nc: \u00a0x\nd: x\u2028y\ne: 😀\nf: Привет мир\n",
  "schema: '2.0'\nstages:\n  a@b-1.0:\n    cmd: x\n    outs:\n    - path: a.txt\n      size: 1\n",
  "",
];

describe("plain YAML", () => {
  it("is read as a whole parser reads it, or not at all", () => {
    const texts = [
      ...TEXTS,
      ...VALUES.map((value) => `k: ${value}\n`),
      ...VALUES.map((value) => `a:\n- ${value}: 1\n  b: ${value}\nc: x\n`),
      ...VALUES.map((value) => `a:\n  ${value}:\n    b: ${value}\n  d: ${value}\n`),
    ];
    let read = 0;
    for (const text of texts) {
      const value = readPlainYaml(text);
      if (value === undefined) continue;
      read++;
      assert.deepEqual(value, whole(text), JSON.stringify(text));
    }
    assert.ok(read > 60, `${read} of ${texts.length} are read`);
  });

  it("is what a lock is printed in", () => {
    const facts = {
      rows: 10,
      rate: 0.1,
      list: [1, "no", true],
      none: null,
      deep: { "a b": "1", "x: y": "0x1" },
    };
    const value = { by: "hash", odd: ["1e5", "a: b", "", " ", "~"] };
    const lock: Lock = new Map([
      [
        "train",
        {
          fingerprint: digestOf("1").sha256,
          in: [{ kind: "parameters", name: "a: b", value, reason: "r" }],
          out: [{ path: "models/m", ...digestOf("2"), size: 3 }],
          facts,
        },
      ],
    ]);
    const text = printLock(lock);
    assert.deepEqual(readPlainYaml(text), whole(text));
    assert.notEqual(readPlainYaml(text), undefined);
    assert.deepEqual(parseLock(text, "trainyard.lock"), lock);
  });
});
