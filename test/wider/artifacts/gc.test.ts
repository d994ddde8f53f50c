import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { add } from "../../../src/artifacts/add.ts";
import { push } from "../../../src/artifacts/push.ts";
import { objectPath } from "../../../src/core/artifacts/digest.ts";
import type { Workspace } from "../../../src/ports/workspace.ts";
import { assertVerified, KILLS, killOften, run } from "../../artifacts/killing.ts";
import { git, temporaryFolder, temporaryWorkspace, write } from "../../artifacts/temporary.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Files that the working tree names, and others that nothing does. */
const FILES = 100;
const LITTER = 400;

/** A directory of which the working tree names the last version, with many files that nothing names. */
async function littered(): Promise<{ workspace: Workspace; folder: string; store: string }> {
  const made = await temporaryWorkspace();
  const { workspace, folder } = made;
  for (const [round, count] of [
    ["then", LITTER],
    ["now", FILES],
  ] as const) {
    rmSync(join(folder, "d"), { recursive: true, force: true });
    const files = Array.from({ length: count }, (_, index) => [`d/${index}`, `${round} ${index}`]);
    write(folder, Object.fromEntries(files));
    await add(workspace, "d");
    await push(workspace);
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", round);
  }
  const old = new Date(Date.now() - 30 * DAY);
  for (const { url, list } of [workspace.cache, await workspace.remote()]) {
    for await (const { name } of list()) utimesSync(join(url, objectPath(name)), old, old);
  }
  return made;
}

async function assertWhole(workspace: Workspace, folder: string): Promise<void> {
  for (let index = 0; index < FILES; index++) {
    assert.equal(readFileSync(join(folder, `d/${index}`), "utf8"), `now ${index}`);
  }
  for (const place of [undefined, await workspace.remote()]) {
    assert.deepEqual(await assertVerified(workspace, place), { objects: FILES + 1, unlisted: 0 });
  }
}

describe("gc among others", () => {
  it("runs beside two pulls, and nothing that is named is gone", async () => {
    const { workspace, folder } = await littered();
    rmSync(join(folder, "d"), { recursive: true });
    await Promise.all(["pull", "gc", "pull"].map((command) => run({ folder, args: [command] })));
    await assertWhole(workspace, folder);
  });

  it(`can be killed at ${KILLS} moments, cache and remote: what is named is whole, and the next one does the rest`, async () => {
    const { workspace, folder, store } = await littered();
    const saved = temporaryFolder();
    const places = { store, cache: join(folder, ".dvc/cache") };
    for (const [name, place] of Object.entries(places)) {
      cpSync(place, join(saved, name), { recursive: true, preserveTimestamps: true });
    }
    const gc = { folder, args: ["gc"] };
    let partial = 0;
    await killOften([{ ...gc, from: "deleting" }, gc], 43, {
      before(turn) {
        if (turn % 4 === 3) return; // it goes on
        for (const [name, place] of Object.entries(places)) {
          rmSync(place, { recursive: true });
          cpSync(join(saved, name), place, { recursive: true, preserveTimestamps: true });
        }
      },
      async after(turn) {
        let left = 0;
        for (const place of [undefined, await workspace.remote()]) {
          left += (await assertVerified(workspace, place)).unlisted;
        }
        if (left > 0 && left < 2 * (LITTER + 1)) partial++;
        if (turn % 8 !== 7) return;
        await run(gc);
        await assertWhole(workspace, folder);
      },
    });
    assert.ok(partial > KILLS / 10, `${partial} of ${KILLS} were interrupted in the middle`);
    await run(gc);
    await assertWhole(workspace, folder);
  });
});
