import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { openElsewhere } from "../../src/adapters/repo/elsewhere.ts";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { bringFrom } from "../../src/artifacts/bring-from.ts";
import { type ImportRequest, importFrom, knownImports } from "../../src/artifacts/import.ts";
import { push } from "../../src/artifacts/push.ts";
import { digestOf } from "../../src/core/artifacts/digest.ts";
import { parsePointer } from "../../src/core/artifacts/pointer.ts";
import { selfMd5 } from "../../src/core/artifacts/print-pointer.ts";
import type { Elsewhere } from "../../src/ports/elsewhere.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { git, silent, temporaryFolder, temporaryRepository, temporaryWorkspace, write } from "./temporary.ts";

function commit(folder: string, message: string): string {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", message);
  return git(folder, "rev-parse", "HEAD").trim();
}

/** A repository of data: files of DVC's and of Git's, pushed and committed, and gone from its cache. */
async function library(): Promise<{ folder: string; workspace: Workspace; first: string }> {
  const { workspace, folder } = await temporaryWorkspace({
    "data/a.csv": "one",
    "data/images/x/1.png": "1",
    "data/images/2.png": "2",
    "data/readme.md": "by hand\n",
  });
  for (const path of ["data/a.csv", "data/images"]) await add(workspace, path);
  await push(workspace);
  const first = commit(folder, "first");
  rmSync(workspace.cache.url, { recursive: true });
  return { folder, workspace, first };
}

async function at<T>(url: string, use: (from: Elsewhere) => Promise<T>, revision?: string): Promise<T> {
  const asked = { url, from: temporaryFolder(), ...(revision === undefined ? {} : { revision }) };
  const from = await openElsewhere(asked, silent(), {});
  try {
    return await use(from);
  } finally {
    await from.close();
  }
}

const read = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");

describe("get", () => {
  it("copies a file, a directory, a part of one, and what Git keeps", async () => {
    const { folder } = await library();
    const to = temporaryFolder();
    await at(`file://${folder}`, async (from) => {
      const get = (path: string, out: string) => bringFrom(from, path, join(to, out), from.workspace);
      await get("data/a.csv", "a.csv");
      await get("data/images", "images");
      await get("data/images/x", "x");
      await get("data/images/2.png", "2.png");
      await get("data/readme.md", "readme.md");
      await get("data", "all");
      await assert.rejects(get("data/b.csv", "b"), /there is no "data\/b\.csv" in [0-9a-f]{7}/);
      await assert.rejects(get("../../etc", "b"), /leads out/);
    });
    assert.equal(read(to, "a.csv"), "one");
    assert.equal(read(to, "images/x/1.png"), "1");
    assert.equal(read(to, "x/1.png"), "1");
    assert.equal(read(to, "2.png"), "2");
    assert.equal(read(to, "readme.md"), "by hand\n");
    assert.equal(
      read(to, "all/images/2.png") + read(to, "all/a.csv") + read(to, "all/readme.md"),
      "2oneby hand\n",
    );
    assert.equal(existsSync(join(to, "all/a.csv.dvc")), false);
  });

  it("asks no remote for what Git keeps", async () => {
    const folder = temporaryRepository({ "docs/readme.md": "by hand\n" });
    const to = temporaryFolder();
    await at(`file://${folder}`, (from) =>
      bringFrom(from, "docs/readme.md", join(to, "readme.md"), from.workspace),
    );
    assert.equal(read(to, "readme.md"), "by hand\n");
  });

  it("leaves no clone behind, and runs nothing of the other repository", async () => {
    const { folder } = await library();
    write(folder, { ".gitattributes": "* filter=evil\n" });
    commit(folder, "attributes");
    let clone = "";
    await at(folder, async (from) => {
      clone = from.workspace.root;
      assert.ok(existsSync(clone));
      assert.equal(existsSync(join(clone, "data")), false, "nothing is checked out");
    });
    assert.equal(existsSync(clone), false);
  });

  it("writes nothing where the names of a forged commit lead", async () => {
    for (const name of ["..", ".git"]) {
      const { folder } = await library();
      const blob = git(folder, "rev-parse", "HEAD:data/readme.md").trim();
      const put = (entries: string): string => {
        write(folder, { entries });
        return execFileSync("sh", ["-c", "git mktree < entries"], { cwd: folder, encoding: "utf8" }).trim();
      };
      const inner = put(`100644 blob ${blob}\tconfig\n`);
      const forged = put(`040000 tree ${put(`040000 tree ${inner}\t${name}\n`)}\tforged\n`);
      const both = `${git(folder, "ls-tree", "HEAD")}${git(folder, "ls-tree", forged)}`;
      git(folder, "update-ref", "HEAD", git(folder, "commit-tree", put(both), "-m", "forged").trim());
      const to = temporaryFolder();
      await at(`file://${folder}`, async (from) => {
        const got = bringFrom(from, "forged", join(to, "out"), from.workspace);
        await assert.rejects(got, /of "forged" there leads (out of its folder|into \.git)/);
      });
      assert.deepEqual(readdirSync(to), []);
    }
  });

  it("sends no key of this machine's where another repository says", async () => {
    const { folder } = await library();
    const key = "~/.config/gcloud/application_default_credentials.json";
    write(folder, {
      ".dvc/config": `[core]\n    remote = r\n['remote "r"']\n    url = gs://b\n    endpointurl = https://localhost:1\n    credentialpath = ${key}\n`,
    });
    commit(folder, "remote");
    await assert.rejects(
      at(`file://${folder}`, async () => {}),
      /\[remote r\] of the other repository's \.dvc\/config names a key of this machine/,
    );
  });

  it("tells nobody the token of an address", async () => {
    await assert.rejects(
      at("http://ada:s3cret@127.0.0.1:1/x.git", async () => {}),
      (error: Error) => /cannot be cloned/.test(error.message) && !inspect(error).includes("s3cret"),
    );
  });

  it("takes no address that could be an option or a program", async () => {
    for (const [url, message] of [
      ["--upload-pack=touch /tmp/x", /no address/],
      ["ext::sh -c touch% /tmp/x", /would have Git run a program/],
      ["ftp://example.com/x", /no address that Git may be asked for/],
      ["a\nb", /no address/],
      ["./nowhere", /there is no repository/],
    ] as const) {
      await assert.rejects(
        at(url, async () => {}),
        message,
        url,
      );
    }
    const { folder } = await library();
    await assert.rejects(
      at(folder, async () => {}, "--all"),
      /has no revision "--all"/,
    );
    await assert.rejects(
      at(folder, async () => {}, "nowhere"),
      /has no revision "nowhere"/,
    );
    await assert.rejects(
      at(temporaryFolder(), async () => {}),
      /cannot be cloned/,
    );
  });
});

describe("import", () => {
  const request = (url: string, to: string, more: Partial<ImportRequest> = {}): ImportRequest => ({
    url,
    path: "data/a.csv",
    to,
    force: false,
    ...more,
  });

  it("writes what DVC writes of where it came from", async () => {
    const { folder, first } = await library();
    const here = temporaryRepository();
    const workspace = await openWorkspace(here, silent());
    const done = await at(folder, (from) =>
      importFrom(workspace, from, request(folder, join(here, "in/a.csv"))),
    );
    assert.deepEqual(
      [done.path, done.md5, done.commit, done.changed],
      ["in/a.csv", digestOf("one").md5, first, true],
    );
    assert.equal(read(here, "in/a.csv"), "one");
    const text = read(here, "in/a.csv.dvc");
    const [, own] = /^md5: (\S+)\nfrozen: true\ndeps:\n- path: data\/a\.csv\n {2}repo:\n/.exec(text) ?? [];
    assert.equal(own, selfMd5(text, "a.csv.dvc"));
    assert.match(text, new RegExp(`rev_lock: ${first}`));
    assert.ok(await workspace.cache.has(digestOf("one").md5));
    assert.match(read(here, "in/.gitignore"), /^\/a\.csv$/m);
  });

  it("follows a branch, and does not overwrite what was changed here", async () => {
    const { folder, workspace: theirs, first } = await library();
    const here = temporaryRepository();
    const workspace = await openWorkspace(here, silent());
    const to = join(here, "a.csv");
    const followed = request(folder, to, { revision: "main" });
    await at(folder, (from) => importFrom(workspace, from, followed), "main");
    const again = await at(folder, (from) => importFrom(workspace, from, followed), "main");
    assert.equal(again.changed, false);

    write(folder, { "data/a.csv": "two" });
    await add(theirs, "data/a.csv");
    await push(theirs);
    const second = commit(folder, "second");
    assert.deepEqual(await knownImports(workspace, ["a.csv.dvc"]), [
      { pointer: "a.csv.dvc", to, url: folder, path: "data/a.csv", revision: "main" },
    ]);
    await at(folder, (from) => importFrom(workspace, from, followed), "main");
    assert.equal(read(here, "a.csv"), "two");
    assert.equal(parsePointer(read(here, "a.csv.dvc"), "a.csv.dvc").deps[0]?.repo?.revLock, second);

    write(here, { "a.csv": "mine" });
    const old = request(folder, to, { revision: first });
    await assert.rejects(
      at(folder, (from) => importFrom(workspace, from, old), first),
      /was changed here/,
    );
    await at(folder, (from) => importFrom(workspace, from, { ...old, force: true }), first);
    assert.equal(read(here, "a.csv"), "one");
  });

  it("does not take the place of what is there, nor one outside", async () => {
    const { folder } = await library();
    const here = temporaryRepository({ "a.csv": "mine" });
    symlinkSync(temporaryFolder(), join(here, "out"));
    const workspace = await openWorkspace(here, silent());
    const into = (path: string) =>
      at(folder, (from) => importFrom(workspace, from, request(folder, join(here, path))));
    await assert.rejects(into("a.csv"), /there is a "a\.csv" already/);
    await assert.rejects(into("../a.csv"), /is not below/);
    await assert.rejects(into("out/a.csv"), /below a link out/);
    await assert.rejects(into(".git/hooks/post-merge"), /leads into \.git/);
    assert.equal(read(here, "a.csv"), "mine");
  });

  it("finds bytes that were never pushed in the cache of a repository of this machine", async () => {
    const folder = temporaryRepository();
    write(folder, { "m.bin": "model" });
    await add(await openWorkspace(folder, silent()), "m.bin");
    commit(folder, "m");
    const here = temporaryRepository();
    const workspace = await openWorkspace(here, silent());
    const url = relative(here, folder);
    const from = await openElsewhere({ url, from: here }, silent(), {});
    await importFrom(workspace, from, request(url, join(here, "m.bin"), { path: "m.bin" }));
    await from.close();
    assert.equal(read(here, "m.bin"), "model");
    await assert.rejects(knownImports(workspace, ["other"]), /was not imported/);
  });
});
