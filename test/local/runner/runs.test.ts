import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { openRunner } from "../../../local/runner/runner.ts";
import { jobsOf, onPush, openStandIn, play } from "./stand-in.ts";

const STEP = "runs-on: ubuntu-latest\n    steps: [{ run: 'true' }]";

const follows = (name: string, before: string) => ({
  [`.github/workflows/${name.toLowerCase()}.yml`]: `name: ${name}
on: { workflow_run: { workflows: [${before}], types: [completed] } }
jobs:
  x:
    if: github.event.workflow_run.conclusion == 'skipped' || github.event.workflow_run.event == 'workflow_run'
    ${STEP}
`,
});

describe("runs", () => {
  it("follow one another by name, whatever the conclusion, and not for ever", async () => {
    const { runs, standIn } = await play({
      ...onPush(`a:\n  if: false\n  ${STEP.replaceAll("    ", "  ")}`),
      ...follows("B", "A"),
      ...follows("C", "B"),
      ...follows("D", "C"),
      ...follows("E", "D"),
    });
    assert.deepEqual(
      runs.map(({ id, workflow, event, conclusion }) => `${id} ${workflow} ${event} ${conclusion}`),
      [
        "1 A push skipped",
        "2 B workflow_run success",
        "3 C workflow_run success",
        "4 D workflow_run success",
      ],
    );
    assert.deepEqual(standIn.conclusions, { 1: "skipped", 2: "success", 3: "success", 4: "success" });
  });

  it("are not started by a workflow's own token, but for dispatches", async () => {
    const files = {
      ...onPush(`a:\n  ${STEP.replaceAll("    ", "  ")}`),
      ".github/workflows/d.yml": `on:
  workflow_dispatch: { inputs: { n: { type: number, default: 4 }, flag: { type: boolean }, word: { default: w } } }
jobs:
  d:
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "\${{ inputs.n == 7 }} \${{ inputs.flag == true }} \${{ inputs.word }}"' }]
`,
    };
    const played = await play(files, [
      { startsWorkflows: false },
      {
        name: "workflow_dispatch",
        startsWorkflows: false,
        payload: { workflow: ".github/workflows/d.yml", inputs: { n: "7", flag: "true" } },
      },
    ]);
    assert.deepEqual(
      played.runs.map(({ path }) => path),
      [".github/workflows/d.yml"],
    );
    assert.match(jobsOf(played).d?.log ?? "", /^true true w$/m);
  });

  it("of a stranger's change can read, and see no secret", async () => {
    const files = onPush(
      `a:
  permissions: { contents: write, id-token: write, checks: read }
  runs-on: ubuntu-latest
  steps: [{ env: { K: "\${{ secrets.KEY }}", V: "\${{ vars.OPEN }}" }, run: 'echo "secret \${#K} $V"' }]`,
    );
    const options = {
      secrets: { "acme/wages": { KEY: "12345" } },
      variables: { "acme/wages": { OPEN: "open" } },
    };
    const low = await play(files, { lowTrust: true }, options);
    assert.match(jobsOf(low).a?.log ?? "", /^secret 0 open$/m);
    const tokens = [...low.standIn.tokens.values()].filter(({ run }) => run === 1);
    assert.deepEqual(
      tokens.map(({ permissions }) => permissions),
      [{ contents: "read", checks: "read" }],
    );
    const high = await play(files, {}, options);
    assert.match(jobsOf(high).a?.log ?? "", /^secret 5 open$/m);
  });

  it("with an unreadable file say so for pushes and pull requests alone", async () => {
    const files = { ".github/workflows/a.yml": "on: [push\n" };
    const { runs } = await play(files, [{}, { name: "issues" }]);
    assert.deepEqual(
      runs.map(({ conclusion, event }) => `${event} ${conclusion}`),
      ["push startup_failure"],
    );
  });

  it("make room for newer ones of their group, while their always() steps still run", async () => {
    const files = onPush(
      "a:\n  runs-on: ubuntu-latest\n  steps: [{ run: 'echo begun; sleep 30' }, { run: echo never }, { if: cancelled(), run: echo told }]\nlast:\n  needs: a\n  if: always()\n  runs-on: ubuntu-latest\n  steps: [{ run: 'echo \"after ${{ needs.a.result }}\"' }]",
      "concurrency: { group: '${{ github.ref }}', cancel-in-progress: true }",
    );
    const standIn = await openStandIn(files);
    const said = new EventEmitter();
    const begun = once(said, "run 1: a begins", { signal: AbortSignal.timeout(60_000) });
    const runner = openRunner({ github: standIn.github, actions: {}, say: (line) => said.emit(line) });
    standIn.emit({});
    await begun;
    standIn.commit(
      onPush(
        "a:\n  runs-on: ubuntu-latest\n  steps: [{ run: 'true' }]",
        "concurrency: { group: '${{ github.ref }}', cancel-in-progress: true }",
      ),
    );
    standIn.emit({});
    const runs = await runner.settled();
    await runner.close();
    standIn.close();
    assert.deepEqual(
      runs.map(({ id, conclusion }) => `${id} ${conclusion}`),
      ["1 cancelled", "2 success"],
    );
    const [a, last] = runs[0]?.jobs ?? [];
    assert.equal(a?.result, "cancelled");
    assert.doesNotMatch(a?.log ?? "", /^never$/m);
    assert.match(
      a?.annotations.at(-1)?.message ?? "",
      /higher priority waiting request for 'refs\/heads\/main'/,
    );
    assert.match(last?.log ?? "", /^after cancelled$/m);
  });

  it("queue for a job's group, and none is dropped", async () => {
    const files = (queue: string) =>
      onPush(
        `a:
  concurrency: { group: one, queue: ${queue} }
  runs-on: ubuntu-latest
  steps: [{ run: 'until [ -e \${{ vars.GATE }} ]; do sleep 0.05; done' }]
b:
  needs: a
  if: "! cancelled()"
  runs-on: ubuntu-latest
  steps: [{ run: 'echo "a \${{ needs.a.result }}"' }]`,
      );
    const folder = mkdtempSync(join(tmpdir(), "trainyard-gate-"));
    // The first holds the group until the third has come.
    const queue = (kind: string) => {
      const gate = join(folder, kind);
      const say = (line: string) => line === "run 3: A (push) begins" && writeFileSync(gate, "");
      return play(files(kind), [{}, {}, {}], { say, variables: { "acme/wages": { GATE: gate } } });
    };
    const all = await queue("max");
    assert.deepEqual(
      all.runs.map(({ conclusion }) => conclusion),
      ["success", "success", "success"],
    );
    const some = await queue("single");
    rmSync(folder, { recursive: true });
    const [dropped] = some.runs.filter(({ conclusion }) => conclusion !== "success");
    assert.equal(some.runs.filter(({ conclusion }) => conclusion === "success").length, 2);
    assert.deepEqual([dropped?.id, dropped?.conclusion], [2, "cancelled"]);
    assert.match(dropped?.jobs[1]?.log ?? "", /^a cancelled$/m);
  });

  it("are started by the files that a push or a pull request changes", async () => {
    const jobs = "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: 'true' }]\n";
    const standIn = await openStandIn({
      ".github/workflows/a.yml": `on: { push: { paths: [data/**] }, pull_request: { paths: [data/**] } }\n${jobs}`,
    });
    const runner = openRunner({ github: standIn.github, actions: {} });
    const before = standIn.commit({ "data/x": "1" });
    const after = standIn.commit({ "code/x": "1" });
    const start = "0".repeat(40);
    standIn.emit({ payload: { before, after } });
    standIn.emit({ payload: { before: start, after } });
    standIn.emit({ payload: { before: start, after: before } });
    const pull = (base: string) => ({
      action: "opened",
      pull_request: { head: { sha: after }, base: { sha: base } },
    });
    standIn.emit({ name: "pull_request", payload: pull(before) });
    const first = await runner.settled();
    const begin = standIn.commit({ "data/y": "1" }, "Quiet [skip ci]");
    standIn.emit({ payload: { before: after, after: begin } });
    standIn.emit({ sha: start, workflowSha: start, payload: { before: after, after: start } });
    const second = await runner.settled();
    await runner.close();
    standIn.close();
    assert.deepEqual(
      [...first, ...second].map(({ event }) => event),
      ["push"],
    );
  });

  it("lose a machine once, and are run again", async () => {
    const standIn = await openStandIn(
      onPush(
        `a:
  runs-on: ubuntu-latest
  steps:
    - { name: one, run: echo one }
    - { name: two, run: 'echo "two at \${{ github.run_attempt }}"' }
    - { if: always(), run: echo three }
b:
  needs: a
  if: failure()
  runs-on: ubuntu-latest
  steps: [{ run: echo b }]`,
      ),
    );
    const kill = { job: "a", step: "two", when: "begins" } as const;
    const runner = openRunner({ github: standIn.github, actions: {}, kill });
    standIn.emit({});
    const [first] = await runner.settled();
    const second = await runner.again(1);
    assert.deepEqual(await runner.settled(), [second]);
    await assert.rejects(runner.again(9), /there is no run 9/);
    await runner.close();
    standIn.close();
    assert.equal(first?.conclusion, "failure");
    assert.match(first?.jobs[0]?.log ?? "", /^one$[\s\S]*lost communication/m);
    assert.doesNotMatch(first?.jobs[0]?.log ?? "", /^(two|three)/m);
    assert.equal(first?.jobs[1]?.result, "success");
    assert.equal(second.id, 1);
    assert.equal(second.conclusion, "success");
    assert.match(second.jobs[0]?.log ?? "", /^two at 2$[\s\S]*^three$/m);
    assert.ok([...standIn.tokens.values()].every(({ revoked }) => revoked));
  });

  it("leave no process behind", async () => {
    const { a } = jobsOf(
      await play(
        onPush(
          "a:\n  runs-on: ubuntu-latest\n  steps: [{ run: 'sleep 300 & echo \"left $!\"' }, { run: echo next }]",
        ),
      ),
    );
    const [, left] = /^left (\d+)$/m.exec(a?.log ?? "") ?? [];
    assert.equal(a?.result, "success");
    await wait(50);
    const status = `/proc/${left}/status`;
    assert.ok(
      !existsSync(status) || /^State:\s+Z/m.test(readFileSync(status, "utf8")),
      "it is gone, or not yet buried",
    );
  });
});
