import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { add } from "../../src/artifacts/add.ts";
import { pull } from "../../src/artifacts/pull.ts";
import { digitsOf, md5, objectPath } from "../../src/core/artifacts/digest.ts";
import { legacyDigestOf, legacyDirectory } from "../../src/core/artifacts/legacy-hash.ts";
import { printManifest } from "../../src/core/artifacts/manifest.ts";
import { temporaryWorkspace, write } from "./temporary.ts";

const windows = "line1\r\nline2\r\n";
const file = legacyDigestOf(windows);
const folderName = legacyDirectory([{ relpath: "a.txt", name: file }]);
const manifest = printManifest([{ relpath: "a.txt", md5: md5(digitsOf(file)) ?? assert.fail() }]);
const pointers = {
  "w.csv.dvc": `outs:\n- md5: ${digitsOf(file)}\n  size: ${windows.length}\n  path: w.csv # ours\n`,
  "d.dvc": `outs:\n- md5: ${digitsOf(folderName)}\n  size: ${windows.length}\n  nfiles: 1\n  path: d\n`,
};

/** A repository of DVC 2's, whose bytes are in the remote, in DVC 2's layout. */
async function legacyWorkspace() {
  const { workspace, folder, store } = await temporaryWorkspace(pointers);
  write(store, { [objectPath(file)]: windows, [objectPath(folderName)]: manifest });
  return { workspace, folder, store };
}

describe("a repository of DVC 2", () => {
  it("is pulled as it is, ends of lines and all", async () => {
    const { workspace, folder } = await legacyWorkspace();
    await pull(workspace);
    assert.equal(readFileSync(join(folder, "w.csv"), "utf8"), windows);
    assert.equal(readFileSync(join(folder, "d/a.txt"), "utf8"), windows);
    assert.ok(existsSync(join(folder, ".dvc/cache", objectPath(file))), "where DVC 2 has it, too");
  });

  it("keeps the pointers of what nobody changed", async () => {
    const { workspace, folder } = await legacyWorkspace();
    await pull(workspace);
    for (const [pointer, text] of Object.entries(pointers)) {
      assert.equal((await add(workspace, pointer.slice(0, -4))).changed, false);
      assert.equal(readFileSync(join(folder, pointer), "utf8"), text);
    }
  });

  it("has pointers of DVC 3 for what was changed, comments kept", async () => {
    const { workspace, folder } = await legacyWorkspace();
    await pull(workspace);
    write(folder, { "w.csv": "line1\r\n" });
    const { md5, changed } = await add(workspace, "w.csv");
    assert.equal(changed, true);
    assert.equal(
      readFileSync(join(folder, "w.csv.dvc"), "utf8"),
      `outs:\n- md5: ${md5}\n  size: 7\n  path: w.csv # ours\n  hash: md5\n`,
    );
  });

  it("has them, too, where the cache has nothing that the old name could be sent from", async () => {
    const { workspace, folder } = await legacyWorkspace();
    await pull(workspace);
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    assert.equal((await add(workspace, "w.csv")).changed, true);
  });
});
