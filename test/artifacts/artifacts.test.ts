import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { ensure } from "../../src/artifacts/ensure.ts";
import { checkout, pull } from "../../src/artifacts/pull.ts";
import { push } from "../../src/artifacts/push.ts";
import { digestOf, objectPath } from "../../src/core/artifacts/digest.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { git, silent, temporaryFolder, temporaryRepository, temporaryWorkspace, write } from "./temporary.ts";

const read = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");

/** Commits everything, clones it, and gives the clone's workspace. */
async function cloneOf(folder: string): Promise<{ clone: string; workspace: Workspace }> {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "versions");
  const clone = join(temporaryFolder(), "clone");
  git(folder, "clone", "-q", folder, clone);
  return { clone, workspace: await openWorkspace(clone, silent()) };
}

describe("add", () => {
  it("makes a folder with nothing a repository of DVC's, and a file a version in it", async () => {
    const folder = temporaryRepository();
    write(folder, { "data/cps.csv": "a\n" });
    const workspace = await openWorkspace(folder, silent());
    const added = await add(workspace, join(folder, "data/cps.csv"));
    const md5 = "60b725f10c9c85c70d97880dfe8191b3";
    assert.deepEqual(added, {
      path: "data/cps.csv",
      pointer: "data/cps.csv.dvc",
      md5,
      size: 2,
      changed: true,
      gitignore: "data/.gitignore",
    });
    assert.equal(
      read(folder, "data/cps.csv.dvc"),
      `outs:\n- md5: ${md5}\n  size: 2\n  hash: md5\n  path: cps.csv\n`,
    );
    assert.equal(read(folder, "data/.gitignore"), "/cps.csv\n");
    assert.equal(read(folder, ".dvc/.gitignore"), "/config.local\n/tmp\n/cache\n");
    assert.equal(read(folder, ".dvc/config"), "");
    assert.equal(statSync(join(folder, ".dvc/cache", objectPath(md5))).mode & 0o777, 0o444);
    assert.deepEqual(
      await add(workspace, "data/cps.csv"),
      (({ gitignore: _, ...rest }) => ({ ...rest, changed: false }))(added),
    );
    assert.equal(git(folder, "status", "--porcelain", "-uall").includes("cps.csv\n"), false);
  });

  it("tells DVC where there is no Git", async () => {
    const folder = temporaryFolder();
    write(folder, { "cps.csv": "a\n" });
    await add(await openWorkspace(folder, silent()), "cps.csv");
    assert.equal(read(folder, ".dvc/config"), "[core]\n    no_scm = True\n");
    assert.equal(existsSync(join(folder, ".gitignore")), false);
  });

  it("keeps a directory, a program's mode, odd names, and the user's own .gitignore", async () => {
    const { folder, workspace } = await temporaryWorkspace({
      "data/images/é [1].txt": "1",
      "data/images/日本/語.txt": "2",
      "data/run *.sh": "#!/bin/sh\n",
      "data/.gitignore": "*.log",
    });
    chmodSync(join(folder, "data/run *.sh"), 0o755);
    const images = await add(workspace, "data/images");
    assert.match(images.md5, /^[0-9a-f]{32}\.dir$/);
    assert.equal(images.nfiles, 2);
    await add(workspace, "data/run *.sh");
    assert.match(read(folder, "data/run *.sh.dvc"), /isexec: true/);
    assert.equal(read(folder, "data/.gitignore"), "*.log\n/images\n/run \\*.sh\n");
    await push(workspace);
    const { clone, workspace: other } = await cloneOf(folder);
    await pull(other);
    assert.equal(read(clone, "data/images/日本/語.txt"), "2");
    assert.equal(statSync(join(clone, "data/run *.sh")).mode & 0o100, 0o100);
  });

  it("refuses what it must not take in", async () => {
    const { folder, workspace } = await temporaryWorkspace({
      "data/a/x.csv": "1",
      "data/b/y.csv": "2",
      "data/imported.csv": "3",
      "data/imported.csv.dvc":
        "deps:\n- path: a\nouts:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  hash: md5\n  path: imported.csv\n",
    });
    await add(workspace, "data/a");
    await add(workspace, "data/b/y.csv");
    symlinkSync(temporaryFolder(), join(folder, "out"));
    const cases: readonly (readonly [string, string])[] = [
      ["none.csv", '"none.csv" is not there'],
      ["../x", `"../x" is not below ${folder}; only files of the repository have versions`],
      [".", '"." is empty; give a file or folder of data'],
      [".git", '".git" leads into .git; give a file or folder of data'],
      ["data/a.dvc", '"data/a.dvc" is itself a pointer file; give what it points to'],
      [
        "data/a/x.csv",
        '"data/a/x.csv" lies inside "data/a", which has a version as a whole; run `trainyard add data/a`',
      ],
      [
        "data/b",
        '"data/b" holds "y.csv.dvc", so a part of it has a version of its own; move that out or remove it',
      ],
      ["out", '"out" is a link out of the repository; copy here what it leads to'],
      [
        "data/imported.csv",
        '"data/imported.csv" was imported; bring it up to date with `trainyard update data/imported.csv.dvc`',
      ],
      [
        "README.md",
        '"README.md" is tracked by Git; run `git rm -r --cached README.md`, so that only its pointer is, and add it again',
      ],
    ];
    for (const [path, message] of cases) {
      await assert.rejects(add(workspace, path), { name: "UserError", message });
    }
  });
});

describe("push and pull", () => {
  it("carry files and directories to another clone, each object once", async () => {
    const { folder, workspace, store } = await temporaryWorkspace({
      "data/a.csv": "1\n",
      "data/d/x": "2",
      "data/d/y": "2",
    });
    await add(workspace, "data/a.csv");
    await add(workspace, "data/d");
    const pushed = await push(workspace);
    assert.deepEqual(
      { ...pushed, bytes: 0 },
      { remote: store, versions: 2, objects: 3, bytes: 0, missing: [] },
    );
    assert.equal((await push(workspace)).objects, 0);
    const { clone, workspace: other } = await cloneOf(folder);
    const pulled = await pull(other);
    assert.deepEqual(
      [pulled.written, pulled.kept, pulled.refused, pulled.missing],
      [["data/a.csv", "data/d"], [], [], []],
    );
    assert.equal(read(clone, "data/d/y"), "2");
    assert.deepEqual((await pull(other)).kept, ["data/a.csv", "data/d"]);
    rmSync(join(clone, "data"), { recursive: true });
    git(clone, "checkout", "-q", ".");
    rmSync(store, { recursive: true });
    assert.deepEqual((await checkout(other, { paths: ["data/d"] })).written, ["data/d"]);
    assert.equal(existsSync(join(clone, "data/a.csv")), false);
  });

  it("do not overwrite the only copy of something, unless forced", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "data/a.csv": "1\n" });
    const { md5 } = await add(workspace, "data/a.csv");
    write(folder, { "data/a.csv": "mine\n" });
    const { refused } = await pull(workspace);
    assert.deepEqual(refused, [{ path: "data/a.csv", file: "", found: digestOf("mine\n").md5, wanted: md5 }]);
    assert.equal(read(folder, "data/a.csv"), "mine\n");
    await pull(workspace, { force: true });
    assert.equal(read(folder, "data/a.csv"), "1\n");
  });

  it("go from version to version with Git, without force", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "data/a.csv": "1\n" });
    await add(workspace, "data/a.csv");
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "one");
    write(folder, { "data/a.csv": "2\n" });
    await add(workspace, "data/a.csv");
    git(folder, "checkout", "-q", ".");
    assert.deepEqual((await checkout(workspace)).written, ["data/a.csv"]);
    assert.equal(read(folder, "data/a.csv"), "1\n");
  });

  it("say what nobody has, after doing everything else", async () => {
    const { folder, workspace, store } = await temporaryWorkspace({
      "data/a.csv": "1\n",
      "data/b.csv": "2\n",
    });
    const { md5 } = await add(workspace, "data/a.csv");
    await add(workspace, "data/b.csv");
    rmSync(join(folder, "data/a.csv"));
    rmSync(join(folder, ".dvc/cache", objectPath(md5)));
    const pushed = await push(workspace);
    assert.deepEqual(pushed.missing, [{ path: "data/a.csv", md5, named_by: "data/a.csv.dvc" }]);
    assert.equal(pushed.versions, 1);
    const pulled = await pull(workspace);
    assert.deepEqual(pulled.missing, [
      {
        path: "data/a.csv",
        md5,
        reason: `${md5} is not in ${store}; run \`trainyard push\` where it was made, or check the remote`,
      },
    ]);
    assert.deepEqual(pulled.kept, ["data/b.csv"]);
    await assert.rejects(
      pull(workspace, { paths: ["data/c.csv"] }),
      /nothing names a version of "data\/c\.csv"/,
    );
  });

  it("heal a damaged cache from the working file or the remote", async () => {
    const { folder, workspace, store } = await temporaryWorkspace({ "data/a.csv": "1\n" });
    const { md5 } = await add(workspace, "data/a.csv");
    const object = join(folder, ".dvc/cache", objectPath(md5));
    const damage = () => {
      chmodSync(object, 0o644);
      writeFileSync(object, "");
    };
    damage();
    await push(workspace);
    assert.equal(readFileSync(join(store, objectPath(md5)), "utf8"), "1\n");
    damage();
    rmSync(join(folder, "data/a.csv"));
    await pull(workspace);
    assert.equal(read(folder, "data/a.csv"), "1\n");
    assert.equal(readFileSync(object, "utf8"), "1\n");
  });

  it("take no wrong byte from a remote", async () => {
    const { folder, workspace, store } = await temporaryWorkspace({ "data/a.csv": "1\n" });
    const { md5 } = await add(workspace, "data/a.csv");
    await push(workspace);
    chmodSync(join(store, objectPath(md5)), 0o644);
    writeFileSync(join(store, objectPath(md5)), "evil\n");
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    rmSync(join(folder, "data/a.csv"));
    await assert.rejects(pull(workspace), new RegExp(`${md5} in ${store} is damaged`));
    assert.equal(await workspace.cache.has(md5), false);
    assert.equal(existsSync(join(folder, "data/a.csv")), false);
  });

  it("make a file a program where its pointer says so, though its bytes are right", async () => {
    const { folder, workspace } = await temporaryWorkspace({ run: "#!/bin/sh\n" });
    const path = join(folder, "run");
    chmodSync(path, 0o755);
    const { md5 } = await add(workspace, "run");
    chmodSync(path, 0o644);
    assert.deepEqual((await pull(workspace)).written, ["run"]);
    assert.equal(statSync(path).mode & 0o111, 0o111 & ~process.umask());
    assert.deepEqual((await pull(workspace)).kept, ["run"]);
    assert.equal(statSync(join(workspace.cache.url, objectPath(md5))).mode & 0o777, 0o444);
  });

  it("are not led out of the repository by a link that a stranger committed", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "data/a.csv": "1\n" });
    await add(workspace, "data/a.csv");
    const outside = temporaryFolder();
    symlinkSync(outside, join(folder, "out"));
    write(folder, { "x.dvc": read(folder, "data/a.csv.dvc").replace("a.csv", "out/a.csv") });
    await assert.rejects(
      pull(workspace),
      /x\.dvc names "out\/a\.csv", and out is a link out of the repository/,
    );
    assert.equal(existsSync(join(outside, "a.csv")), false);
  });

  it("need a remote, and say how to name one", async () => {
    const { folder } = await temporaryWorkspace({ "data/a.csv": "1\n", ".dvc/config": "" });
    await add(await openWorkspace(folder, silent()), "data/a.csv");
    const configs: readonly (readonly [string, string])[] = [
      [
        "",
        'no remote is set; run `trainyard remote add --default NAME URL`, or write "artifacts: { remote: oci://ghcr.io/OWNER/NAME }" to trainyard.yaml',
      ],
      [
        "['remote \"eu\"']\nurl = /x\n",
        'no remote is set; run `trainyard remote add --default NAME URL`, or write "artifacts: { remote: oci://ghcr.io/OWNER/NAME }" to trainyard.yaml',
      ],
      [
        "[core]\nremote = us\n['remote \"eu\"']\nurl = /x\n",
        '.dvc/config:2 no remote "us" with a url in .dvc/config; there is eu',
      ],
      [
        "[core]\nremote = eu\n['remote \"eu\"']\nurl = ftp://b/x\n",
        ".dvc/config:4 a remote cannot be ftp://; it can be a folder, http://, https://, ssh://, webdav://, webdavs://, s3://, gs://, azure://",
      ],
    ];
    for (const [text, message] of configs) {
      write(folder, { ".dvc/config": text });
      await assert.rejects(push(await openWorkspace(folder, silent())), { name: "UserError", message });
    }
  });

  it("honour the remote that a pointer has to itself, and push: false", async () => {
    const { folder, store } = await temporaryWorkspace({ "data/a.csv": "1\n", "data/b.csv": "2\n" });
    const second = join(temporaryFolder(), "second");
    write(folder, { ".dvc/config.local": `['remote "eu"']\n    url = ${second}\n` });
    const workspace = await openWorkspace(folder, silent());
    const a = await add(workspace, "data/a.csv");
    const b = await add(workspace, "data/b.csv");
    write(folder, {
      "data/a.csv.dvc": `${read(folder, "data/a.csv.dvc")}  remote: eu\n`,
      "data/b.csv.dvc": `${read(folder, "data/b.csv.dvc")}  push: false\n`,
    });
    assert.equal((await push(workspace)).versions, 1);
    assert.equal(existsSync(join(second, objectPath(a.md5))), true);
    assert.equal(existsSync(join(store, objectPath(b.md5))), false);
  });
});

describe("ensure", () => {
  it("fetches what is not there, of a directory too", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "data/d/x.csv": "1\n" });
    await add(workspace, "data/d");
    rmSync(join(folder, "data/d"), { recursive: true });
    await ensure(workspace, "data/d/x.csv");
    assert.equal(read(folder, "data/d/x.csv"), "1\n");
    await assert.rejects(ensure(workspace, "data/d/y.csv"), {
      message: '"data/d/y.csv" is not in "data/d", of which data/d.dvc names a version',
    });
  });

  it("leaves files without a pointer alone", async () => {
    const { workspace } = await temporaryWorkspace({ "data/x.csv": "1\n" });
    await ensure(workspace, "data/x.csv");
    await assert.rejects(ensure(workspace, "data/y.csv"), {
      message: '"data/y.csv" is not there, and no "data/y.csv.dvc" names a version of it',
    });
  });

  it("does not overwrite what differs from its pointer", async () => {
    const { folder, workspace } = await temporaryWorkspace({ "data/x.csv": "1\n" });
    const { md5 } = await add(workspace, "data/x.csv");
    write(folder, { "data/x.csv": "2\n" });
    await assert.rejects(ensure(workspace, "data/x.csv"), {
      name: "UserError",
      message: `"data/x.csv" has md5 ${digestOf("2\n").md5}, and data/x.csv.dvc says ${md5}; run \`trainyard add data/x.csv\` if the file is right, \`trainyard pull --force data/x.csv\` if the pointer is`,
    });
  });
});
