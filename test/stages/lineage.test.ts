import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { memoryForge, memoryWorld } from "../../src/adapters/forge/memory.ts";
import { openPorts } from "../../src/adapters/open.ts";
import { recordFiles } from "../../src/core/proposal/vouch.ts";
import { UserError } from "../../src/errors.ts";
import type { Ports } from "../../src/ports/ports.ts";
import lineage from "../../src/stages/lineage.ts";
import log from "../../src/stages/log.ts";
import why from "../../src/stages/why.ts";
import { git, temporaryRepository, write } from "../artifacts/temporary.ts";
import { filesOf, lockOf, modelOf, pointerTo } from "../works/lineage/locks.ts";
import { memoryLedger } from "../works/proposal.ts";

function commit(folder: string, subject: string, files: Readonly<Record<string, string>>): string {
  write(folder, files);
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", subject);
  return git(folder, "rev-parse", "HEAD").trim();
}

function repository(): string {
  const folder = temporaryRepository();
  commit(folder, "First model", { ...filesOf({}), "data/cps.csv.dvc": pointerTo("rows", "cps.csv") });
  return folder;
}

const portsIn = (folder: string, more: Partial<Ports> = {}): Ports => ({
  ...openPorts({ folder, stream: process.stderr, environment: { CI: "true" } }),
  screen: { colour: false, width: 100 },
  now: () => new Date("2026-11-21T10:00:00Z"),
  ...more,
});

describe("trainyard lineage", () => {
  const ask = (folder: string, subject: string, more: object = {}) =>
    lineage.run({ subject, format: "text", revision: undefined, ...more } as never, portsIn(folder));

  it("knows a model by name, a path, its pointer file, what lies in it, and a path from a folder below", async () => {
    const folder = repository();
    for (const subject of ["wages", "models/wages", "models/wages.dvc", "models/wages/model.json"]) {
      assert.match(
        (await ask(folder, subject)).text,
        /^models\/wages {2}[0-9a-f]{8}, 7 B, 2 files\nmade from\n/,
        subject,
      );
    }
    assert.match(
      (await ask(join(folder, "data"), "cps.csv")).text,
      /^data\/cps\.csv .*\nleads to\n└─ ingest/,
    );
    assert.match(
      (await ask(folder, ".trainyard/rows.parquet")).text,
      /^\.trainyard\/rows\.parquet /,
      "what is asked for by name is shown",
    );
  });

  it("says what it does not know, and which of two it cannot tell apart", async () => {
    const folder = repository();
    await assert.rejects(
      ask(folder, "wagse"),
      /no pointer file and no lock knows "wagse"; did you mean "wages"\?/,
    );
    write(folder, { "b/trainyard.lock": filesOf({})["trainyard.lock"] ?? "" });
    await assert.rejects(ask(folder, "wages/x/../../q"), /no pointer file and no lock knows/);
    write(folder, { "c/trainyard.lock": filesOf({})["trainyard.lock"] ?? "" });
    await assert.rejects(ask(folder, "wages"), /there are 3 models "wages"; name one by its path/);
  });

  it("shows another revision, a chart and events", async () => {
    const folder = repository();
    write(folder, filesOf({ epochs: 99 }));
    const now = await ask(folder, "wages");
    const then = await ask(folder, "wages", { revision: "HEAD" });
    assert.match(now.text, new RegExp(modelOf({ epochs: 99 }).md5.slice(0, 8)));
    assert.match(then.text, new RegExp(modelOf({}).md5.slice(0, 8)));
    assert.match((await ask(folder, "wages", { format: "mermaid" })).text, /^flowchart LR\n/);
    const { text, json } = await ask(folder, "wages", { format: "openlineage" });
    const lines = text.split("\n").map((line) => JSON.parse(line) as { eventTime: string });
    assert.deepEqual(lines, JSON.parse(JSON.stringify(json)));
    const at = new Date(git(folder, "log", "-1", "--format=%aI").trim()).toISOString();
    assert.deepEqual([...new Set(lines.map(({ eventTime }) => eventTime))], [at]);
  });
});

describe("trainyard log", () => {
  it("is asked from any folder, and refuses a limit that is none", async () => {
    const folder = repository();
    const asked = { path: "cps.csv.dvc", revision: undefined, limit: undefined };
    const { outputs, json } = await log.run(asked as never, portsIn(join(folder, "data")));
    assert.deepEqual(outputs, { changes: "1" });
    assert.match(JSON.stringify(json), /"path":"data\/cps\.csv","changes":\[\{.*"before":null/);
    await assert.rejects(log.run({ ...asked, limit: -1 } as never, portsIn(folder)), /--limit is -1/);
    await assert.rejects(
      log.run({ ...asked, path: "README.md" } as never, portsIn(folder)),
      /no commit names a version of "README\.md"; .*git log -- README\.md/,
    );
    await assert.rejects(log.run({ ...asked, path: "../x" } as never, portsIn(folder)), /is not below/);
  });
});

describe("trainyard why", () => {
  it("asks ledger and forge where a token is given, and says who approves now", async () => {
    const folder = repository();
    const { md5, sha256, size } = modelOf({});
    const world = memoryWorld("acme/wages");
    const forge = memoryForge(world);
    await forge.createBranch("propose", world.branches.get("main") ?? "");
    const { number } = await forge.pulls.create({
      title: "Propose",
      body: "",
      head: "propose",
      base: "main",
    });
    const said = { commit: undefined, at: "2026-11-20T10:00:00Z" };
    world.reviews.set(number, [
      { ...said, by: "ben", state: "approved" },
      { ...said, by: "eve", state: "approved" },
      { ...said, by: "ben", state: "commented" },
      { ...said, by: "eve", state: "changes requested" },
    ]);
    const ledger = memoryLedger();
    await ledger.add(
      recordFiles({
        schema: "trainyard/verdict/1",
        model: "wages",
        folder: "",
        pull: number,
        commit: "c".repeat(40),
        base: "b".repeat(40),
        fingerprint: lockOf({}).get("train")?.fingerprint ?? "",
        digest: { md5, sha256, size },
        origin: "trained here",
        verdict: "pass",
        sentence: "Better.",
        metrics: {},
        gates: [],
        lock: "d".repeat(64),
        trained_by: null,
        judged_by: "run 7",
        judged_at: "2026-11-20T10:00:00.000Z",
        tool: "trainyard 0.1.0",
      }),
    );
    const inputs = { model: "wages", token: "t", repository: "acme/wages" };
    const ports = portsIn(folder, { forge: async () => forge, ledger: async () => ledger });
    const { outputs, text, json } = await why.run(inputs as never, ports);
    assert.deepEqual(outputs, { sha256, vouched: "true" });
    assert.match(text, new RegExp(`^review {6}#${number} by .*, approved by ben: Propose$`, "m"));
    assert.match(JSON.stringify(json), /"approved_by":\["ben"\]/);

    const silent = await why.run({ ...inputs, token: undefined } as never, ports);
    assert.equal(silent.outputs.vouched, "");
    assert.match(silent.text, /note: the ledger is not here: `git fetch origin trainyard:/);

    const broken = portsIn(folder, {
      forge: async () => forge,
      ledger: async () => Promise.reject(new UserError("no way in")),
    });
    const unread = await why.run(inputs as never, broken);
    assert.equal(unread.outputs.vouched, "", "what could not be asked is no answer");
    assert.match(unread.text, /note: the ledger could not be read: no way in/);
  });
});
