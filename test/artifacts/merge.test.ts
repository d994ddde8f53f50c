import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { installDriver, mergeUndecided } from "../../src/artifacts/merge.ts";
import { push } from "../../src/artifacts/push.ts";
import { workingTree } from "../../src/artifacts/tree.ts";
import { versionsOf } from "../../src/artifacts/versions-of.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { git, silent, temporaryFolder, temporaryWorkspace, write } from "./temporary.ts";

function commit(folder: string, message: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", message);
}

/** `git merge` of a branch, which may end undecided. */
function merge(folder: string, branch: string): string {
  const identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"];
  return spawnSync("git", [...identity, "merge", "-q", "--no-edit", branch], {
    cwd: folder,
    encoding: "utf8",
  }).stdout;
}

/** Two branches that changed one directory, each as it is told, and the merge of theirs into ours. */
async function branches(
  ours: Readonly<Record<string, string>>,
  theirs: Readonly<Record<string, string>>,
): Promise<{ workspace: Workspace; folder: string }> {
  const made = await temporaryWorkspace();
  const { workspace, folder } = made;
  const save = async (files: Readonly<Record<string, string>>, message: string) => {
    write(folder, files);
    await add(workspace, "images");
    await push(workspace);
    commit(folder, message);
  };
  await save({ "images/a": "1", "images/b": "1" }, "base");
  git(folder, "checkout", "-q", "-b", "theirs");
  await save(theirs, "theirs");
  git(folder, "checkout", "-q", "main");
  write(folder, { "images/a": "1", "images/b": "1" });
  for (const path of Object.keys(theirs)) if (!/[ab]$/.test(path)) git(folder, "clean", "-fdxq", path);
  await save(ours, "ours");
  merge(folder, "theirs");
  return made;
}

describe("merge", () => {
  it("brings together a directory that both sides changed, with none of its data", async () => {
    const { folder } = await branches({ "images/o": "2" }, { "images/b": "3", "images/t": "4" });
    assert.match(git(folder, "status", "--porcelain"), /^AA|^UU/m);
    // As in a clone where nothing was pulled: manifests come from the remote.
    const clone = join(temporaryFolder(), "clone");
    git(folder, "clone", "-q", folder, clone);
    git(clone, "fetch", "-q", "origin", "theirs:theirs");
    merge(clone, "theirs");
    const workspace = await openWorkspace(clone, silent());
    assert.deepEqual(await mergeUndecided(workspace, { paths: [] }), [
      { path: "images.dvc", merged: true, conflicts: [] },
    ]);
    assert.doesNotMatch(git(clone, "status", "--porcelain"), /^UU/m);
    const [version] = await versionsOf(workingTree(workspace));
    assert.ok(version);
    const manifest = await workspace.cache.manifest(version.name);
    assert.deepEqual(
      manifest.map(({ relpath }) => relpath),
      ["a", "b", "o", "t"],
    );
    assert.equal(version.size, 4);
    let objects = 0;
    for await (const { name } of workspace.cache.list()) if (!name.endsWith(".dir")) objects++;
    assert.equal(objects, 0);
  });

  it("leaves what collides with Git's marks and a sentence, and takes a side that is asked for", async () => {
    const { workspace, folder } = await branches({ "images/a": "2" }, { "images/a": "3" });
    const [file] = await mergeUndecided(workspace, { paths: [] });
    assert.deepEqual(file, {
      path: "images.dvc",
      merged: false,
      conflicts: ['in "images" both sides changed, each its own way: a; all other files merge'],
    });
    assert.match(readFileSync(join(folder, "images.dvc"), "utf8"), /^<{7} ours[\s\S]*^>{7} theirs/m);
    const [chosen] = await mergeUndecided(workspace, { paths: ["images.dvc"], favour: "theirs" });
    assert.equal(chosen?.merged, true);
    const theirs = git(folder, "show", "theirs:images.dvc");
    assert.equal(
      readFileSync(join(folder, "images.dvc"), "utf8").match(/md5: (\S+)/)?.[1],
      theirs.match(/md5: (\S+)/)?.[1],
    );
  });

  it("knows undecided data by their own path and their folder's, and no path that is not undecided", async () => {
    for (const asked of ["images", "", "images.dvc"]) {
      const { workspace } = await branches({ "images/a": "2" }, { "images/a": "3" });
      const [chosen] = await mergeUndecided(workspace, { paths: [asked], favour: "theirs" });
      assert.deepEqual(chosen, { path: "images.dvc", merged: true, conflicts: [] });
      assert.deepEqual(await mergeUndecided(workspace, { paths: [asked] }), []);
    }
    const { workspace } = await branches({ "images/a": "2" }, { "images/a": "3" });
    await assert.rejects(mergeUndecided(workspace, { paths: ["images", "image"], favour: "theirs" }), {
      name: "UserError",
      message: '"image" is not undecided; undecided: images.dvc',
    });
  });

  it("writes over nothing that somebody decided by hand", async () => {
    const { workspace, folder } = await branches({ "images/a": "2" }, { "images/a": "3" });
    await mergeUndecided(workspace, { paths: [] });
    const byHand = `# theirs is right\n${git(folder, "show", "theirs:images.dvc")}`;
    write(folder, { "images.dvc": byHand });
    assert.deepEqual(await mergeUndecided(workspace, { paths: [] }), [
      {
        path: "images.dvc",
        merged: false,
        conflicts: [
          "it was changed by hand; take that with `git add images.dvc`, or begin anew with `git checkout -m images.dvc`",
        ],
      },
    ]);
    assert.equal(readFileSync(join(folder, "images.dvc"), "utf8"), byHand);
    git(folder, "checkout", "-m", "images.dvc");
    const [again] = await mergeUndecided(workspace, { paths: [] });
    assert.match(again?.conflicts[0] ?? "", /both sides changed/);
  });

  it("merges locks by stages", async () => {
    const { workspace, folder } = await temporaryWorkspace();
    const lock = (a: string, b: string) =>
      `schema: '2.0'\nstages:\n  a:\n    cmd: ${a}\n  b:\n    cmd: ${b}\n`;
    const save = (text: string) => {
      write(folder, { "dvc.lock": text });
      commit(folder, text);
    };
    save(lock("1", "1"));
    git(folder, "checkout", "-q", "-b", "theirs");
    save(lock("1", "3"));
    git(folder, "checkout", "-q", "main");
    save(lock("2", "1"));
    merge(folder, "theirs");
    if (/^UU/m.test(git(folder, "status", "--porcelain"))) await mergeUndecided(workspace, { paths: [] });
    assert.equal(readFileSync(join(folder, "dvc.lock"), "utf8"), lock("2", "3"));

    git(folder, "commit", "-q", "-a", "-m", "merged", "--allow-empty");
    git(folder, "checkout", "-q", "-b", "again", "HEAD~1");
    save(lock("7", "1"));
    git(folder, "checkout", "-q", "main");
    save(lock("8", "3"));
    merge(folder, "again");
    const [file] = await mergeUndecided(workspace, { paths: [] });
    assert.match(file?.conflicts[0] ?? "", /^both sides ran a to different ends/);
  });

  it("says of a pointer that one side removed what there is to decide", async () => {
    const { workspace, folder } = await temporaryWorkspace({ "x.csv": "1" });
    await add(workspace, "x.csv");
    commit(folder, "base");
    git(folder, "checkout", "-q", "-b", "theirs");
    git(folder, "rm", "-q", "x.csv.dvc");
    commit(folder, "theirs");
    git(folder, "checkout", "-q", "main");
    write(folder, { "x.csv": "2" });
    await add(workspace, "x.csv");
    commit(folder, "ours");
    merge(folder, "theirs");
    const [file] = await mergeUndecided(workspace, { paths: [] });
    assert.match(
      file?.conflicts[0] ?? "",
      /it was removed in theirs and changed in ours; keep it with `git add x\.csv\.dvc`/,
    );
  });

  it("has git merge ask us by itself, once", async () => {
    const { workspace, folder } = await temporaryWorkspace({ ".gitattributes": "*.sh eol=lf" });
    assert.deepEqual(await installDriver(workspace), { changed: [".gitattributes"] });
    assert.deepEqual(await installDriver(workspace), { changed: [] });
    assert.equal(git(folder, "check-attr", "merge", "a/b.dvc").trim(), "a/b.dvc: merge: trainyard");
    assert.match(git(folder, "config", "merge.trainyard.driver"), /^trainyard merge-driver %O %A %B %P/);
  });
});
