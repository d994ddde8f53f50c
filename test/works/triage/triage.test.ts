import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { memoryForge, memoryWorld } from "../../../src/adapters/forge/memory.ts";
import type { Measurement } from "../../../src/core/triage/measurement.ts";
import type { MonitorRecord } from "../../../src/core/triage/record.ts";
import type { Forge, Issue, Speaker } from "../../../src/ports/forge.ts";
import { type TriageFacts, triage } from "../../../src/works/triage/triage.ts";
import { memoryLedger } from "../proposal.ts";

const BEN: Speaker = { login: "ben", triggersWorkflows: true, kind: "user" };
const SHA = "a".repeat(64);

const FACTS: TriageFacts = {
  folder: "",
  every: "daily",
  labels: ["drift"],
  falseIssues: "1 in 100 runs",
  owners: ["@acme/ml-team"],
  showValues: false,
  refresh: true,
};

/** A repository with its ledger, at which is looked once a day. */
function bench() {
  const world = memoryWorld("acme/wages");
  const files = new Map<string, string>();
  let day = 0;
  const forge = memoryForge(world);
  const look = (
    verdict: Measurement["verdict"],
    {
      sha256 = SHA,
      names = ["age"],
      skip = 0,
      killed = false,
      refuses = "",
      facts = {} as Partial<TriageFacts>,
    } = {},
  ) => {
    day += 1 + skip;
    const at = new Date(Date.UTC(2026, 10, day, 4, 17)).toISOString();
    const column = (name: string) => ({
      name,
      kind: "category" as const,
      psi: verdict === "moved" ? 0.6 : 0.01,
      js: 0.3,
      threshold: 0.2,
      moved: verdict === "moved",
      bins: [
        { label: "Mallory & sons", reference: 0.5, seen: 0.1 },
        { label: "others", reference: 0.5, seen: 0.9 },
      ],
    });
    const measurement: Measurement = {
      model: "wages",
      environment: "production",
      at,
      window: { from: at, to: at },
      served: { sha256, version: "v1.2.0" },
      rows: verdict === "not enough data" ? 3 : 900,
      verdict,
      why: verdict === "not enough data" ? "3 predictions, and 200 are needed" : null,
      columns: names.map(column),
      notes: [],
    };
    const run = { id: day, attempt: 1, url: `https://github.com/acme/wages/actions/runs/${day}` };
    const kept = memoryLedger(files);
    const ledger = killed ? { ...kept, add: () => Promise.reject(new Error("killed")) } : kept;
    const forge: Forge = memoryForge(world);
    const refused = { ...forge, dispatch: () => Promise.reject(new Error(refuses)) };
    const scene = { forge: refuses === "" ? forge : refused, ledger, run };
    return triage(scene, { ...FACTS, ...facts }, measurement);
  };
  const issue = (number: number | undefined): Issue => {
    const found = world.issues.get(number ?? 0);
    assert.ok(found);
    return found;
  };
  const change = (number: number, more: Partial<Issue>) =>
    world.issues.set(number, { ...issue(number), ...more });
  return { world, files, forge, ben: memoryForge(world, BEN), look, issue, change };
}

describe("the one issue of a model in an environment", () => {
  it("is opened once, brought up to date, closed when the trouble is gone, and opened again when it is back", async () => {
    const { world, look, issue, files } = bench();
    assert.deepEqual([(await look("quiet")).did, world.issues.size], ["nothing", 0]);
    const opened = await look("moved");
    assert.equal(opened.did, "opened");
    const number = opened.issue?.number ?? 0;
    assert.equal(issue(number).title, "wages in production: age has moved away from the training data");
    assert.deepEqual(issue(number).labels, ["drift"]);
    assert.match(issue(number).body, /Since:\*\* 2026-11-02 04:17 UTC; last looked at 2026-11-02/);

    const more = await look("moved", { names: ["age", "sector"] });
    assert.deepEqual([more.did, more.issue?.number], ["updated", number]);
    assert.match(issue(number).body, /Since:\*\* 2026-11-02 04:17 UTC; last looked at 2026-11-03/);
    assert.match(issue(number).title, /age and sector have moved/);

    assert.equal((await look("not enough data")).did, "nothing");
    assert.equal(issue(number).state, "open");
    assert.equal((await look("quiet")).did, "closed");
    assert.equal(issue(number).state, "closed");
    assert.match(
      world.comments.at(-1)?.body ?? "",
      /Gone: at 2026-11-05 .* by 900 predictions of `v1\.2\.0`/,
    );
    assert.equal((await look("not enough data")).did, "nothing");

    const back = await look("moved");
    assert.deepEqual([back.did, back.issue?.number, issue(number).state], ["reopened", number, "open"]);
    assert.equal(world.issues.size, 1);
    assert.equal(files.size, 7, "every look is a record");
    assert.ok(
      [...files.keys()].every((path) =>
        /^monitor\/wages\/production\/2026110\dt041700000z-\d-1\.json$/.test(path),
      ),
    );
  });

  it("opens nothing without enough data", async () => {
    const { world, look } = bench();
    for (let day = 0; day < 3; day++) assert.equal((await look("not enough data")).did, "nothing");
    assert.equal(world.issues.size, 0);
  });

  it("that a person closed stays closed until the trouble was gone once; then there is a new one", async () => {
    const { world, look, ben, issue } = bench();
    const number = (await look("moved")).issue?.number ?? 0;
    await ben.issues.update(number, { state: "closed", reason: "not_planned" });
    for (const verdict of ["moved", "not enough data", "moved"] as const) {
      const { did } = await look(verdict);
      assert.equal(did, verdict === "moved" ? "respected" : "nothing");
    }
    assert.deepEqual([issue(number).state, world.issues.size], ["closed", 1]);
    assert.equal((await look("quiet")).did, "nothing");
    const next = await look("moved");
    assert.equal(next.did, "opened");
    assert.notEqual(next.issue?.number, number);
    assert.match(next.issue?.body ?? "", new RegExp(`Before:\\*\\* #${number}`));
    assert.equal(issue(number).state, "closed");
  });

  it("that a person closed is not spoken of again, unless another model moves, too", async () => {
    const { look, ben } = bench();
    const number = (await look("moved")).issue?.number ?? 0;
    await ben.issues.update(number, { state: "closed" });
    assert.equal((await look("moved")).did, "respected");
    assert.equal((await look("moved", { sha256: "b".repeat(64) })).did, "opened");
  });

  it("that a person reopened stays open until there was trouble again", async () => {
    const { look, ben, issue } = bench();
    const number = (await look("moved")).issue?.number ?? 0;
    await look("quiet");
    await ben.issues.update(number, { state: "open", reason: "reopened" });
    assert.deepEqual([(await look("quiet")).did, (await look("quiet")).did], ["kept open", "kept open"]);
    assert.equal(issue(number).state, "open");
    assert.equal((await look("moved")).did, "updated");
    assert.equal((await look("quiet")).did, "closed");
  });

  it("that is locked is not written to", async () => {
    const { look, issue, change } = bench();
    const number = (await look("moved")).issue?.number ?? 0;
    change(number, { locked: true });
    const before = issue(number);
    const moved = await look("moved", { names: ["age", "sector"] });
    assert.deepEqual([moved.did, issue(number)], ["locked", before]);
    assert.match(moved.why ?? "", /is locked/);
    assert.equal((await look("quiet")).did, "locked");
    change(number, { locked: false });
    assert.equal((await look("quiet")).did, "closed", "as soon as it may");
  });

  it("keeps what people wrote around our part, their title and their labels", async () => {
    const { look, issue, change } = bench();
    const number = (await look("moved")).issue?.number ?? 0;
    const { body } = issue(number);
    change(number, { title: "Ask Eve", body: `Seen.\n${body}\nWe wait.`, labels: ["waiting"] });
    await look("moved", { names: ["sector"] });
    const after = issue(number);
    assert.match(after.body, /^Seen\.\n<!-- trainyard:monitor/);
    assert.match(after.body, /\nWe wait\.$/);
    assert.match(after.body, /`sector`/);
    assert.doesNotMatch(after.body, /`age`/);
    assert.deepEqual([after.title, after.labels], ["Ask Eve", ["waiting"]]);
  });

  it("is not moved by what others write", async () => {
    const { world, look, ben, issue } = bench();
    const number = (await look("moved")).issue?.number ?? 0;
    const fake = await ben.issues.open({ title: "x", body: issue(number).body, labels: ["drift"] });
    await ben.comments.upsert(number, "<!-- trainyard:gone x -->", "<!-- trainyard:gone x -->\nGone.");
    assert.equal((await look("moved")).issue?.number, number);
    assert.equal((await look("quiet")).did, "closed");
    assert.equal(world.issues.get(fake.number)?.state, "open");
  });

  it("is one where two runs open it at once, and the older stays", async () => {
    const { world, look } = bench();
    const [a, b] = await Promise.all([
      look("moved", { names: ["age"] }),
      look("moved", { names: ["sector"] }),
    ]);
    const open = [...world.issues.values()].filter(({ state }) => state === "open");
    assert.equal(open.length, 1);
    assert.deepEqual([a.issue?.number, b.issue?.number], [open[0]?.number, open[0]?.number]);
    assert.equal((await look("moved")).issue?.number, open[0]?.number);
    const [doubled] = [...world.issues.values()].filter(({ state }) => state === "closed");
    assert.equal(doubled?.body, `This is a duplicate of #${open[0]?.number}.`);
  });

  it("is one where a run is killed before it could write down what it did", async () => {
    const { world, look, issue } = bench();
    await assert.rejects(look("moved", { killed: true }));
    const next = await look("moved");
    assert.deepEqual([next.did, world.issues.size], ["updated", 1]);
    await assert.rejects(look("quiet", { killed: true }));
    assert.equal(issue(next.issue?.number).state, "closed");
    assert.equal((await look("quiet")).did, "nothing");
    assert.equal(world.comments.length, 1, "one sentence");
    await assert.rejects(look("moved", { killed: true }));
    assert.equal((await look("moved")).issue?.number, next.issue?.number);
    assert.equal(world.issues.size, 1);
  });

  it("starts the retraining once for each trouble, also where a run is killed before it could write that down", async () => {
    const { world, look } = bench();
    const facts = { retraining: { workflow: "again.yml", model: "wages" } };
    const started = (): number => world.dispatches.length;
    await look("quiet", { facts });
    await assert.rejects(look("moved", { facts, killed: true }), /killed/);
    assert.equal(started(), 1);
    const next = await look("moved", { facts });
    assert.deepEqual([next.did, next.retrains, started()], ["updated", true, 2]);
    await look("not enough data", { facts });
    const later = await look("moved", { facts });
    assert.deepEqual([later.retrains, started()], [false, 2]);
    await look("quiet", { facts });
    assert.equal((await look("moved", { facts })).retrains, true);
    assert.deepEqual(
      [...new Set(world.dispatches.map(({ workflow, ref }) => `${workflow} ${ref}`))],
      ["again.yml main"],
    );
  });

  it("starts the retraining again for another model that moves, and writes it down where something moved alone", async () => {
    const { world, look, files } = bench();
    const facts = { retraining: { workflow: "again.yml", model: "wages" } };
    const other = "b".repeat(64);
    assert.equal((await look("moved", { facts })).retrains, true);
    assert.equal((await look("moved", { facts, sha256: other })).retrains, true);
    assert.equal((await look("not enough data", { facts, sha256: other })).retrains, false);
    assert.equal((await look("moved", { facts, sha256: other })).retrains, false);
    assert.equal((await look("quiet", { facts, sha256: other })).retrains, false);
    assert.equal(world.dispatches.length, 2);
    const days = [...files.values()].map((text) => (JSON.parse(text) as MonitorRecord).retrained);
    assert.deepEqual(
      days.map((at) => at?.slice(8, 10) ?? null),
      ["01", "02", null, "02", null],
    );
  });

  it("whose retraining cannot be started is written down, and says why each time", async () => {
    const { world, look, files } = bench();
    const facts = { retraining: { workflow: "again.yml", model: "wages" } };
    for (const count of [1, 2]) {
      await assert.rejects(look("moved", { facts, refuses: "no such workflow" }), /no such workflow/);
      assert.deepEqual([world.issues.size, files.size], [1, count]);
    }
  });

  it("names no value of the data unless the contract says so", async () => {
    const hidden = (await bench().look("moved")).issue?.body ?? "";
    assert.doesNotMatch(hidden, /Mallory/);
    assert.match(hidden, /category 1 +training +█+/);
    const shown = (await bench().look("moved", { facts: { showValues: true } })).issue?.body ?? "";
    assert.match(shown, /Mallory & sons/);
  });

  it("says when looks were left out", async () => {
    const { look } = bench();
    await look("quiet");
    assert.equal((await look("quiet")).overdue, undefined);
    const late = await look("moved", { skip: 3 });
    assert.match(late.overdue ?? "", /4 days ago.*left out or delayed 3 runs/);
    assert.match(late.issue?.body ?? "", /^> ⏰ The look before this one was 4 days ago/m);
  });

  it("is not torn open by names", async () => {
    const { look } = bench();
    const names = ["<!-- trainyard:end -->", "a|b\n# c @ada", "```"];
    const first = (await look("moved", { names })).issue;
    const second = (await look("moved", { names })).issue;
    assert.equal(second?.number, first?.number);
    assert.equal((second?.body.match(/trainyard:end -->/g) ?? []).length, 1);
    assert.doesNotMatch((second?.body ?? "").replace(/^```text\n.*?^```$/ms, ""), /@ada/);
  });
});
