import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { actionsHandoff } from "../../../src/adapters/handoffs/actions.ts";
import { UserError } from "../../../src/errors.ts";
import type { Handoff } from "../../../src/ports/handoff.ts";
import { inEnvironment, type LocalBench, openBench } from "../forge/bench.ts";
import { zip } from "./zips.ts";

const MOST = { archive: 1_000_000, content: 1_000_000, files: 100 };
const place = mkdtempSync(join(tmpdir(), "trainyard-handoffs-"));
after(() => rmSync(place, { recursive: true, force: true }));

let made = 0;
/** A new folder with these files. */
function folder(files: Readonly<Record<string, string | Buffer>>): string {
  const path = join(place, `from-${made++}`);
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}
/** A folder that is not there yet. */
const into = (): string => join(place, `into-${made++}`);

const refuses = (work: Promise<unknown>, message: RegExp): Promise<void> =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    return true;
  });

describe("a hand-off", () => {
  let bench: LocalBench;
  let handoff: Handoff;
  before(async () => {
    bench = await openBench();
    handoff = within(bench.environment);
  });
  after(() => bench.close());

  /** The hand-off as a step of a job sees it. */
  function within(environment: Readonly<Record<string, string>>): Handoff {
    const inner = actionsHandoff(environment);
    return {
      send: (...request) => inEnvironment(environment, () => inner.send(...request)),
      receive: (request) => inEnvironment(environment, () => inner.receive(request)),
    };
  }
  const receive = (name: string, to: string, more: object = {}) =>
    handoff.receive({ name, folder: to, most: MOST, ...more });
  const fromOther = { from: { run: 0, token: "" } };
  before(() => {
    fromOther.from = { run: bench.run?.id ?? 0, token: bench.token };
  });

  it("knows again what a job sent, and refuses what another job put in its place", async () => {
    const mine = await handoff.send("judged", folder({ "judgement.json": "{}\n" }));
    assert.match(mine.digest ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(await receive("judged", into(), { digest: mine.digest }), { files: 1, bytes: 3 });
    await handoff.send("judged", folder({ "judgement.json": "[]\n" }));
    const to = into();
    for (const more of [{ digest: mine.digest }, { digest: mine.digest, ...fromOther }]) {
      await refuses(
        receive("judged", to, more),
        new RegExp(`^the hand-off "judged" came as sha256:[0-9a-f]{64}, not as ${mine.digest}; run again$`),
      );
    }
    assert.equal(existsSync(to), false);
  });

  it("brings a folder to a later job of the run", async () => {
    const from = folder({
      "handover.json": "{}\n",
      "work/.trainyard/rows.bin": Buffer.from([0, 255]),
      empty: "",
    });
    const { url } = await handoff.send("trainyard-handover", from);
    assert.match(url ?? "", new RegExp(`/acme/wages/actions/runs/${bench.run?.id}/artifacts/\\d+$`));
    const to = into();
    assert.deepEqual(await receive("trainyard-handover", to), { files: 3, bytes: 5 });
    assert.equal(readFileSync(join(to, "handover.json"), "utf8"), "{}\n");
    assert.deepEqual(readFileSync(join(to, "work/.trainyard/rows.bin")), Buffer.from([0, 255]));
  });

  it("brings it to another run, by the API", async () => {
    await handoff.send("to-another-run", folder({ "trained.json": "{}" }));
    const to = into();
    mkdirSync(to); // empty, so that it may be there
    assert.deepEqual(await receive("to-another-run", to, fromOther), { files: 1, bytes: 2 });
    assert.deepEqual(readdirSync(to), ["trained.json"]);
  });

  it("brings what was sent last", async () => {
    for (const text of ["first", "second"]) await handoff.send("twice", folder({ "a.txt": text }));
    for (const more of [{}, fromOther]) {
      const to = into();
      await receive("twice", to, more);
      assert.equal(readFileSync(join(to, "a.txt"), "utf8"), "second");
    }
    const runs = (await bench.forge.runs.artifacts(bench.run?.id ?? 0)).filter(
      ({ name }) => name === "twice",
    );
    assert.equal(runs.length, 1);
  });

  it("sends a page once more as it is, to open in a browser", async () => {
    const from = folder({ "report.html": "<h1>Report</h1>", "judgement.json": "{}" });
    const { url } = await handoff.send("trainyard-judgement", from, "report.html");
    const all = await bench.forge.runs.artifacts(bench.run?.id ?? 0);
    const page = all.find(({ name }) => name === "report.html");
    assert.equal(url?.endsWith(`/artifacts/${page?.id}`), true);
    assert.equal(page?.bytes, 15);
    assert.deepEqual(await receive("trainyard-judgement", into()), { files: 2, bytes: 17 });
    await refuses(handoff.send("x", from, "nothing.html"), /no "nothing.html" in/);
  });

  it("is undefined where there is none of that name", async () => {
    assert.equal(await receive("nothing", into()), undefined);
    assert.equal(await receive("nothing", into(), fromOther), undefined);
  });

  it("does not write into a folder that holds something", async () => {
    await handoff.send("full", folder({ a: "1" }));
    const to = folder({ mine: "precious" });
    await refuses(receive("full", to), /is there already; name a new folder/);
    await refuses(receive("full", join(to, "mine")), /is there already/);
    assert.deepEqual(readdirSync(to), ["mine"]);
  });

  it("sends neither links nor nothing", async () => {
    const from = folder({ a: "1" });
    symlinkSync("/etc/passwd", join(from, "link"));
    await refuses(handoff.send("links", from), /link" is neither a file nor a folder/);
    await refuses(handoff.send("empty", folder({})), /is empty; there is nothing to hand over/);
    await refuses(handoff.send("missing", join(place, "nothing")), /there is no folder/);
  });

  it("takes no more than is allowed", async () => {
    const bytes = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * i * 31) % 251));
    await handoff.send("large", folder({ "a.bin": bytes, "b.bin": bytes }));
    for (const more of [{}, fromOther]) {
      const to = into();
      const at = (most: object) => receive("large", to, { ...more, most: { ...MOST, ...most } });
      await refuses(at({ archive: 100 }), /"large" has .*; at most 100 B are allowed/);
      await refuses(at({ content: 60_000 }), /"large" is not taken: it holds more than the 60.0 kB/);
      await refuses(at({ files: 1 }), /"large" is not taken: it holds more than the 1 files/);
      assert.equal(existsSync(to), false, "nothing is left");
    }
  });

  it("takes nothing hostile, and leaves nothing of it", async () => {
    const { github } = bench;
    await handoff.send("hostile", folder({ a: "1" }));
    const archive = zip([
      { name: "good.json", data: "{}" },
      { name: "../escaped", data: "x" },
    ]);
    forge(github, "hostile", archive, true);
    for (const more of [{}, fromOther]) {
      const to = join(place, "below", `${made++}`);
      await refuses(receive("hostile", to, more), /"hostile" is not taken: it .*\.\.\/escaped/);
      assert.deepEqual(readdirSync(join(place, "below")), []);
    }
    forge(github, "hostile", Buffer.from("<html>"), true);
    await refuses(receive("hostile", into()), /"hostile" is not taken: it is no archive that can be read/);
  });

  it("takes nothing that is not what the service says", async () => {
    await handoff.send("exchanged", folder({ a: "1" }));
    forge(bench.github, "exchanged", zip([{ name: "a", data: "2" }]), false);
    for (const more of [{}, fromOther]) {
      await refuses(
        receive("exchanged", into(), more),
        /"exchanged" came as sha256:.*, not as sha256:.*; run again/,
      );
    }
  });

  it("says that another run's has expired", async () => {
    await handoff.send("old", folder({ a: "1" }));
    for (const artifact of artifactsOf(bench.github, "old")) artifact.expiresAt = "2020-01-01T00:00:00Z";
    await refuses(receive("old", into(), fromOther), /"old" of run \d+ has expired; run that workflow again/);
  });

  it("is refused where there is no run, and no way to its artifacts", async () => {
    const terminal = actionsHandoff({});
    const request = { name: "a", folder: into(), most: MOST };
    await refuses(terminal.send("a", place), /between the jobs of a workflow run on GitHub; here is none/);
    await refuses(terminal.receive(request), /here is none, so pass the folder itself/);
    const command = actionsHandoff({ GITHUB_ACTIONS: "true" });
    await refuses(command.receive(request), /lets actions \(`uses:`\) do that, and no commands/);
  });
});

type Kept = {
  file: string;
  size: number | undefined;
  digest: string | null;
  name: string;
  expiresAt: string;
};

function artifactsOf(github: LocalBench["github"], name: string): Kept[] {
  const all = [...github.world.repositories.values()].flatMap((one) => [...one.artifacts.values()]);
  return (all as unknown as Kept[]).filter((artifact) => artifact.name === name);
}

/** Puts other bytes in the place of what was sent, as somebody who may write to the run can. */
function forge(github: LocalBench["github"], name: string, bytes: Buffer, truthful: boolean): void {
  for (const artifact of artifactsOf(github, name)) {
    writeFileSync(artifact.file, bytes);
    if (truthful) Object.assign(artifact, { size: bytes.length, digest: null });
  }
}
