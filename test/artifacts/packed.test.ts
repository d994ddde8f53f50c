import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { cloudStatus } from "../../src/artifacts/cloud.ts";
import { exportTo } from "../../src/artifacts/export.ts";
import { deleteUnused } from "../../src/artifacts/gc.ts";
import { previewPush } from "../../src/artifacts/preview.ts";
import { pull } from "../../src/artifacts/pull.ts";
import { push } from "../../src/artifacts/push.ts";
import { verify } from "../../src/artifacts/verify.ts";
import { digestOf, objectPath } from "../../src/core/artifacts/digest.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { git, silent, temporaryFolder, temporaryRepository, temporaryWorkspace, write } from "./temporary.ts";

const COUNT = 50;

/** Images, and one file that is not small. */
function images(word: string): Record<string, string> {
  const files = Array.from({ length: COUNT }, (_, index) => [`images/${index}.txt`, `${word} ${index}`]);
  return { ...Object.fromEntries(files), "images/large.bin": word.repeat(1_000_000) };
}

/** A repository whose contract packs; its images are pushed. */
async function pushed(): Promise<{ workspace: Workspace; folder: string; store: string }> {
  const made = await temporaryWorkspace({
    "trainyard.yaml": "artifacts: { pack: true }\n",
    ...images("first"),
  });
  await add(made.workspace, "images");
  await push(made.workspace);
  git(made.folder, "add", "-A");
  git(made.folder, "commit", "-q", "-m", "images");
  return made;
}

/** A clone that has nothing but what Git has. */
async function cloneOf(folder: string): Promise<{ there: Workspace; clone: string }> {
  const clone = join(temporaryFolder(), "clone");
  git(folder, "clone", "-q", folder, clone);
  return { there: await openWorkspace(clone, silent()), clone };
}

const looseIn = (store: string): number =>
  existsSync(join(store, "files"))
    ? readdirSync(join(store, "files"), { recursive: true, withFileTypes: true }).filter((one) =>
        one.isFile(),
      ).length
    : 0;
const packsIn = (store: string): string[] => readdirSync(join(store, "trainyard/packs"));

describe("a packed folder", () => {
  it("lies in packs, comes to every clone as what it is, and is objects of DVC's in its cache", async () => {
    const { workspace, folder, store } = await pushed();
    assert.equal(looseIn(store), 1, "what is large is an object of its own");
    assert.equal(packsIn(store).length, 2, "files, and behind them the manifest");
    assert.equal((await push(workspace)).objects, 0);
    assert.deepEqual((await previewPush(workspace)).would_send, []);

    const { there, clone } = await cloneOf(folder);
    assert.deepEqual(
      (await cloudStatus(there)).versions.map(({ state }) => state),
      ["deleted"],
    );
    await pull(there);
    assert.equal(readFileSync(join(clone, "images/7.txt"), "utf8"), "first 7");
    assert.ok(existsSync(join(there.cache.url, objectPath(digestOf("first 7").md5))));
    assert.deepEqual(
      (await cloudStatus(there)).versions.map(({ state }) => state),
      ["in sync"],
    );
  });

  it("comes to lie loose for DVC: in another remote, in the same, or by a push that says so", async () => {
    const { folder, store } = await pushed();
    const target = join(temporaryFolder(), "target");
    const config = readFileSync(join(folder, ".dvc/config"), "utf8");
    write(folder, { ".dvc/config": `${config}['remote "dvcs"']\n    url = ${target}\n` });
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    const workspace = await openWorkspace(folder, silent());
    assert.equal((await exportTo(workspace, "dvcs", {})).objects, COUNT + 2);
    assert.equal(looseIn(target), COUNT + 2);
    assert.equal(existsSync(join(target, "trainyard/packs")), false);

    assert.deepEqual((await previewPush(workspace, { packed: false })).would_send, ["images"]);
    assert.equal((await push(workspace, { packed: false })).objects, COUNT + 1);
    assert.equal(looseIn(store), COUNT + 2);
    await assert.rejects(exportTo(workspace, "store", {}), /where the versions are already/);
    rmSync(join(store, "files"), { recursive: true });
    assert.equal((await exportTo(workspace, "store", {})).objects, COUNT + 2);
  });

  it("is collected in packs, and what is named stays", async () => {
    const { workspace, folder, store } = await pushed();
    const old = packsIn(store);
    for (let index = 0; index < COUNT / 2; index++)
      write(folder, { [`images/${index}.txt`]: `second ${index}` });
    await add(workspace, "images");
    await push(workspace);
    await deleteUnused(workspace, {
      keep: {},
      before: new Date(Date.now() + 60_000),
      cloud: await workspace.remote(),
      others: [],
      blindly: true,
      forget: true,
    });
    assert.deepEqual(
      packsIn(store).filter((name) => old.includes(name)),
      [],
    );
    const fresh = await openWorkspace(folder, silent());
    const listed = new Set<string>();
    for await (const { name } of (await fresh.remote()).list()) listed.add(name);
    assert.equal(listed.size, COUNT + 2);
    assert.equal(listed.has(digestOf("first 7").md5), false);
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    rmSync(join(folder, "images"), { recursive: true });
    await pull(fresh);
    assert.equal(readFileSync(join(folder, "images/7.txt"), "utf8"), "second 7");
    assert.equal(readFileSync(join(folder, "images/49.txt"), "utf8"), "first 49");
  });

  it("is verified inside of its packs, and repaired", async () => {
    const { workspace, folder, store } = await pushed();
    assert.deepEqual((await verify(workspace, await workspace.remote(), { repair: false })).findings, []);
    const path = packsIn(store)
      .map((name) => join(store, "trainyard/packs", name))
      .find((one) => readFileSync(one).includes("first 7"));
    assert.ok(path);
    const bytes = readFileSync(path);
    bytes.write("worst", bytes.indexOf("first 7"));
    chmodSync(path, 0o644);
    writeFileSync(path, bytes);

    const { there } = await cloneOf(folder);
    await assert.rejects(pull(there), /damaged/);
    assert.equal(await there.cache.has(digestOf("first 7").md5), false);
    assert.equal(await there.cache.has(digestOf("worst 7").md5), false);

    const asked = await openWorkspace(folder, silent());
    const { findings } = await verify(asked, await asked.remote(), { repair: true });
    assert.deepEqual(
      findings.map(({ kind, name, repaired }) => [kind, name, repaired]),
      [["damaged", digestOf("first 7").md5, true]],
    );
    assert.deepEqual((await verify(asked, await asked.remote(), { repair: false })).findings, []);
    await pull(there);
  });

  it("is packed as the base of a laid-out change says, not as the change does", async () => {
    const folder = temporaryRepository();
    const store = join(temporaryFolder(), "store");
    write(folder, {
      ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n`,
      "trainyard.yaml": "artifacts: { pack: true }\n",
      ".git/trainyard-remote.json": JSON.stringify({ remote: null, why: "none", set: false }),
      ...images("x"),
    });
    const workspace = await openWorkspace(folder, silent());
    await add(workspace, "images");
    await push(workspace);
    assert.equal(looseIn(store), COUNT + 2);
  });
});
