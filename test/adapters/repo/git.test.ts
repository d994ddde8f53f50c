import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gitRepo } from "../../../src/adapters/repo/git.ts";
import { git, temporaryFolder, temporaryRepository, write } from "../../artifacts/temporary.ts";

describe("a Git repository", () => {
  it("is nothing where there is none", async () => {
    assert.equal(await gitRepo(temporaryFolder()), undefined);
  });

  it("is not taken for none, or for an empty one, where Git cannot read it", async () => {
    const folder = temporaryRepository();
    const repo = (await gitRepo(folder))!;
    writeFileSync(join(folder, ".git", "index"), "broken");
    await assert.rejects(repo.tracked(), /Git cannot read ".*": fatal: .*index/);
    writeFileSync(join(folder, ".git", "config"), "[broken");
    await assert.rejects(gitRepo(folder), /Git cannot read ".*": fatal: bad config line \d/);
  });

  it("says of which file it has not the text", async () => {
    const folder = temporaryRepository({ "a.txt": "1", "b.txt": "2" });
    const repo = (await gitRepo(folder))!;
    const blob = git(folder, "rev-parse", "HEAD:b.txt").trim();
    rmSync(join(folder, ".git/objects", blob.slice(0, 2), blob.slice(2)));
    assert.deepEqual([...(await repo.readAll("HEAD", ["a.txt"]))], [["a.txt", "1"]]);
    await assert.rejects(repo.readAll("HEAD", ["a.txt", "b.txt"]), /has not the text of "b\.txt"/);
  });

  it("is not one that the files of a commit make up", async () => {
    const folder = temporaryRepository({
      "model/HEAD": "ref: refs/heads/main\n",
      "model/config": "[core]\n\trepositoryFormatVersion = 0\n\tworktree = elsewhere\n",
      "model/objects/none": "",
      "model/refs/none": "",
      "model/elsewhere/none": "",
    });
    await assert.rejects(gitRepo(join(folder, "model")), /safe\.bareRepository/);
  });

  it("answers from a folder inside, before and after the first commit", async () => {
    const folder = temporaryFolder();
    git(folder, "init", "-q", "-b", "trunk");
    mkdirSync(join(folder, "models"));
    const repo = (await gitRepo(join(folder, "models")))!;
    assert.equal(repo.root, folder);
    assert.equal(await repo.head(), undefined);
    assert.equal(await repo.branch(), "trunk");
    assert.equal(await repo.defaultBranch(), undefined);
    assert.equal(await repo.mergeBase(), undefined);
    assert.equal(await repo.isDirty(), false);
    assert.deepEqual(await repo.tracked(), []);
  });

  it("shows files of a revision, byte for byte", async () => {
    const folder = temporaryRepository({ "a b/é.txt": "1\r\n" });
    const first = git(folder, "rev-parse", "HEAD").trim();
    write(folder, { "a b/é.txt": "2" });
    git(folder, "commit", "-qam", "second");
    const repo = (await gitRepo(folder))!;
    assert.equal(String(await repo.show(first, "a b/é.txt")), "1\r\n");
    assert.equal(String(await repo.show("HEAD", "a b/é.txt")), "2");
    assert.equal(await repo.show("HEAD", "none"), undefined);
    assert.equal(await repo.show("HEAD", "a b"), undefined);
    assert.equal(await repo.resolve("HEAD~1"), first);
    assert.deepEqual(await repo.changed(first), ["a b/é.txt"]);
    assert.deepEqual(await repo.changed(first, first), []);
  });

  it("tells the history of a file as the branch took it up", async () => {
    const folder = temporaryRepository({ "deployments/*/a b.yaml": "1", "other.txt": "1" });
    const commit = (text: string): string => {
      write(folder, { "deployments/*/a b.yaml": text });
      git(folder, "commit", "-qam", text);
      return git(folder, "rev-parse", "HEAD").trim();
    };
    const first = git(folder, "rev-parse", "HEAD").trim();
    git(folder, "switch", "-qc", "side");
    commit("2");
    commit("3");
    git(folder, "switch", "-q", "-");
    write(folder, { "other.txt": "2" });
    git(folder, "commit", "-qam", "something else");
    git(folder, "merge", "-q", "--no-ff", "-m", "merge", "side");
    const merged = git(folder, "rev-parse", "HEAD").trim();
    const last = commit("4");
    const repo = (await gitRepo(folder))!;
    assert.deepEqual(await repo.history("deployments/*/a b.yaml"), [last, merged, first]);
    assert.deepEqual(await repo.history("none"), []);
    assert.deepEqual(await repo.history("--output=x"), []);
  });

  it("refuses revisions that would be options, and those that are not there", async () => {
    const repo = (await gitRepo(temporaryRepository()))!;
    for (const revision of ["--output=/tmp/x", "-h", "", "none", "HEAD\nHEAD", "HEAD^{tree}", "a..b"]) {
      await assert.rejects(repo.resolve(revision), {
        name: "UserError",
        message: `no commit "${revision}"; give a branch, a tag or a commit id that \`git log\` knows`,
      });
      await assert.rejects(repo.show(revision, "README.md"), { name: "UserError" });
    }
  });

  it("lists the files of a revision, without links", async () => {
    const folder = temporaryRepository({ "a b/é.txt": "1", "z.sh": "2" });
    symlinkSync("z.sh", join(folder, "link"));
    git(folder, "add", "--all");
    git(folder, "commit", "-qm", "second");
    rmSync(join(folder, "z.sh"));
    const repo = (await gitRepo(folder))!;
    assert.deepEqual(await repo.files("HEAD"), ["a b/é.txt", "z.sh"]);
    await assert.rejects(repo.files("none"), { name: "UserError" });
  });

  it("lists tracked files by glob, and on request those that could be", async () => {
    const folder = temporaryRepository({
      "src/a.py": "",
      "src/deep/b.py": "",
      "train.py": "",
      ".gitignore": "*.log\n",
      "-x": "",
    });
    write(folder, { "new.py": "", "x.log": "" });
    const repo = (await gitRepo(join(folder, "src")))!;
    assert.deepEqual(await repo.tracked(["**/*.py"]), ["src/a.py", "src/deep/b.py", "train.py"]);
    assert.deepEqual(await repo.tracked(["src/*.py"]), ["src/a.py"]);
    assert.deepEqual(await repo.tracked(["*.py"], "untracked"), ["new.py", "train.py"]);
    assert.deepEqual(await repo.tracked(["-x"]), ["-x"]);
    assert.equal(await repo.ignores("x.log"), true);
    assert.equal(await repo.ignores("new.py"), false);
  });

  it("knows what is not committed, and where a branch began", async () => {
    const folder = temporaryRepository();
    const base = git(folder, "rev-parse", "HEAD").trim();
    git(folder, "switch", "-q", "-c", "proposal");
    write(folder, { "README.md": "changed\n" });
    const repo = (await gitRepo(folder))!;
    assert.equal(await repo.isDirty(), true);
    assert.deepEqual(await repo.changed("HEAD"), ["README.md"]);
    git(folder, "commit", "-qam", "change");
    assert.equal(await repo.isDirty(), false);
    assert.equal(await repo.defaultBranch(), "main");
    assert.equal(await repo.mergeBase(), base);
    git(folder, "switch", "-q", "--detach");
    assert.equal(await repo.branch(), undefined);
  });

  it("takes origin's word for the default branch", async () => {
    const folder = temporaryFolder();
    git(folder, "init", "-q", "-b", "trunk");
    git(folder, "commit", "-q", "--allow-empty", "-m", "first");
    const clone = join(temporaryFolder(), "clone");
    git(folder, "clone", "-q", folder, clone);
    assert.equal(await (await gitRepo(clone))!.defaultBranch(), "origin/trunk");
  });

  it("is not led elsewhere by the environment, nor made to start programs", async () => {
    const folder = temporaryRepository();
    const other = temporaryRepository({ "other.txt": "" });
    const trap = join(folder, "trap");
    writeFileSync(`${trap}.sh`, `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
    git(folder, "config", "core.fsmonitor", `${trap}.sh`);
    git(folder, "config", "diff.external", `${trap}.sh`);
    process.env.GIT_DIR = join(other, ".git");
    try {
      const repo = (await gitRepo(folder))!;
      assert.equal(repo.root, folder);
      assert.deepEqual(await repo.tracked(), ["README.md"]);
      write(folder, { "README.md": "changed\n" });
      await repo.isDirty();
      await repo.changed("HEAD");
    } finally {
      delete process.env.GIT_DIR;
    }
    assert.equal(existsSync(trap), false);
  });
});
