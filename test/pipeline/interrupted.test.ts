import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { runWorks } from "../../src/pipeline/run.ts";
import { program } from "../artifacts/program.ts";
import { silent, temporaryWorkspace, write } from "../artifacts/temporary.ts";
import { journal, openToy, type Toy, WORKS } from "./toy.ts";

const PROGRAM = program(new URL("./toy-run.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function start(
  folder: string,
  settings: Toy["settings"],
): { child: ChildProcess; ended: Promise<Ended>; said: () => string } {
  const child = spawn(process.execPath, [PROGRAM, folder, JSON.stringify(settings)]);
  let out = "";
  let error = "";
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    error += String(chunk);
  });
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, out, error })));
  return { child, ended, said: () => error };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 60_000) throw new Error("waited in vain");
    await setTimeout(10);
  }
}

/** How often the runs in a folder have said that a work begins or ends. */
function events(folder: string): number {
  const path = join(folder, "events.txt");
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
}

describe("a run that is killed", () => {
  for (const [signal, work] of [
    ["SIGKILL", "ingest"],
    ["SIGKILL", "features"],
    ["SIGINT", "train"],
  ] as const) {
    it(`by ${signal} in ${work} is taken up after the last finished work, without waiting`, async () => {
      const { folder } = await temporaryWorkspace({ "data/in.txt": "a\n" });
      const order = ["ingest", "validate", "features", "train"];
      const { child, ended } = start(folder, { takes: 300 });
      await until(() => journal(folder).includes(work));
      child.kill(signal);
      await ended;

      const said: string[] = [];
      const { works } = await runWorks(WORKS, await openToy(folder, {}, silent(said)));
      assert.deepEqual(said, [], "nobody waits for the dead");
      const finished = order.indexOf(work);
      assert.deepEqual(
        works.map(({ outcome }) => outcome),
        order.map((_, index) => (index < finished ? "stood" : "performed")),
      );
      assert.equal(existsSync(join(folder, "models/toy/model.json")), true);
    });
  }

  it("between two works, again and again, leaves no output that differs from the lock", async () => {
    const { folder } = await temporaryWorkspace({ "data/in.txt": "a\n" });
    for (let kill = 1; kill <= 4; kill++) {
      const seen = events(folder);
      const { child, ended } = start(folder, { epochs: kill });
      await until(() => child.exitCode !== null || events(folder) >= seen + kill);
      child.kill("SIGKILL");
      await ended;
    }
    await runWorks(WORKS, await openToy(folder, { epochs: 5 }));
    const model = JSON.parse(readFileSync(join(folder, "models/toy/model.json"), "utf8")) as {
      epochs: number;
    };
    assert.equal(model.epochs, 5);
    const again = await runWorks(WORKS, await openToy(folder, { epochs: 5 }));
    assert.deepEqual(new Set(again.works.map(({ outcome }) => outcome)), new Set(["stood"]));
  });
});

describe("two runs at once", () => {
  it("perform everything once: the second waits, says so, and finds all done", async () => {
    const { folder } = await temporaryWorkspace({ "data/in.txt": "a\n" });
    const first = start(folder, { waitsFor: "go" });
    await until(() => journal(folder).length > 0);
    const second = start(folder, {});
    await until(() => second.said() !== "");
    write(folder, { go: "" });
    const [one, two] = await Promise.all([first.ended, second.ended]);
    assert.equal(one.code, 0, one.error);
    assert.equal(two.code, 0, two.error);
    assert.deepEqual(journal(folder), ["ingest", "validate", "features", "train"]);
    assert.equal(two.out, '["ingest stood","validate stood","features stood","train stood"]');
    assert.match(two.error, /^waiting for another `trainyard run` \(process \d+\) to end\n$/);
  });
});
