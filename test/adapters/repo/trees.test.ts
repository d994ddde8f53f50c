import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { gitRepo } from "../../../src/adapters/repo/git.ts";
import { layOut } from "../../../src/adapters/repo/trees.ts";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { git, silent, temporaryFolder, temporaryRepository, write } from "../../artifacts/temporary.ts";
import { type GitServer, gitServer } from "./git-server.ts";

const PACE = { races: 1, outages: 3, first: 1, longest: 2, random: () => 0 };

let server: GitServer;
let work: string;
before(async () => {
  server = await gitServer();
});
beforeEach(() => {
  work = temporaryRepository({
    "README.md": "hello\r\n",
    "data/é b.csv": "1\n",
    "run.sh": "echo $Id$\n",
    ".dvc/config": "[core]\n    remote = store\n['remote \"store\"']\n    url = s3://theirs\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    "models/.dvc/config": "[core]\n    remote = inner\n",
  });
  write(work, { ".gitattributes": "* text=auto eol=crlf\n*.csv filter=lfs\n*.sh ident\n" });
  git(work, "add", ".gitattributes");
  git(work, "update-index", "--chmod=+x", "run.sh");
  git(work, "commit", "-qm", "attributes");
});
after(() => server.close());

/** Commits what stands in the work tree and sends it to the server. */
function commit(files: Readonly<Record<string, string>> = {}): string {
  write(work, files);
  git(work, "add", "-A", "-f");
  git(work, "commit", "-q", "--allow-empty", "-m", "next");
  return push();
}

function push(): string {
  const id = git(work, "rev-parse", "HEAD").trim();
  git(work, "push", "-q", server.repository, `${id}:refs/heads/c-${id}`);
  return id;
}

/** A commit on top of the newest with entries that `git add` would refuse. */
function forge(...lines: readonly string[]): string {
  const blob = git(work, "rev-parse", "HEAD:README.md").trim();
  const tree = execFileSync("git", ["mktree"], {
    cwd: work,
    input: lines.map((line) => `${line.replace("BLOB", blob)}\n`).join(""),
    encoding: "utf8",
  }).trim();
  const id = git(work, "commit-tree", "-m", "forged", tree).trim();
  git(work, "push", "-q", server.repository, `${id}:refs/heads/c-${id}`);
  return id;
}

const only = (into: string, base: string) =>
  layOut({ into, trees: { base }, also: [], remotesOf: "base" }, server.environment, { pace: PACE });

describe("laid-out commits", () => {
  it("are plain files, byte for byte, whatever their attributes ask for", async () => {
    const base = push();
    const into = temporaryFolder();
    const { trees, notes } = await only(into, base);
    assert.deepEqual(notes, []);
    assert.deepEqual(trees, { base: { folder: join(into, "base"), files: 7 } });
    assert.equal(readFileSync(join(into, "base/README.md"), "utf8"), "hello\r\n");
    assert.equal(readFileSync(join(into, "base/data/é b.csv"), "utf8"), "1\n");
    assert.equal(readFileSync(join(into, "base/run.sh"), "utf8"), "echo $Id$\n");
    assert.ok((statSync(join(into, "base/run.sh")).mode & 0o111) !== 0);
    assert.ok((statSync(join(into, "base/README.md")).mode & 0o111) === 0);
    assert.equal(git(join(into, "base"), "status", "--porcelain", "--untracked-files=no"), "");
    assert.deepEqual(readdirSync(into), ["base"], "nothing else is left behind");
    const repo = (await gitRepo(join(into, "base")))!;
    assert.equal(await repo.head(), base);
    assert.equal(await repo.branch(), undefined);
    assert.equal(await repo.isDirty(), false);
    assert.equal(String(await repo.show("HEAD", "README.md")), "hello\r\n");
  });

  it("have the remotes of the base, and one cache outside of them all", async () => {
    const base = push();
    const head = commit({
      ".dvc/config": "[core]\n    remote = mine\n",
      ".dvc/plots/a.json": "{}\n",
      ".dvc/config.local": "[cache]\n    dir = /tmp/elsewhere\n",
      ".dvc/cache/files/md5/ab/cd": "planted\n",
      ".dvc/tmp/lock": "",
      "deep/.dvc/config": "[core]\n    remote = deep\n",
      "deep/er/.trainyard/hashes": "planted\n",
      "node_modules/duckdb/index.js": "evil()\n",
      "README.md": "changed\n",
    });
    const into = temporaryFolder();
    const { notes } = await layOut(
      { into, trees: { head, base }, also: [], remotesOf: "base" },
      server.environment,
    );
    assert.deepEqual(notes, [
      'head: not laid out are files where only tools write (.trainyard, node_modules, .dvc/cache, .dvc/tmp, .dvc/config.local): ".dvc/cache/files/md5/ab/cd", ".dvc/config.local", ".dvc/tmp/lock", "deep/er/.trainyard/hashes", "node_modules/duckdb/index.js"',
      'head: not as in base, whose .dvc is in force: ".dvc/config", ".dvc/plots/a.json", "deep/.dvc/config"',
    ]);
    for (const tree of ["head", "base"]) {
      const folder = join(into, tree);
      assert.match(readFileSync(join(folder, ".dvc/config"), "utf8"), /s3:\/\/theirs/);
      assert.equal(
        readFileSync(join(folder, ".dvc/config.local"), "utf8"),
        "[cache]\n    dir = ../../.trainyard-cache\n",
      );
      assert.equal(
        readFileSync(join(folder, "models/.dvc/config.local"), "utf8"),
        "[cache]\n    dir = ../../../.trainyard-cache\n",
      );
      assert.equal(await (await gitRepo(folder))!.isDirty(), false);
    }
    for (const path of [".dvc/cache", ".dvc/tmp", ".dvc/plots", "deep", "node_modules"]) {
      assert.equal(existsSync(join(into, "head", path)), false, path);
    }
    assert.equal(readFileSync(join(into, "head/README.md"), "utf8"), "changed\n");

    const one = await openWorkspace(join(into, "head"), silent());
    const file = join(into, "head", "README.md");
    const kept = await one.cache.put(file);
    const other = await openWorkspace(join(into, "base"), silent());
    assert.equal(await other.cache.complete(kept.md5), true, "what one tree has, the other need not fetch");
  });

  it("have no .dvc where the base has none", async () => {
    const head = push();
    const base = forge("100644 blob BLOB\tREADME.md");
    const into = temporaryFolder();
    const { notes } = await layOut(
      { into, trees: { head, base }, also: [], remotesOf: "base" },
      server.environment,
    );
    assert.equal(existsSync(join(into, "head/.dvc/config")), false);
    assert.match(notes.join("\n"), /^head: not as in base, whose \.dvc is in force: .*"\.dvc\/config"/);
  });

  it("take no settings of the base's where the change has a file in their place", async () => {
    const base = push();
    const head = forge("100644 blob BLOB\tmodels");
    const into = temporaryFolder();
    await layOut({ into, trees: { head, base }, also: [], remotesOf: "base" }, server.environment);
    assert.equal(readFileSync(join(into, "head/models"), "utf8"), "hello\r\n");
    assert.match(readFileSync(join(into, "head/.dvc/config"), "utf8"), /theirs/);
  });

  it("answer for the merge base without the server", async () => {
    const mergeBase = push();
    const base = commit({ "later.txt": "1\n" });
    const into = temporaryFolder();
    await layOut({ into, trees: { base }, also: [mergeBase], remotesOf: "base" }, server.environment);
    const repo = (await gitRepo(join(into, "base")))!;
    assert.equal(await repo.show(mergeBase, "later.txt"), undefined);
    assert.equal(String(await repo.show(mergeBase, "README.md")), "hello\r\n");
  });

  it("hold no link, no submodule and no name that is no text", async () => {
    const blob = git(work, "rev-parse", "HEAD:README.md").trim();
    const base = forge(
      "100644 blob BLOB\tREADME.md",
      "120000 blob BLOB\tlink",
      `160000 commit ${"1".repeat(40)}\tsub`,
    );
    const into = temporaryFolder();
    const { notes } = await only(into, base);
    assert.deepEqual(notes, [
      'base: not laid out are symbolic links: "link"',
      'base: not laid out are submodules: "sub"',
    ]);
    assert.deepEqual(readdirSync(join(into, "base")).sort(), [".dvc", ".git", "README.md"]);
    assert.equal(lstatSync(join(into, "base/README.md")).isFile(), true);
    assert.equal(git(join(into, "base"), "status", "--porcelain", "--untracked-files=no"), "");

    const raw = execFileSync("git", ["mktree", "-z"], {
      cwd: work,
      input: Buffer.from(`100644 blob ${blob}\tna\xefve\0`, "latin1"),
      encoding: "utf8",
    }).trim();
    const id = git(work, "commit-tree", "-m", "forged", raw).trim();
    git(work, "push", "-q", server.repository, `${id}:refs/heads/c-${id}`);
    const second = temporaryFolder();
    assert.match((await only(second, id)).notes.join(), /names are no text: "naïve"/);
    assert.equal(git(join(second, "base"), "status", "--porcelain", "--untracked-files=no"), "");
  });

  it("are refused where a path would lead elsewhere", async () => {
    const id = git(work, "rev-parse", "HEAD^{tree}").trim();
    const cases: readonly (readonly [string, RegExp])[] = [
      [`040000 tree ${id}\t.git`, /".git\/.*" in base leads into \.git/],
      [`040000 tree ${id}\t.GIT `, /leads into \.git/],
      [`040000 tree ${id}\tgit~1`, /leads into \.git/],
      ["100644 blob BLOB\t.g\u200cit", /leads into \.git/],
      ["100644 blob BLOB\t.git::$INDEX_ALLOCATION", /leads into \.git/],
      [`040000 tree ${id}\t..`, /leads out of its folder/],
      ["100644 blob BLOB\t..\\x", /leads out of its folder/],
      [`100644 blob BLOB\t${"x".repeat(300)}`, /a name longer than 255 bytes/],
      ["100644 blob BLOB\tC:x", /is absolute/],
    ];
    for (const [line, message] of cases) {
      const into = temporaryFolder();
      await assert.rejects(only(into, forge(line)), { name: "UserError", message }, line);
      assert.deepEqual(readdirSync(into), [], line);
    }
  });

  it("are refused where there are too many, or too large", async () => {
    const into = temporaryFolder();
    const request = { into, trees: { base: push() }, also: [], remotesOf: "base" };
    const message = /the commits hold 7 files, \d+ B; at most .* are laid out: keep data outside of Git/;
    for (const limits of [
      { files: 3, bytes: 1e9 },
      { files: 100, bytes: 30 },
    ]) {
      await assert.rejects(layOut(request, server.environment, { limits }), { name: "UserError", message });
    }
    assert.deepEqual(readdirSync(into), []);
  });

  it("stay as they are when asked for again, and never take the place of other files", async () => {
    const base = push();
    const into = temporaryFolder();
    mkdirSync(join(into, "base"));
    await only(into, base);
    writeFileSync(join(into, "base/pulled.csv"), "1\n");
    await only(into, base);
    assert.equal(readFileSync(join(into, "base/pulled.csv"), "utf8"), "1\n");
    const message = /base" holds other files; remove it, or work in an empty folder/;
    await assert.rejects(only(into, commit({ "x.txt": "2\n" })), { name: "UserError", message });
    const planted = temporaryFolder();
    symlinkSync(into, join(planted, "base"));
    await assert.rejects(only(planted, commit()), { name: "UserError", message });
  });

  it("are asked for by whole ids under plain names alone", async () => {
    const into = temporaryFolder();
    const base = push();
    const wrong = [
      { trees: { base: "HEAD" }, message: /base is "HEAD"; it takes a whole commit id/ },
      { trees: { base: "--upload-pack=x" }, message: /it takes a whole commit id/ },
      { trees: { "../base": base }, message: /"..\/base" is no name for a folder/ },
      { trees: { base }, also: ["main"], message: /also is "main"/ },
      { trees: { base }, remotesOf: "head", message: /there is no tree "head"/ },
    ];
    for (const { trees, also = [], remotesOf = undefined, message } of wrong) {
      await assert.rejects(
        layOut({ into, trees: trees as Record<string, string>, also, remotesOf }, server.environment),
        {
          name: "UserError",
          message,
        },
      );
    }
  });

  it("are fetched again where the server fails, and not for ever", async () => {
    const base = push();
    const into = temporaryFolder();
    server.fault(/git-upload-pack/, 2, 503);
    await only(into, base);
    assert.ok(existsSync(join(into, "base/README.md")));
    server.fault(/git-upload-pack/, 3, 500);
    await assert.rejects(only(temporaryFolder(), base), {
      name: "UserError",
      message:
        /^acme\/wages: the server did not answer as it should in 3 attempts .* 500.*; run the job again$/,
    });
  });

  it("are refused where the commit is not there", async () => {
    const gone = "0123456789".repeat(4);
    await assert.rejects(only(temporaryFolder(), gone), {
      name: "UserError",
      message: new RegExp(`there is no commit ${gone} in acme/wages .*taken back by a forced push`),
    });
  });
});

describe("a private repository", () => {
  it("is read with a token, which nothing keeps or shows", async (context) => {
    const closed = await gitServer("acme/wages", false);
    context.after(() => closed.close());
    git(work, "push", "-q", closed.repository, "HEAD:refs/heads/main");
    const base = git(work, "rev-parse", "HEAD").trim();
    const laidOut = (token: string | undefined) => {
      const request = { into: temporaryFolder(), trees: { base }, also: [], remotesOf: "base", token };
      return layOut(request, closed.environment);
    };
    const { trees } = await laidOut("reader");
    const basic = Buffer.from("x-access-token:reader").toString("base64");
    const pattern = `${basic}|x-access-token`;
    const entries = readdirSync(join(trees.base!.folder, ".."), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    assert.ok(files.length > 5);
    for (const { parentPath, name } of files) {
      assert.doesNotMatch(readFileSync(join(parentPath, name), "latin1"), new RegExp(pattern), name);
    }
    for (const token of [undefined, "forged-secret"]) {
      await assert.rejects(laidOut(token), (error: Error) => {
        assert.match(error.message, /^acme\/wages: the token is missing, wrong or no longer valid/);
        assert.match(error.message, /contents: read/);
        assert.doesNotMatch(`${error.stack}${error.cause}`, /forged-secret|Zm9yZ2Vk/);
        return true;
      });
    }
  });
});
