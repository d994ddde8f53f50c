import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { writeDesired } from "../../src/core/deployments/desired.ts";
import { UserError } from "../../src/errors.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { LayOut } from "../../src/ports/trees.ts";
import layOut from "../../src/stages/lay-out.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const C = "c".repeat(40);

interface World {
  /** What the forge says of where the change left its base; it says no where absent. */
  readonly mergeBase?: string;
  /** Files that the change alters, on both sides. */
  readonly changed?: Readonly<
    Record<string, readonly [before: string | undefined, after: string | undefined]>
  >;
}

async function laidOut(inputs: Readonly<Record<string, string>>, { mergeBase, changed = {} }: World = {}) {
  const asked: LayOut[] = [];
  const ports = {
    folder: "/work",
    host: { kind: "actions" },
    forge: async () => ({
      pulls: {
        mergeBase: async () => {
          if (mergeBase === undefined) throw new UserError("no such commits");
          return mergeBase;
        },
      },
    }),
    workspace: async () => ({
      repo: {
        changed: async () => Object.keys(changed),
        show: async (commit: string, path: string) => {
          const text = changed[path]?.[commit === inputs.head ? 1 : 0];
          return text === undefined ? undefined : Buffer.from(text);
        },
      },
    }),
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
    assert.deepEqual(outputs, { head: "/work/head", base: "/work/base", mergeBase: C, onlyStates: "false" });
    assert.equal(text, `head ${A}: 1,234 files\nbase ${B}: 1,234 files\nhead: a \ufffd[31mnote`);
  });

  it("may be asked for the base alone", async () => {
    const { outputs, asked } = await laidOut({ base: B });
    assert.deepEqual(asked[0]?.trees, { base: B });
    assert.deepEqual(outputs, { head: "", base: "/work/base", mergeBase: "", onlyStates: "false" });
  });

  it("asks the forge where the change left its base, and does without where it says no", async () => {
    const { outputs, asked } = await laidOut({ head: A, base: B, token: "t" }, { mergeBase: C });
    assert.deepEqual([outputs.mergeBase, asked[0]?.also], [C, [C]]);
    const without = await laidOut({ head: A, base: B, token: "t" });
    assert.deepEqual([without.outputs.mergeBase, without.asked[0]?.also], ["", []]);
  });

  it("says that nothing but desired states changes, where each is one, before and after", async () => {
    const state = writeDesired({
      model: "wages",
      digest: { sha256: "a".repeat(64), md5: "b".repeat(32) } as never,
    });
    const path = "deployments/production/wages.yaml";
    const only = async (changed: World["changed"]) =>
      (await laidOut({ head: A, base: B, mergeBase: C }, { changed: changed ?? {} })).outputs.onlyStates;
    assert.equal(await only({ [path]: [undefined, state] }), "true");
    assert.equal(await only({ [path]: [state, undefined] }), "true");
    assert.equal(await only({}), "false");
    assert.equal(await only({ [path]: [state, "kind: Deployment\n"] }), "false");
    assert.equal(await only({ [path]: ["kind: Deployment\n", state] }), "false");
    assert.equal(await only({ [path]: [undefined, state], "train.py": ["", "x"] }), "false");
    assert.equal(
      await only({ "deployments/wages/trainyard.yaml": [undefined, "model: trainyard\n"] }),
      "false",
    );
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
