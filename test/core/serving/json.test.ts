import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseJson, printNumber } from "../../../src/core/serving/json.ts";
import { Refusal } from "../../../src/core/serving/refusal.ts";
import { random } from "../../../src/core/stats/random.ts";

const draw = random(20261121);
const whole = (below: number): number => draw.below(below);

function value(depth: number): unknown {
  const kind = whole(depth > 3 ? 6 : 8);
  if (kind === 0) return null;
  if (kind === 1) return draw.uniform() < 0.5;
  if (kind === 2) return whole(1000) - 500;
  if (kind === 3) return draw.uniform() * 10 ** (whole(40) - 20);
  if (kind < 6) return ["", "NaN", '"\\', "Infinity,", "ü\u2028\n", "]}"][whole(6)];
  if (kind === 6) return Array.from({ length: whole(4) }, () => value(depth + 1));
  return Object.fromEntries(Array.from({ length: whole(4) }, (_, i) => [`k${i}`, value(depth + 1)]));
}

const refusal = (text: string): string => {
  try {
    parseJson(text);
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return error.message;
  }
  return assert.fail(`${text} was read`);
};

describe("JSON of the protocol", () => {
  it("has words for numbers that JSON has not, outside of strings", () => {
    assert.deepEqual(parseJson('[NaN, Infinity, -Infinity, Inf, "NaN", {"Infinity": -Inf}]'), [
      null,
      Infinity,
      -Infinity,
      Infinity,
      "NaN",
      { Infinity: -Infinity },
    ]);
    for (const text of ["[nan]", "[-NaN]", "[+Infinity]", "[Infinit]", "{NaN: 1}", "[NaNNaN]"]) refusal(text);
  });

  it("is otherwise what JSON is, whatever it looks like", () => {
    for (let i = 0; i < 2000; i++) {
      const one = value(0);
      const text = JSON.stringify(one, undefined, whole(3));
      // With one of the words in it the slow way is gone, which must read all the rest alike.
      const [slow] = parseJson(`[${text}, NaN]`) as unknown[];
      assert.deepEqual(slow, JSON.parse(text));
    }
  });

  it("is refused with the place where it is none, exactly where JSON is", () => {
    for (let i = 0; i < 3000; i++) {
      const text = JSON.stringify(value(0));
      const at = whole(text.length + 1);
      const noise = ["", '"', "{", "]", ",", ":", "\\", "\u0001", "e", "-", "0", ".", "x"][whole(13)] ?? "";
      const broken = text.slice(0, at) + noise + text.slice(at + whole(2));
      let expected: unknown;
      try {
        expected = JSON.parse(broken);
      } catch {
        assert.match(
          refusal(broken),
          /^JSON Parse error: (.* at offset: \d+|The document is empty)$/,
          broken,
        );
        continue;
      }
      assert.deepEqual(parseJson(broken), expected);
    }
  });

  it("says the place as TensorFlow Serving does", () => {
    assert.equal(refusal(""), "JSON Parse error: The document is empty");
    assert.equal(refusal("{a}"), "JSON Parse error: Missing a name for object member. at offset: 1");
    assert.equal(
      refusal('{"a" 1}'),
      "JSON Parse error: Missing a colon after a name of object member. at offset: 5",
    );
    assert.equal(
      refusal('{"a":1 "b"}'),
      "JSON Parse error: Missing a comma or } after an object member. at offset: 7",
    );
    assert.equal(
      refusal("1 2"),
      "JSON Parse error: The document root must not be followed by other values. at offset: 2",
    );
    assert.equal(
      refusal('["a'),
      "JSON Parse error: Missing a closing quotation mark in string. at offset: 1",
    );
  });

  it("nests as deep as anybody likes", () => {
    const depth = 300_000;
    let at = parseJson(`${"[".repeat(depth)}NaN${"]".repeat(depth)}`);
    for (let i = 0; i < depth; i++) [at] = at as unknown[];
    assert.equal(at, null);
  });

  it("writes numbers so that they are read as the same", () => {
    for (const number of [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.5]) {
      assert.equal(JSON.parse(printNumber(number)), number);
    }
    assert.deepEqual([NaN, Infinity, -Infinity].map(printNumber), ["NaN", "Infinity", "-Infinity"]);
  });
});
