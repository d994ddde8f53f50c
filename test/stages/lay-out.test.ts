import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Ports } from "../../src/ports/ports.ts";
import type { LayOut } from "../../src/ports/trees.ts";
import layOut from "../../src/stages/lay-out.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const C = "c".repeat(40);

async function laidOut(inputs: Readonly<Record<string, string>>) {
  const asked: LayOut[] = [];
  const ports = {
    folder: "/work",
    layOut: async (request: LayOut) => {
      asked.push(request);
      const trees = Object.keys(request.trees).map((name) => [
        name,
        { folder: `/work/${name}`, files: 1234 },
      ]);
      return { trees: Object.fromEntries(trees), notes: ["head: a \u001b[31mnote"] };
    },
  } as unknown as Ports;
  const { outputs, text } = await layOut.run(inputs as never, ports);
  return { outputs, text, asked };
}

describe("lay-out", () => {
  it("asks for the change with the remotes of its base", async () => {
    const { outputs, text, asked } = await laidOut({ head: A, base: B, mergeBase: C, token: "t" });
    const trees = { head: A, base: B };
    assert.deepEqual(asked, [{ token: "t", into: "/work", trees, also: [C], remotesOf: "base" }]);
    assert.deepEqual(outputs, { head: "/work/head", base: "/work/base" });
    assert.equal(text, `head ${A}: 1,234 files\nbase ${B}: 1,234 files\nhead: a \ufffd[31mnote`);
  });

  it("may be asked for the base alone", async () => {
    const { outputs, asked } = await laidOut({ base: B });
    assert.deepEqual(asked[0]?.trees, { base: B });
    assert.deepEqual(outputs, { head: "", base: "/work/base" });
  });

  it("takes whole commit ids and nothing else", async () => {
    for (const [name, option] of [
      ["head", "head"],
      ["base", "base"],
      ["mergeBase", "merge-base"],
    ] as const) {
      for (const value of ["main", "--upload-pack=x", A.toUpperCase(), `${A}\n`, A.slice(1)]) {
        await assert.rejects(laidOut({ head: A, base: B, [name]: value }), {
          name: "UserError",
          message: new RegExp(`^${option} is ".*"; it takes a whole commit id`),
        });
      }
    }
  });
});
