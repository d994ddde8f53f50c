import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { globSync } from "tinyglobby";
import { examplesIn, examplesOf, runExample } from "./examples.ts";

/* Every `@example` of the pure parts is executed, so that no comment can go stale. */

const files = globSync([
  "src/{core,config,action}/**/*.ts",
  "src/stages/{inputs,stage}.ts",
  "src/errors.ts",
]).sort();

for (const file of files) {
  const examples = examplesOf(file);
  if (examples.length === 0) continue;
  describe(file, () => {
    for (const example of examples) {
      it(`${example.line}: ${example.expression}`, () => runExample(example));
    }
  });
}

/* The comments are put together here, so that this file holds none of them. */
const comment = (...lines: string[]) => ["/**", ...lines.map((line) => ` * ${line}`), " */"].join("\n");

describe("the examples of a source text", () => {
  it("are found with their line, whether on one line or on several", () => {
    const source = `const a = 1;\n${comment("Doc.", "", "@example f(1) // => 2", "@example f([", "  1,", "]) // => [", "  2]")}`;
    assert.deepEqual(
      examplesIn("a.ts", source).map(({ line, expression, expected }) => ({ line, expression, expected })),
      [
        { line: 5, expression: "f(1)", expected: { value: "2" } },
        { line: 6, expression: "f([\n  1,\n])", expected: { value: "[\n  2]" } },
      ],
    );
  });

  it("may promise an error", () => {
    const [found] = examplesIn("a.ts", comment('@example f("x") // throws "unknown"'));
    assert.deepEqual(found?.expected, { throws: "unknown" });
  });

  it("are refused where they promise nothing", () => {
    assert.throws(() => examplesIn("a.ts", comment("@example f(1)")), /a\.ts:2 an @example without/);
    assert.throws(() => examplesIn("a.ts", comment("@example f(1 // => 2")), /not an expression/);
  });

  it("fail where the value is another one", async () => {
    const [wrong] = examplesIn("src/errors.ts", comment('@example placeText({ file: "a" }) // => "b"'));
    await assert.rejects(runExample(wrong!), assert.AssertionError);
    const [silent] = examplesIn("src/errors.ts", comment('@example placeText({ file: "a" }) // throws "b"'));
    await assert.rejects(runExample(silent!), /Missing expected rejection/);
    const [far] = examplesIn("src/errors.ts", comment("@example 1 / 3 // => 0.334…"));
    await assert.rejects(runExample(far!), assert.AssertionError);
  });
});
