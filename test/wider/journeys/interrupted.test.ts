import assert from "node:assert/strict";
import { existsSync, readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { openRepository, type Repository } from "../../journeys/repository.ts";

/** Starts a run and ends it by a signal as soon as it has said that a stage is done. */
async function endAfter(
  repository: Repository,
  stage: string,
  signal: NodeJS.Signals,
): Promise<number | null> {
  const child = repository.start("run");
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (!child.killed && said.includes(`+ ${stage}`)) child.kill(signal);
  });
  return await new Promise((resolve) => child.on("exit", (code) => resolve(code)));
}

function outcomes(stdout: string): Record<string, string> {
  const { contracts } = JSON.parse(stdout) as {
    contracts: { stages: { stage: string; outcome: string }[] }[];
  };
  return Object.fromEntries(contracts[0]!.stages.map(({ stage, outcome }) => [stage, outcome]));
}

let lock: string | undefined;

/** The lock of a run that nobody interrupted. */
function undisturbed(context: TestContext): string {
  if (lock === undefined) {
    const repository = openRepository(context, "wages");
    assert.equal(repository.trainyard("run").status, 0);
    lock = repository.read("trainyard.lock");
  }
  return lock;
}

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  for (const stage of ["ingest", "features"]) {
    test(`a run that is ended by ${signal} after ${stage} is taken up after it`, async (context) => {
      const repository = openRepository(context, "wages");
      const code = await endAfter(repository, stage, signal);
      assert.equal(code, signal === "SIGINT" ? 130 : null);

      const next = repository.trainyard("run", "--json");
      assert.equal(next.status, 0, next.stderr);
      const became = outcomes(next.stdout);
      assert.equal(became[stage], "stood", "what was finished is not done again");
      assert.equal(became.report, "performed");

      assert.equal(repository.read("trainyard.lock"), undisturbed(context), "the interruption left no trace");
      if (signal === "SIGINT") assert.deepEqual(readdirSync(join(repository.folder, ".trainyard/tmp")), []);
    });
  }
}

test("a command that does not end by itself when asked twice says so in one line, and as JSON", async (context) => {
  const repository = openRepository(context);
  repository.write("large.bin", "");
  truncateSync(join(repository.folder, "large.bin"), 4 * 2 ** 30); // seconds of hashing
  const child = repository.start("add", "large.bin", "--json");
  let [out, said] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  while (!existsSync(join(repository.folder, ".dvc"))) await setTimeout(10);
  for (let asked = 0; asked < 2; asked++) {
    child.kill("SIGINT");
    await setTimeout(50);
  }
  assert.equal(await ended, 130);
  const message = "interrupted; the same command goes on after what was finished";
  assert.deepEqual([JSON.parse(out), said], [{ error: { message } }, `trainyard: ${message}\n`]);
});

test("two runs at once do the work once, and both answer", async (context) => {
  const repository = openRepository(context, "wages");
  const [first, second] = await Promise.all(
    [0, 1].map(async () => {
      const child = repository.start("run", "--json");
      let stdout = "";
      child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      const code = await new Promise<number | null>((resolve) =>
        child.on("close", (status) => resolve(status)),
      );
      assert.equal(code, 0);
      return outcomes(stdout);
    }),
  );
  const became = [first!, second!].map((one) => Object.values(one));
  assert.deepEqual(became.flat().filter((outcome) => outcome === "performed").length, 7);
});
