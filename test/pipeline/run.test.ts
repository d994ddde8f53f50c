import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { pull } from "../../src/artifacts/pull.ts";
import { push } from "../../src/artifacts/push.ts";
import { digestOf } from "../../src/core/artifacts/digest.ts";
import { plan } from "../../src/pipeline/plan.ts";
import { runWorks } from "../../src/pipeline/run.ts";
import type { RunOptions } from "../../src/pipeline/work.ts";
import { git, silent, temporaryFolder, temporaryWorkspace, write } from "../artifacts/temporary.ts";
import { journal, openToy, type Toy, WORKS } from "./toy.ts";

const DATA = { "data/in.txt": "a\nb\n" };

async function run(
  folder: string,
  settings: Toy["settings"] = {},
  options: RunOptions = {},
): Promise<readonly string[]> {
  const { works } = await runWorks(WORKS, await openToy(folder, settings), options);
  return works.map(({ work, outcome }) => `${work} ${outcome}`);
}

async function planned(folder: string, settings: Toy["settings"] = {}): Promise<readonly string[]> {
  const statuses = await plan(WORKS, await openToy(folder, settings));
  return statuses.map(({ work, state, why }) => [`${work} ${state}`, ...why].join("; "));
}

const ALL = ["ingest performed", "validate performed", "features performed", "train performed"];
const NONE = ["ingest stood", "validate stood", "features stood", "train stood"];

describe("a run", () => {
  it("performs everything once, and nothing the second time", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    assert.deepEqual(await planned(folder), [
      "ingest runs; was never run",
      "validate runs; was never run",
      "features runs; was never run",
      "train runs; was never run",
    ]);
    assert.deepEqual(await run(folder), ALL);
    const lock = readFileSync(join(folder, "trainyard.lock"), "utf8");
    assert.deepEqual(await run(folder), NONE);
    assert.equal(readFileSync(join(folder, "trainyard.lock"), "utf8"), lock);
    assert.deepEqual(await planned(folder), [
      "ingest stands",
      "validate stands",
      "features stands",
      "train stands",
    ]);
    assert.deepEqual(journal(folder), ["ingest", "validate", "features", "train"]);
  });

  it("leaves only what belongs to Git to Git", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    await run(folder);
    const untracked = git(folder, "status", "--porcelain", "-uall").trimEnd().split("\n");
    assert.deepEqual(untracked, [
      "?? .dvc/.gitignore",
      "?? .dvc/config",
      "?? .dvcignore",
      "?? data/in.txt",
      "?? journal.txt",
      "?? models/.gitignore",
      "?? models/toy.dvc",
      "?? trainyard.lock",
    ]);
    assert.equal(readFileSync(join(folder, "models/.gitignore"), "utf8"), "/toy\n");
  });

  it("of two contracts in one repository keeps a lock beside each", async () => {
    const { folder } = await temporaryWorkspace({ "one/data/in.txt": "1\n", "two/data/in.txt": "2\n" });
    for (const name of ["one", "two"]) assert.deepEqual(await run(join(folder, name)), ALL);
    for (const name of ["one", "two"]) assert.deepEqual(await run(join(folder, name)), NONE);
    const untracked = git(folder, "status", "--porcelain", "-uall");
    assert.equal(untracked.includes(".trainyard"), false, untracked);
    assert.equal(existsSync(join(folder, "one/trainyard.lock")), true);
    const workspace = await openWorkspace(join(folder, "two"), silent());
    assert.equal(workspace.root, folder);
    assert.equal((await push(workspace)).versions, 6);
    assert.equal((await push(workspace, { paths: [join(folder, "two")] })).versions, 3);
  });

  it("works outside of Git, too", async () => {
    const folder = temporaryFolder();
    write(folder, DATA);
    assert.deepEqual(await run(folder), ALL);
    assert.deepEqual(await run(folder), NONE);
  });

  it("after a change of one feature performs features and what follows, and nothing before", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    await run(folder);
    const changed = { features: [{ scale: ["age", "wage"] }] };
    assert.deepEqual(await planned(folder, changed), [
      "ingest stands",
      "validate stands",
      'features runs; parameter features.0.scale changed ["age"] → ["age","wage"]',
      "train depends; features may make something else",
    ]);
    assert.deepEqual(await run(folder, changed), [
      "ingest stood",
      "validate stood",
      "features performed",
      "train performed",
    ]);
  });

  it("does not perform what follows where a work made the same as before", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    await run(folder, { features: "" });
    assert.deepEqual(await run(folder, { features: "same" }), [
      "ingest stood",
      "validate stood",
      "features performed",
      "train stood",
    ]);
  });

  it("says which data changed, by md5", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    await run(folder);
    write(folder, { "data/in.txt": "a\nb\nc\n" });
    const [ingest] = await planned(folder);
    assert.equal(ingest, "ingest runs; data/in.txt changed md5 dd8c6a39 → 40c53c58");
    assert.deepEqual(await run(folder), ALL);
  });

  it("performs on request what stands", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    await run(folder);
    const digest = readFileSync(join(folder, "trainyard.lock"), "utf8");
    assert.deepEqual(await run(folder, {}, { force: ["features"] }), [
      "ingest stood",
      "validate stood",
      "features performed",
      "train stood",
    ]);
    assert.deepEqual(await run(folder, {}, { force: true }), ALL);
    assert.equal(readFileSync(join(folder, "trainyard.lock"), "utf8"), digest);
  });

  it("stops at a work, with what that needs", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    assert.deepEqual(await run(folder, {}, { until: "features" }), [
      "ingest performed",
      "features performed",
    ]);
    await assert.rejects(run(folder, {}, { until: "fly" }), {
      name: "UserError",
      message: 'no stage "fly"; there are ingest, validate, features, train',
    });
    assert.deepEqual(await run(folder), [
      "ingest stood",
      "validate performed",
      "features stood",
      "train performed",
    ]);
  });

  it("keeps the record of a verdict that stops it, and stops there again", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    const failing = { verdict: "fail" as const };
    for (const first of ["performed", "stood"]) {
      const result = await runWorks(WORKS, await openToy(folder, failing));
      assert.equal(result.stoppedBy, "validate");
      assert.deepEqual(
        result.works.map(({ work, outcome }) => `${work} ${outcome}`),
        [`ingest ${first}`, `validate ${first}`, "features blocked", "train blocked"],
      );
      assert.equal(result.lock.get("validate")?.verdict, "fail");
    }
    assert.deepEqual((await planned(folder, failing)).slice(2), [
      "features blocked; validate failed",
      "train blocked; validate failed",
    ]);
    assert.deepEqual(await run(folder, { verdict: "warn" }), [
      "ingest stood",
      "validate performed",
      "features performed",
      "train performed",
    ]);
  });

  it("puts back what was deleted or altered, without making it anew", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    await run(folder);
    rmSync(join(folder, "models/toy/weights"), { recursive: true });
    rmSync(join(folder, ".trainyard/rows.txt"));
    writeFileSync(join(folder, ".trainyard/features.txt"), "altered");
    assert.deepEqual(await planned(folder), [
      "ingest stands; .trainyard/rows.txt is fetched by its digest",
      "validate stands",
      "features stands; .trainyard/features.txt is fetched by its digest",
      "train restores; models/toy is fetched by its digest",
    ]);
    assert.deepEqual(await run(folder), [
      "ingest stood",
      "validate stood",
      "features stood",
      "train restored",
    ]);
    assert.equal(existsSync(join(folder, "models/toy/weights/1.bin")), true);
    assert.equal(existsSync(join(folder, ".trainyard/rows.txt")), false, "nobody needed it");
    await run(folder, { epochs: 2 });
    assert.equal(readFileSync(join(folder, ".trainyard/features.txt"), "utf8").startsWith("A\nB\n"), true);
  });

  it("makes anew what is neither there nor anywhere else", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    await run(folder);
    rmSync(join(folder, "models/toy"), { recursive: true });
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    assert.equal(
      (await planned(folder)).at(-1),
      "train runs; models/toy is missing, and no cache or remote has it",
    );
    assert.deepEqual((await run(folder)).slice(-1), ["train performed"]);
  });

  it("records nothing of a work that fails, leaves no output or leaves drafts behind", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    const failing = (work: string) => {
      if (work === "train") throw new Error("out of memory");
    };
    await assert.rejects(run(folder, { during: failing }), /out of memory/);
    assert.equal(existsSync(join(folder, "models/toy")), false);
    const silentWork = [{ ...WORKS[0]!, perform: async () => ({ facts: {} }) }];
    await assert.rejects(runWorks(silentWork, await openToy(folder, {}), { force: true }), {
      name: "UserError",
      message: 'ingest ended without leaving ".trainyard/rows.txt"; see what it printed',
    });
    assert.deepEqual(await run(folder), [
      "ingest stood",
      "validate stood",
      "features stood",
      "train performed",
    ]);
  });

  it("records nothing where its data change while it runs", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    const during = () => write(folder, { "data/in.txt": "changed\n" });
    await assert.rejects(run(folder, { during }), {
      name: "UserError",
      message: "what goes into ingest changed while it ran; run again when nothing writes to it",
    });
    assert.deepEqual(await run(folder), ALL);
  });

  it("reads no file that did not change, only what it remembers of it", async () => {
    const { folder } = await temporaryWorkspace(DATA);
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(folder, "data/in.txt"), old, old);
    await run(folder);
    const memory = join(folder, ".trainyard/hashes");
    for (const name of readdirSync(memory)) {
      const bytes = readFileSync(join(memory, name));
      const sealed = bytes.length - 16; // the md5 of all before it, so that it counts as whole
      const vouched = bytes.readDoubleLE(40); // how many have a sha256: the last column
      bytes.fill(0, sealed - vouched * 32, sealed);
      createHash("md5").update(bytes.subarray(0, sealed)).digest().copy(bytes, sealed);
      writeFileSync(join(memory, name), bytes);
    }
    const [ingest] = await planned(folder);
    assert.match(ingest!, /^ingest runs; data\/in\.txt changed/);
  });

  it("goes on in a fresh clone from what was pushed, fetching only what it needs", async () => {
    const { folder, workspace } = await temporaryWorkspace(DATA);
    await add(workspace, "data/in.txt");
    await run(folder);
    await push(workspace);
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "data and model");
    const clone = join(temporaryFolder(), "clone");
    git(folder, "clone", "-q", folder, clone);
    assert.deepEqual(await run(clone), [
      "ingest stood",
      "validate stood",
      "features stood",
      "train restored",
    ]);
    assert.equal(existsSync(join(clone, "data/in.txt")), false, "an unchanged pointer is enough");
    assert.deepEqual(await run(clone, { epochs: 3 }), [
      "ingest stood",
      "validate stood",
      "features stood",
      "train performed",
    ]);
    assert.equal(existsSync(join(clone, ".trainyard/features.txt")), true);
    assert.equal(existsSync(join(clone, ".trainyard/rows.txt")), false);
    await run(clone, {}, { force: ["ingest"] });
    assert.equal(readFileSync(join(clone, "data/in.txt"), "utf8"), "a\nb\n");
    const pulled = await pull(await openWorkspace(clone, silent()));
    assert.deepEqual(pulled.missing, []);
    assert.deepEqual(pulled.refused, []);
  });

  it("refuses data that are not what their pointer says, and says what to do", async () => {
    const { folder, workspace } = await temporaryWorkspace(DATA);
    const { md5 } = await add(workspace, "data/in.txt");
    write(folder, { "data/in.txt": "other\n" });
    const other = digestOf("other\n").md5;
    await assert.rejects(run(folder), {
      name: "UserError",
      message: `"data/in.txt" has md5 ${other}, and data/in.txt.dvc says ${md5}; run \`trainyard add data/in.txt\` if the file is right, \`trainyard pull --force data/in.txt\` if the pointer is`,
    });
    await pull(workspace, { paths: ["data/in.txt"], force: true });
    assert.deepEqual(await run(folder), ALL);
  });
});
