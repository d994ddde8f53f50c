import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { push } from "../../../src/artifacts/push.ts";
import { assertSound, assertVerified, KILLS, killOften } from "../../artifacts/killing.ts";
import { silent, temporaryWorkspace, write } from "../../artifacts/temporary.ts";

const FILES = 400;

describe("packs among the killed", () => {
  it(`leave nothing that a later push mistakes, killed at ${KILLS} moments`, async () => {
    const { folder, store } = await temporaryWorkspace({ "trainyard.yaml": "artifacts: { pack: true }\n" });
    const files = Array.from({ length: FILES }, (_, index) => [`d/${index}`, `${index}\n`.repeat(50)]);
    write(folder, { ...Object.fromEntries(files), "d/large": "large".repeat(400_000) });
    const added = await add(await openWorkspace(folder, silent()), "d");
    await killOften([{ folder, args: ["push"] }], 13, {
      // Every third begins with nothing, the others with what the killed ones left.
      before(turn) {
        if (turn % 3 === 0) rmSync(store, { recursive: true, force: true });
      },
      async after() {
        // As another machine sees it, which knows nothing of the one that was killed.
        rmSync(join(folder, ".trainyard"), { recursive: true, force: true });
        const workspace = await openWorkspace(folder, silent());
        const remote = await workspace.remote();
        const objects = await assertSound(remote);
        const there = await remote.present([added.md5]);
        assert.equal(objects, there.size === 0 ? objects : FILES + 2, "a manifest is there after its files");
      },
    });
    const workspace = await openWorkspace(folder, silent());
    await push(workspace);
    assert.deepEqual(await assertVerified(workspace, await workspace.remote()), {
      objects: FILES + 2,
      unlisted: 0,
    });
    assert.deepEqual(readdirSync(join(store, "files/md5")).length, 1, "what is large lies by itself");
  });
});
