import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { serverUrl } from "../../../local/runner/process-environment.ts";
import { node24 } from "../../action/node24.ts";
import { type Found, look } from "./found.ts";
import { openTeam, type Proposal, runOf, type Team } from "./team.ts";

/* The process that publishes, killed at any moment and started again: each request may be its last. */

const WRITE = {
  actions: "read",
  checks: "write",
  contents: "write",
  "pull-requests": "write",
  statuses: "write",
} as const;

describe("publish, killed at any moment", () => {
  let team: Team;
  let place: string;
  let judged: Proposal;
  let run: number;
  let count = 0;
  // An hour has no more than a thousand requests for a repository's workflows, here as on GitHub: it is
  // over before that many were made.
  let hours = 0;
  const now = (): Date => new Date(Date.now() + hours * 3_600_000);
  let alone: Found;
  let most = 0; // requests of one that is left alone
  before(async () => {
    team = await openTeam({ now });
    const { world } = team;
    world.runner.kill({ job: "judge / write", step: "Publish", when: "begins" });
    judged = await team.propose("judged");
    run = runOf(await world.settled(), "trainyard-judge.yml", "workflow_run").id;
    await world.runner.close(); // from here on, what is published is published by hand
    place = mkdtempSync(join(tmpdir(), "trainyard-publishing-"));
    mkdirSync(join(place, "work"));
    await finished(start("lay-out", { base: judged.base }));
    const name = "trainyard-judgement";
    await finished(start("receive", { name, folder: join(place, name), "run-id": String(run) }, run + 1));
  });
  before(async () => {
    const left = await again("left-alone");
    const from = team.world.github.requests.length;
    await finished(left.publish());
    most = team.world.github.requests.length - from;
    alone = await look(team, left.proposal);
    assert.deepEqual([alone.comments.length, alone.records.length], [1, 5]);
    await team.forget(left.proposal);
  });
  after(async () => {
    await team?.close();
    if (place !== undefined) rmSync(place, { recursive: true, force: true });
  });

  /** Starts an action's built entry as a step of the job that writes, or of another run. */
  function start(action: string, inputs: Readonly<Record<string, string>>, within = run): ChildProcess {
    const { github, repository } = team.world;
    const token = github.jobToken(repository, run, WRITE);
    const given = Object.entries({ ...inputs, token }).map(([key, value]) => [
      `INPUT_${key.toUpperCase()}`,
      value,
    ]);
    const files = join(place, `files-${++count}`);
    mkdirSync(files);
    const [output, summary, event] = ["output", "summary", "event.json"].map((name) => join(files, name));
    for (const file of [output, summary]) writeFileSync(String(file), "");
    writeFileSync(String(event), "{}");
    return spawn(node24(), [resolve(`dist/actions/${action}.js`)], {
      cwd: join(place, "work"),
      detached: true, // a group of its own, so that Git is killed with it
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: place,
        CI: "true",
        ACTIONS_RUNTIME_TOKEN: github.runtimeToken(run, "by hand"),
        ACTIONS_RESULTS_URL: github.resultsUrl,
        GITHUB_ACTIONS: "true",
        GITHUB_API_URL: github.apiUrl,
        GITHUB_GRAPHQL_URL: github.graphqlUrl,
        GITHUB_SERVER_URL: serverUrl(github.url),
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: `url.${github.url}/.insteadOf`,
        GIT_CONFIG_VALUE_0: `${serverUrl(github.url)}/`,
        GITHUB_EVENT_NAME: "workflow_run",
        GITHUB_EVENT_PATH: event,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_REPOSITORY: repository,
        GITHUB_RUN_ID: String(within),
        GITHUB_WORKSPACE: join(place, "work"),
        RUNNER_TEMP: files,
        RUNNER_TOOL_CACHE: join(place, "tools"),
        ...Object.fromEntries(given),
      },
    });
  }

  /** Waits for its end. @throws {Error} where it failed */
  async function finished(child: ChildProcess): Promise<void> {
    let log = "";
    child.stdout?.on("data", (part) => (log += part));
    child.stderr?.on("data", (part) => (log += part));
    const code = await new Promise((done) => child.once("close", done));
    assert.equal(code, 0, log);
  }

  /** The judged change as another commit with a pull request of its own, and its judgement. */
  async function again(branch: string): Promise<{ readonly proposal: Proposal; publish(): ChildProcess }> {
    hours++;
    const { checkout, ada, repository } = team.world;
    await checkout.git("switch", "--quiet", "--create", branch, judged.head);
    await checkout.git(
      "commit",
      "--quiet",
      "--amend",
      "--no-edit",
      "--date",
      `@${1_000_000_000 + ++count} +0000`,
    );
    await checkout.git("push", "--quiet", "origin", "HEAD");
    const head = await checkout.git("rev-parse", "HEAD");
    const pull = await ada.openPull(repository, { title: "Train for longer", head: branch });
    const judgement = join(place, branch);
    cpSync(join(place, "trainyard-judgement"), judgement, { recursive: true });
    const file = join(judgement, "judgement.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(judged.head, head));
    const inputs = { folder: "base", judgement, pull: String(pull), head, "run-id": String(run) };
    return { proposal: { branch, pull, head, base: judged.base }, publish: () => start("publish", inputs) };
  }

  /** Kills it some milliseconds after GitHub has answered so many requests. @returns whether it still ran */
  async function killed(child: ChildProcess, requests: number): Promise<boolean> {
    const { github } = team.world;
    const from = github.requests.length;
    let over = false;
    const ended = new Promise<boolean>((done) =>
      child.once("close", (_, signal) => {
        over = true;
        done(signal === "SIGKILL");
      }),
    );
    while (!over && github.requests.length < from + requests) await wait(1);
    await wait(Math.random() * 12);
    if (!over) process.kill(-Number(child.pid), "SIGKILL");
    return ended;
  }

  it("leaves what one that was left alone leaves", async (context) => {
    let kills = 0;
    for (let first = 1; first <= most; first += 8) {
      const { proposal, publish } = await again(`killed-${first}`);
      for (const requests of [first, first + 2, first + 4, first + 6]) {
        if (await killed(publish(), requests)) kills++;
      }
      await finished(publish());
      assert.deepEqual(await look(team, proposal), alone, `killed after ${first} requests and more`);
      await team.forget(proposal);
    }
    context.diagnostic(`${most} requests, killed ${kills} times`);
    assert.ok(kills >= most / 4, `${kills} of ${most}`);
  });

  it("leaves the same where two of it run at the same time", async () => {
    for (let times = 1; times <= 2; times++) {
      const { proposal, publish } = await again(`both-${times}`);
      await Promise.all([finished(publish()), finished(publish())]);
      assert.deepEqual(await look(team, proposal), alone);
      await team.forget(proposal);
    }
  });
});
