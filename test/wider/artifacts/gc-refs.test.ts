import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { type Collected, deleteUnused, findUnused, type GcOptions } from "../../../src/artifacts/gc.ts";
import { push } from "../../../src/artifacts/push.ts";
import { digestOf, objectPath } from "../../../src/core/artifacts/digest.ts";
import { parseGcPlan, printGcPlan } from "../../../src/core/artifacts/gc-plan.ts";
import type { Workspace } from "../../../src/ports/workspace.ts";
import { git, silent, temporaryFolder, temporaryWorkspace, write } from "../../artifacts/temporary.ts";

const DAY = 24 * 60 * 60 * 1000;
const ALL: GcOptions = {
  keep: { all: true },
  before: new Date(Date.now() - 14 * DAY),
  others: [],
  blindly: false,
  forget: false,
};
const md5 = (text: string): string => digestOf(text).md5;

/** Makes everything in the cache and the store as old as a month. */
async function age(workspace: Workspace): Promise<void> {
  const then = new Date(Date.now() - 30 * DAY);
  const remote = await workspace.remote();
  for (const { url, list } of [workspace.cache, remote]) {
    for await (const { name } of list()) utimesSync(join(url, objectPath(name)), then, then);
  }
}

async function addAll(workspace: Workspace, folder: string, path: string, text: string): Promise<void> {
  write(folder, { [path]: text });
  await add(workspace, path);
}

function commit(folder: string, message: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", message);
}

const unused = ({ places }: Collected): readonly string[][] =>
  places.map((place) => place.unused.map(({ name }) => String(name)).sort());

/** What the working tree names now is "now", what an older commit named is "then"; both are pushed. */
async function two(): Promise<{ workspace: Workspace; folder: string; store: string }> {
  const made = await temporaryWorkspace();
  await addAll(made.workspace, made.folder, "a.txt", "then");
  commit(made.folder, "then");
  await push(made.workspace);
  await addAll(made.workspace, made.folder, "a.txt", "now");
  commit(made.folder, "now");
  await push(made.workspace);
  await age(made.workspace);
  return made;
}

describe("gc", () => {
  it("lists what no ref names, in the cache and in the remote, and says of the rest why it stays", async () => {
    const { workspace, store } = await two();
    const cloud = await workspace.remote();
    const found = await findUnused(workspace, { ...ALL, cloud });
    assert.deepEqual(unused(found), [[md5("then")], [md5("then")]]);
    assert.deepEqual(
      found.places[1]?.kept.map(({ name, why }) => [name, why]),
      [[md5("now"), "a.txt in the working tree"]],
    );
    assert.ok(existsSync(join(store, objectPath(md5("then")))), "nothing is deleted");
  });

  it("deletes it, from both", async () => {
    const { workspace, store } = await two();
    await deleteUnused(workspace, { ...ALL, cloud: await workspace.remote() });
    for (const folder of [workspace.cache.url, store]) {
      assert.equal(existsSync(join(folder, objectPath(md5("then")))), false);
      assert.equal(existsSync(join(folder, objectPath(md5("now")))), true);
    }
  });

  it("keeps what was written lately, whoever names it", async () => {
    const { workspace } = await two();
    await workspace.cache.put(join(workspace.root, "README.md"));
    const found = await findUnused(workspace, ALL);
    assert.deepEqual(unused(found), [[md5("then")]]);
    const young = found.places[0]?.kept.find(({ name }) => name === md5("hello\n"));
    assert.match(young?.why ?? "", /^written on \d{4}-/);
  });

  it("keeps what a branch, a tag or another working tree names", async () => {
    for (const name of [
      "branch other HEAD~1",
      "tag v1 HEAD~1",
      `worktree add --detach ${join(temporaryFolder(), "w")} HEAD~1`,
    ]) {
      const { workspace, folder } = await two();
      git(folder, ...name.split(" "));
      assert.deepEqual(unused(await findUnused(workspace, ALL)), [[]], name);
    }
  });

  it("does not collect in a remote that a folder beside it may use, unless that is looked at, too", async () => {
    const { workspace, folder, store } = await two();
    write(folder, { "b/.dvc/config": readFileSync(join(folder, ".dvc/config"), "utf8") });
    const beside = await openWorkspace(join(folder, "b"), silent());
    await addAll(beside, join(folder, "b"), "x.txt", "theirs");
    await push(beside);
    await age(workspace);
    const cloud = await workspace.remote();
    await assert.rejects(
      deleteUnused(workspace, { ...ALL, cloud }),
      /b" may keep its data in the same remote/,
    );
    assert.ok(existsSync(join(store, objectPath(md5("theirs")))));
    const found = await findUnused(workspace, { ...ALL, cloud, others: [beside] });
    assert.deepEqual([found.blind, unused(found)[1]], [[], [md5("then")]]);
  });

  it("keeps what any stash names, in files that were not tracked, too", async () => {
    const { workspace, folder } = await two();
    for (const text of ["one", "two", "three"]) {
      await addAll(workspace, folder, "a.txt", text);
      await addAll(workspace, folder, "b.txt", `new ${text}`);
      git(folder, "stash", "-q", "--include-untracked");
    }
    await age(workspace);
    const { places } = await findUnused(workspace, ALL);
    const kept = new Set(places[0]?.kept.map(({ name }) => String(name)));
    for (const text of ["one", "new one", "two", "new two", "three"]) assert.ok(kept.has(md5(text)), text);
  });

  it("does not take a shallow clone's commits for all that there are", async () => {
    const { folder } = await two();
    const clone = join(temporaryFolder(), "clone");
    git(temporaryFolder(), "clone", "-q", "--depth=1", `file://${folder}`, clone);
    const workspace = await openWorkspace(clone, silent());
    for (const keep of [{ commits: true }, { branches: true, num: 2 }, { since: "2020-01-01" }]) {
      const { blind } = await findUnused(workspace, { ...ALL, keep });
      assert.match(blind.join(), /the clone is shallow/, JSON.stringify(keep));
    }
    assert.doesNotMatch((await findUnused(workspace, ALL)).blind.join(), /shallow/);
  });

  it("keeps what only the server's branches and pull requests name, and changes no ref for it", async () => {
    for (const ref of ["refs/heads/theirs", "refs/pull/7/head"]) {
      const { workspace, folder } = await two();
      const server = join(temporaryFolder(), "server.git");
      git(folder, "clone", "-q", "--bare", folder, server);
      git(folder, "remote", "add", "origin", server);
      const colleague = join(temporaryFolder(), "colleague");
      git(folder, "clone", "-q", server, colleague);
      git(colleague, "checkout", "-q", "HEAD~1");
      write(colleague, { "new.txt": "x" });
      commit(colleague, "theirs");
      git(colleague, "push", "-q", "origin", `HEAD:${ref}`);
      const before = git(folder, "for-each-ref");
      assert.deepEqual(unused(await findUnused(workspace, ALL)), [[]], ref);
      assert.equal(git(folder, "for-each-ref"), before);
    }
  });

  it("deletes nothing where a server does not answer, unless it is told to", async () => {
    const { workspace, folder } = await two();
    git(folder, "remote", "add", "origin", join(temporaryFolder(), "gone.git"));
    const found = await findUnused(workspace, ALL);
    assert.match(found.blind[0] ?? "", /the server of "origin" does not say/);
    await assert.rejects(deleteUnused(workspace, ALL), /nothing is deleted.*--skip-failed/);
    assert.deepEqual(unused(await deleteUnused(workspace, { ...ALL, blindly: true })), [[md5("then")]]);
  });

  it("deletes nothing where a directory's list of files is lost", async () => {
    const { workspace, folder, store } = await two();
    write(folder, { "images/a": "1", "images/b": "2" });
    const { md5: name } = await add(workspace, "images");
    await push(workspace);
    await age(workspace);
    workspace.cache.drop(name);
    assert.deepEqual(unused(await findUnused(workspace, ALL)), [[md5("then")]], "the remote has the list");
    workspace.cache.drop(name);
    rmSync(join(store, objectPath(name)));
    await assert.rejects(
      deleteUnused(workspace, ALL),
      /the list of files of [0-9a-f]+\.dir \(images in the working tree\)/,
    );
  });

  it("keeps what deployments, records of the ledger and versions name", async () => {
    const desired = `model: m\nserve: { version: v1.0.0, sha256: ${"0".repeat(64)}, md5: ${md5("then")} }\n`;
    const cases: Readonly<Record<string, (folder: string) => void>> = {
      deployment(folder) {
        git(folder, "checkout", "-q", "-b", "production");
        write(folder, { "deployments/production/m.yaml": desired });
        commit(folder, "serve");
        git(folder, "checkout", "-q", "main");
      },
      ledger(folder) {
        git(folder, "checkout", "-q", "--orphan", "trainyard");
        git(folder, "rm", "-q", "-r", "-f", ".");
        write(folder, { "verdicts/m/1.json": `{"digest":{"md5":"${md5("then")}"}}\n` });
        git(folder, "add", "verdicts");
        git(folder, "commit", "-q", "-m", "record");
        git(folder, "checkout", "-q", "-f", "main");
      },
      version(folder) {
        git(folder, "tag", "-a", "m@v1.0.0", "-m", `m v1.0.0\n\nTrainyard-Md5: ${md5("then")}`);
      },
    };
    for (const [name, keep] of Object.entries(cases)) {
      const { workspace, folder } = await two();
      keep(folder);
      assert.deepEqual(unused(await findUnused(workspace, ALL)), [[]], name);
    }
  });

  it("keeps what it is asked to, as DVC does", async () => {
    const { workspace, folder } = await two();
    git(folder, "branch", "old", "HEAD~1");
    const asked = async (keep: GcOptions["keep"]) => unused(await findUnused(workspace, { ...ALL, keep }))[0];
    assert.deepEqual(await asked({}), [md5("then")], "the working tree alone");
    assert.deepEqual(await asked({ branches: true }), []);
    assert.deepEqual(await asked({ tags: true }), [md5("then")]);
    assert.deepEqual(await asked({ revisions: ["HEAD~1"] }), []);
    assert.deepEqual(await asked({ revisions: ["HEAD"] }), [md5("then")]);
    assert.deepEqual(await asked({ revisions: ["HEAD"], num: 2 }), []);
    git(folder, "branch", "-q", "-D", "old");
    assert.deepEqual(await asked({ commits: true }), []);
    assert.deepEqual(await asked({ since: "2020-01-01" }), []);
    assert.deepEqual(await asked({ since: "2090-01-01" }), [md5("then")]);
  });

  it("lets the remote go only of what no ref names, however little is to be kept", async () => {
    const { workspace, folder } = await two();
    git(folder, "branch", "old", "HEAD~1");
    const cloud = await workspace.remote();
    const narrow = { ...ALL, keep: {}, cloud };
    assert.deepEqual(unused(await findUnused(workspace, narrow)), [[md5("then")], []]);
    assert.deepEqual(unused(await findUnused(workspace, { ...narrow, forget: true })), [
      [md5("then")],
      [md5("then")],
    ]);
  });

  it("keeps in the cache only what the remote has not", async () => {
    const { workspace, folder } = await two();
    await addAll(workspace, folder, "b.txt", "here alone");
    await age(workspace);
    const found = await findUnused(workspace, { ...ALL, notIn: await workspace.remote() });
    assert.deepEqual(unused(found), [[md5("now"), md5("then")].sort()]);
  });

  it("deletes of a plan only what is still unused and old", async () => {
    const { workspace, folder } = await two();
    await addAll(workspace, folder, "b.txt", "b");
    await addAll(workspace, folder, "b.txt", "c");
    await addAll(workspace, folder, "b.txt", "d");
    commit(folder, "d");
    await age(workspace);
    const found = await findUnused(workspace, ALL);
    assert.equal(found.places[0]?.unused.length, 3);
    const text = printGcPlan({ places: new Map(found.places.map(({ url, unused }) => [url, unused])) });
    const plan = parseGcPlan(text, "gc.json");
    // "b" is named again meanwhile, "c" is written again, and "e" came after the list was made.
    await addAll(workspace, folder, "b.txt", "b");
    utimesSync(join(workspace.cache.url, objectPath(md5("c"))), new Date(), new Date());
    await addAll(workspace, folder, "e.txt", "e");
    rmSync(join(folder, "e.txt.dvc"));
    const then = new Date(Date.now() - 30 * DAY);
    utimesSync(join(workspace.cache.url, objectPath(md5("e"))), then, then);
    assert.deepEqual(unused(await deleteUnused(workspace, ALL, plan)), [[md5("then")]]);
    assert.ok(await workspace.cache.has(digestOf("e").md5));
  });

  it("keeps what an `add` meanwhile came upon, though it was written long ago", async () => {
    const { workspace, folder } = await two();
    const plan = await findUnused(workspace, ALL);
    assert.deepEqual(unused(plan), [[md5("then")]]);
    await addAll(workspace, folder, "copy.txt", "then");
    rmSync(join(folder, "copy.txt.dvc")); // as it is before the pointer is written
    assert.deepEqual(unused(await deleteUnused(workspace, ALL)), [[]]);
  });

  it("keeps what other repositories of the same cache name", async () => {
    const { workspace } = await two();
    const other = await temporaryWorkspace();
    await addAll(other.workspace, other.folder, "x.txt", "then");
    const others = [await openWorkspace(other.folder, silent())];
    assert.deepEqual(unused(await findUnused(workspace, { ...ALL, others })), [[]]);
  });

  it("is not misled by a pointer that cannot be read on some branch", async () => {
    const { workspace, folder } = await two();
    git(folder, "checkout", "-q", "-b", "broken");
    write(folder, { "a.txt.dvc": "outs: 1\n" });
    commit(folder, "broken");
    git(folder, "checkout", "-q", "main");
    await assert.rejects(deleteUnused(workspace, ALL), /refs\/heads\/broken: a\.txt\.dvc:1/);
  });

  it("refuses a plan that is none", () => {
    assert.throws(() => parseGcPlan("{", "p.json"), /p\.json is no plan/);
    const odd =
      '{"schema":"trainyard/gc/1","places":[{"url":"/x","objects":[{"name":"../../etc","size":1}]}]}';
    assert.throws(() => parseGcPlan(odd, "p.json"), /"\.\.\/\.\.\/etc" is not the name of an object/);
    assert.throws(() => parseGcPlan(readFileSync("package.json", "utf8"), "p"), /schema/);
  });
});
