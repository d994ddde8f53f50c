import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { pull } from "../../src/artifacts/pull.ts";
import { push } from "../../src/artifacts/push.ts";
import { git, silent, temporaryFolder, temporaryRepository, write } from "../artifacts/temporary.ts";
import { dvcPython } from "./python.ts";

/** The DVC that these tests are held to. */
const { python, skip } = dvcPython();

const site = temporaryFolder();

function dvc(folder: string, ...args: readonly string[]): string {
  const env = {
    ...process.env,
    HOME: site,
    DVC_SITE_CACHE_DIR: join(site, "cache"),
    DVC_NO_ANALYTICS: "1",
    PYTHONUTF8: "1",
  };
  return execFileSync(python, ["-m", "dvc", ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
}

const FILES: Readonly<Record<string, string>> = {
  "data/cps.csv": "age,wage\n42,5.10\n",
  "data/日本 語.csv": "1\r\n2\r\n",
  "data/empty.csv": "",
  "data/run.sh": "#!/bin/sh\n",
  "data/images/é.txt": "1",
  "data/images/日本/語.txt": "2",
  "data/images/😀.txt": "3",
  "data/images/\uff5e.txt": "4",
  'data/images/q"uote\\back.txt': "5",
  "data/images/deep/er/x": "6".repeat(3_000_000),
};
const TARGETS = ["data/cps.csv", "data/日本 語.csv", "data/empty.csv", "data/run.sh", "data/images"];

/** A Git repository with the files, not yet known to DVC. */
function filled(): string {
  const folder = temporaryRepository();
  write(folder, FILES);
  chmodSync(join(folder, "data/run.sh"), 0o755);
  return folder;
}

function cloneOf(folder: string): string {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "versions");
  const clone = join(temporaryFolder(), "clone");
  git(folder, "clone", "-q", folder, clone);
  return clone;
}

function assertFilled(folder: string): void {
  for (const [path, text] of Object.entries(FILES))
    assert.equal(readFileSync(join(folder, path), "utf8"), text, path);
  assert.equal(statSync(join(folder, "data/run.sh")).mode & 0o100, 0o100);
}

describe("the real DVC", { skip }, () => {
  it("pulls what we pushed, and finds nothing to do", async () => {
    const folder = filled();
    const store = join(temporaryFolder(), "store");
    write(folder, { ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n` });
    const workspace = await openWorkspace(folder, silent());
    for (const path of TARGETS) await add(workspace, path);
    await push(workspace);
    assert.match(dvc(folder, "status"), /up to date/);
    assert.match(dvc(folder, "status", "--cloud"), /in sync/);

    const clone = cloneOf(folder);
    dvc(clone, "pull");
    assertFilled(clone);
    assert.match(dvc(clone, "status"), /up to date/);
    dvc(clone, "add", ...TARGETS);
    assert.equal(
      git(clone, "status", "--porcelain"),
      "",
      "DVC writes the same pointers and .gitignore lines",
    );
  });

  it("pushes what we pull, and we write the same pointers", async () => {
    const folder = filled();
    const store = join(temporaryFolder(), "store");
    mkdirSync(store);
    dvc(folder, "init", "--quiet");
    dvc(folder, "remote", "add", "--default", "a store", store);
    dvc(folder, "add", ...TARGETS);
    dvc(folder, "push");
    const workspace = await openWorkspace(folder, silent());
    assert.equal((await push(workspace)).objects, 0, "the remote has everything under our names, too");

    const clone = cloneOf(folder);
    const other = await openWorkspace(clone, silent());
    const pulled = await pull(other);
    assert.deepEqual([pulled.written.length, pulled.refused, pulled.missing], [TARGETS.length, [], []]);
    assertFilled(clone);
    for (const path of TARGETS) assert.equal((await add(other, path)).changed, false, path);
    assert.equal(git(clone, "status", "--porcelain"), "");
    assert.match(dvc(clone, "status"), /up to date/);
  });

  it("works on in a repository that we began, with our cache and after us", async () => {
    const folder = filled();
    const workspace = await openWorkspace(folder, silent());
    await add(workspace, "data/images");
    dvc(folder, "add", "data/cps.csv");
    write(folder, { "data/images/new.txt": "7" });
    assert.match(dvc(folder, "status"), /modified:\s+data\/images/);
    dvc(folder, "commit", "--force", "--quiet");
    assert.equal((await add(workspace, "data/images")).changed, false);
    rmSync(join(folder, "data/images"), { recursive: true });
    dvc(folder, "checkout", "--quiet");
    assert.equal(readdirSync(join(folder, "data/images")).includes("new.txt"), true);
    assert.equal(existsSync(join(folder, "data/cps.csv")), true);
  });
});
