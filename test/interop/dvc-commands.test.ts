import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openElsewhere } from "../../src/adapters/repo/elsewhere.ts";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { bringFrom } from "../../src/artifacts/bring-from.ts";
import { diffTrees } from "../../src/artifacts/data-diff.ts";
import { deleteUnused } from "../../src/artifacts/gc.ts";
import { importFrom } from "../../src/artifacts/import.ts";
import { push } from "../../src/artifacts/push.ts";
import { addRemote, listRemotes, modifyRemote } from "../../src/artifacts/remotes.ts";
import { treeAt, workingTree } from "../../src/artifacts/tree.ts";
import { git, silent, temporaryFolder, temporaryRepository, write } from "../artifacts/temporary.ts";
import { dvcPython } from "./python.ts";

/** The DVC that these tests are held to: the commands on remotes and on history. */
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
  return execFileSync(python, ["-m", "dvc", ...args], { cwd: folder, env, encoding: "utf8" });
}

function commit(folder: string, message: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", message);
}

const read = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");

/** Two commits with data of ours, pushed to a folder. */
async function history(): Promise<{ folder: string; store: string }> {
  const folder = temporaryRepository();
  const store = join(temporaryFolder(), "store");
  write(folder, { ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n` });
  const workspace = await openWorkspace(folder, silent());
  const save = async (files: Readonly<Record<string, string>>, message: string) => {
    write(folder, files);
    for (const path of ["a.csv", "old.csv", "images"]) {
      if (existsSync(join(folder, path))) await add(workspace, path);
    }
    await push(workspace);
    commit(folder, message);
  };
  await save({ "a.csv": "1", "old.csv": "9", "images/x": "1", "images/y": "2", "images/deep/z": "3" }, "one");
  git(folder, "mv", "old.csv.dvc", "new.csv.dvc");
  write(folder, { "new.csv.dvc": read(folder, "new.csv.dvc").replace("old.csv", "new.csv") });
  rmSync(join(folder, "old.csv"));
  rmSync(join(folder, "images/y"));
  write(folder, { "new.csv": "9" });
  await save({ "a.csv": "22", "images/w": "4", "images/moved": "3" }, "two");
  return { folder, store };
}

describe("the real DVC", { skip }, () => {
  it("has the same remotes after the same commands", async () => {
    const [ours, theirs] = [temporaryRepository(), temporaryRepository()];
    dvc(theirs, "init", "--quiet");
    for (const folder of [ours, theirs]) mkdirSync(join(folder, "deep"));
    dvc(join(theirs, "deep"), "remote", "add", "-d", "Store", "../../store");
    dvc(theirs, "remote", "add", "cloud", "s3://bucket/a, b");
    dvc(theirs, "remote", "modify", "cloud", "endpointurl", "http://x#y");
    dvc(theirs, "remote", "modify", "--local", "cloud", "access_key_id", "k");
    const workspace = await openWorkspace(ours, silent());
    const at = (folder: string, level: "repo" | "local" = "repo") => ({ level, folder });
    const plain = { force: false, asDefault: false };
    await addRemote(workspace, at(join(ours, "deep")), {
      ...plain,
      name: "Store",
      url: "../../store",
      asDefault: true,
    });
    await addRemote(workspace, at(ours), { ...plain, name: "cloud", url: "s3://bucket/a, b" });
    await modifyRemote(workspace, at(ours), { name: "cloud", option: "endpointurl", value: "http://x#y" });
    await modifyRemote(workspace, at(ours, "local"), { name: "cloud", option: "access_key_id", value: "k" });
    const listed = await listRemotes(workspace);
    assert.deepEqual(listed, await listRemotes(await openWorkspace(theirs, silent())));
    const names = dvc(ours, "remote", "list")
      .trim()
      .split("\n")
      .map((line) => line.split(/\s/)[0]);
    assert.deepEqual(
      names,
      listed.map(({ name }) => name),
    );
    assert.equal(dvc(ours, "config", "remote.cloud.endpointurl").trim(), "http://x#y");
    assert.equal(dvc(ours, "config", "--local", "remote.cloud.access_key_id").trim(), "k");
    assert.equal(dvc(ours, "remote", "default").trim(), "store");
  });

  it("finds the same differences", async () => {
    const { folder } = await history();
    const workspace = await openWorkspace(folder, silent());
    write(folder, { "a.csv": "333", "images/v": "5" });
    rmSync(join(folder, "images/w"));
    const pairs: readonly (readonly string[])[] = [["HEAD~1", "HEAD"], ["HEAD"], ["HEAD~1"]];
    for (const [before = "", after] of pairs) {
      const said = JSON.parse(dvc(folder, "diff", "--json", before, ...(after === undefined ? [] : [after])));
      const newer = after === undefined ? workingTree(workspace) : await treeAt(workspace, after);
      const { diff } = await diffTrees(workspace, await treeAt(workspace, before), newer, { targets: [] });
      const of = (kind: string): readonly unknown[] =>
        diff.changes
          .filter((change) => change.kind === kind)
          .map((change) => {
            if (change.kind === "renamed") return { old: change.before.path, new: change.after.path };
            return change.kind === "added" ? change.after.path : change.before.path;
          });
      for (const kind of ["added", "deleted", "modified", "renamed"]) {
        const theirs = (said[kind] as { path: unknown }[]).map(({ path }) => path);
        assert.deepEqual(of(kind), theirs, `${kind} from ${before} to ${after ?? "the working tree"}`);
      }
    }
  });

  it("pulls and finds nothing amiss after our gc, which keeps what its own would", async () => {
    const { folder, store } = await history();
    const workspace = await openWorkspace(folder, silent());
    const cloud = await workspace.remote();
    const everything = { others: [], blindly: false, before: new Date(Date.now() + 1000) };
    const ours = await deleteUnused(workspace, { ...everything, keep: {}, cloud, forget: true });
    assert.ok((ours.places[1]?.unused.length ?? 0) > 0);
    assert.match(dvc(folder, "status", "--cloud"), /in sync/);
    const gone = dvc(folder, "gc", "--workspace", "--cloud", "--force", "--dry");
    assert.doesNotMatch(gone, /Removing /, "DVC finds nothing more to remove");
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    rmSync(join(folder, "images"), { recursive: true });
    dvc(folder, "pull");
    assert.equal(read(folder, "images/moved"), "3");
    assert.ok(existsSync(store));
  });

  it("takes our imports for its own, and we take its", async () => {
    const { folder } = await history();
    const here = temporaryRepository();
    const workspace = await openWorkspace(here, silent());
    const from = await openElsewhere({ url: folder, from: here }, silent(), {});
    const wanted = { url: folder, path: "images", to: join(here, "images"), force: false };
    await importFrom(workspace, from, wanted);
    await bringFrom(from, "images/deep", join(here, "got"), workspace);
    await from.close();
    commit(here, "imported");
    assert.match(dvc(here, "status"), /up to date/);

    const theirs = temporaryRepository();
    dvc(theirs, "init", "--quiet");
    dvc(theirs, "import", folder, "images");
    assert.equal(read(here, "images.dvc"), read(theirs, "images.dvc"));
    dvc(theirs, "get", folder, "images/deep", "-o", "got");
    assert.equal(read(theirs, "got/z"), read(here, "got/z"));
    dvc(here, "update", "images.dvc");
    assert.equal(git(here, "status", "--porcelain"), "");
  });
});
