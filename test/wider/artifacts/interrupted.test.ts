import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { assertSound, run } from "../../artifacts/killing.ts";
import { silent, temporaryWorkspace } from "../../artifacts/temporary.ts";

describe("several processes at once", () => {
  it("add, push and pull side by side", async () => {
    const files: Record<string, string> = {};
    const names = Array.from({ length: 12 }, (_, index) => `data/${index}.csv`);
    for (const name of names) files[name] = `${name}\n`.repeat(1000);
    const { folder, workspace } = await temporaryWorkspace(files);
    const thirds = [0, 1, 2].map((start) => names.filter((_, index) => index % 3 === start));
    await Promise.all([...thirds, names].map((list) => run({ folder, args: ["add", ...list] })));
    const ignored = readFileSync(join(folder, "data/.gitignore"), "utf8").trimEnd().split("\n");
    assert.deepEqual(ignored.sort(), names.map((name) => name.replace("data", "")).sort());

    await Promise.all([run({ folder, args: ["push"] }), run({ folder, args: ["push"] })]);
    for (const name of names) rmSync(join(folder, name));
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    await Promise.all([run({ folder, args: ["pull"] }), run({ folder, args: ["pull"] })]);
    for (const name of names) assert.equal(readFileSync(join(folder, name), "utf8"), files[name]);
    await assertSound(workspace.cache);
  });
});

describe("a full disk", () => {
  it("keeps the cache sound and is said in words", async () => {
    const { folder } = await temporaryWorkspace({ "data/a.csv": "1\n" });
    const workspace = await openWorkspace(folder, silent());
    const full = async function* (): AsyncIterable<Uint8Array> {
      yield Buffer.from("1");
      throw Object.assign(new Error("write"), { code: "ENOSPC" });
    };
    const { md5 } = await add(workspace, "data/a.csv");
    workspace.cache.drop(md5);
    await assert.rejects(workspace.cache.receive(md5, full), {
      name: "UserError",
      message: `${workspace.cache.url}: no space left; make room, then run the same command again`,
    });
    assert.equal(await workspace.cache.has(md5), false);
    writeFileSync(join(folder, "data/a.csv"), "1\n");
    await workspace.cache.put(join(folder, "data/a.csv"));
    await assertSound(workspace.cache);
  });
});
