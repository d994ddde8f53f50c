import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commitTo, memoryForge, memoryWorld } from "../../../src/adapters/forge/memory.ts";
import type { Speaker } from "../../../src/ports/forge.ts";
import { propose } from "../../../src/works/retrain/propose.ts";
import type { Taken } from "../../../src/works/retrain/take.ts";

const BEN: Speaker = { login: "ben", triggersWorkflows: true, kind: "user" };
const BRANCH = "trainyard-retrain-wages";

const taken = (text: string): Taken => ({
  model: "wages",
  changed: [{ path: "data/rows.csv", bytes: 10, md5: "a".repeat(32), before: undefined }],
  write: [{ path: "data/rows.csv.dvc", bytes: new TextEncoder().encode(text) }],
  gone: [],
});

function bench() {
  const world = memoryWorld("acme/wages", { "data/rows.csv.dvc": "old\n" });
  const forge = memoryForge(world);
  const base = (): string => world.branches.get("main") ?? "";
  const ask = (text: string, more: { issue?: number; person?: boolean } = {}) =>
    propose(forge, taken(text), {
      base: base(),
      issue: more.issue,
      asked: "asked for by hand",
      person: more.person ?? true,
    });
  const tip = () => world.branches.get(BRANCH);
  const pulls = () => [...world.pulls.values()];
  return { world, forge, ask, tip, pulls, base };
}

describe("the one pull request with a model's newest rows", () => {
  it("is opened, brought up to date, and left as it is", async () => {
    const { forge, ask, tip, pulls } = bench();
    const first = await ask("new\n", { issue: 7 });
    assert.equal(first.did, "proposed");
    assert.match(pulls()[0]?.body ?? "", /^Closes #7$/m);
    assert.match(pulls()[0]?.body ?? "", /starts no workflows/);
    assert.equal((await ask("new\n", { issue: 7 })).did, "stands");
    const before = tip();
    assert.equal((await ask("newer\n", { issue: 7 })).did, "updated");
    assert.notEqual(tip(), before);
    assert.equal(await forge.file("data/rows.csv.dvc", BRANCH), "newer\n");
    assert.equal(pulls().length, 1);
  });

  it("is not opened for rows that are no others", async () => {
    const { forge, pulls, base } = bench();
    const none = await propose(
      forge,
      { ...taken(""), changed: [], write: [] },
      { base: base(), issue: undefined, asked: "", person: true },
    );
    assert.equal(none.did, "nothing");
    assert.equal(pulls().length, 0);
  });

  it("is left alone where a person has committed to its branch", async () => {
    const { world, ask, tip } = bench();
    await ask("new\n");
    const mine = commitTo(world, BRANCH, { message: "Mine", write: { "note.md": "x" }, author: "ben" });
    const said = await ask("newer\n");
    assert.equal(said.did, "nothing");
    assert.match("why" in said ? said.why : "", /somebody else committed to "trainyard-retrain-wages"/);
    assert.equal(tip(), mine);
  });

  it("that a person closed is opened again for other rows, or when a person asks", async () => {
    const { world, ask, pulls } = bench();
    await ask("new\n");
    await memoryForge(world, BEN).pulls.update(pulls()[0]?.number ?? 0, { state: "closed" });
    const again = await ask("new\n", { person: false });
    assert.match("why" in again ? again.why : "", /with these very rows was closed/);
    assert.equal((await ask("newer\n", { person: false })).did, "proposed");
    await memoryForge(world, BEN).pulls.update(pulls()[1]?.number ?? 0, { state: "closed" });
    assert.equal((await ask("newer\n")).did, "proposed");
    assert.equal(pulls().length, 3);
  });

  it("begins anew upon the default branch once it was merged", async () => {
    const { world, forge, ask, tip, pulls, base } = bench();
    await ask("new\n");
    commitTo(world, "main", { message: "Squashed", write: { "data/rows.csv.dvc": "new\n" } });
    await memoryForge(world, BEN).pulls.update(pulls()[0]?.number ?? 0, { state: "closed" });
    assert.equal((await ask("newer\n", { person: false })).did, "proposed");
    assert.deepEqual((await forge.commitInfo(tip() ?? ""))?.parents, [base()]);
  });
});
