import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Column } from "../../../../src/core/tables/column.ts";
import { compile, parseExpression } from "../../../../src/core/tables/expression/index.ts";
import { FUNCTIONS } from "../../../../src/core/tables/expression/operations.ts";

const page = readFileSync("docs/reference/expressions.md", "utf8");
const examples = [...page.matchAll(/^\| `(.+?)` \| `(.+?)` \|/gm)].map((found) =>
  found.slice(1).map((cell) => cell.replaceAll("\\|", "|")),
);

function only(column: Column): unknown {
  if (column.kind === "text") return column.words[column.codes[0] ?? -1] ?? null;
  const value = column.values[0] as number;
  if (Number.isNaN(value)) return null;
  return column.kind === "boolean" ? value === 1 : value;
}

describe("docs/reference/expressions.md", () => {
  for (const [expression = "", value = ""] of examples) {
    it(`${expression} is ${value}`, () => {
      const row = { rows: 1, columns: new Map() };
      const found = only(compile(parseExpression(expression))(row));
      assert.deepEqual(found, only(compile(parseExpression(value))(row)));
    });
  }

  it("shows every function", () => {
    const shown = new Set(examples.map(([expression = ""]) => /^(\w+)\(/.exec(expression)?.[1]));
    assert.deepEqual(
      FUNCTIONS.filter((name) => !shown.has(name)),
      [],
    );
  });
});
