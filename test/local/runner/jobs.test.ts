import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openApprovals } from "../../../local/approvals.ts";
import { combinations } from "../../../local/runner/matrix.ts";
import { jobsOf, onPush, play, REPOSITORY } from "./stand-in.ts";

const STEP = "runs-on: ubuntu-latest\n  steps: [{ run: 'true' }]";
const FALSE = "runs-on: ubuntu-latest\n  steps: [{ run: 'false' }]";

const resultsOf = (jobs: ReturnType<typeof jobsOf>) =>
  Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result]));

describe("jobs", () => {
  it("wait for those that they need, and see how they ended", async () => {
    const played = await play(
      onPush(`
e: # stands before what it needs
  needs: [good, bad]
  if: always() && needs.good.outputs.word == 'hi'
  runs-on: ubuntu-latest
  outputs: { seen: "\${{ needs.good.result }} \${{ needs.bad.result }} \${{ steps.x.outputs.y }}" }
  steps: [{ id: x, run: 'echo "y=\${{ needs.good.outputs.word }}" >> "$GITHUB_OUTPUT"' }]
good:
  runs-on: \${{ fromJSON('["ubuntu-latest"]') }}
  outputs: { word: hi }
  steps: [{ run: 'true' }]
bad:
  ${FALSE}
skipped:
  needs: bad
  ${STEP}
transitive:
  needs: skipped
  if: github.ref_name == 'main'
  ${STEP}
rescue:
  needs: transitive
  if: failure()
  ${STEP}
soft:
  continue-on-error: true
  ${FALSE}
afterSoft:
  needs: soft
  ${STEP}
elsewhere:
  runs-on: \${{ github.ref_name }}
  steps: [{ run: 'true' }]
`),
    );
    const jobs = jobsOf(played);
    assert.deepEqual(resultsOf(jobs), {
      e: "success",
      good: "success",
      bad: "failure",
      skipped: "skipped",
      transitive: "skipped",
      rescue: "success",
      soft: "failure",
      afterSoft: "success",
      elsewhere: "failure",
    });
    assert.deepEqual(jobs.e?.outputs, { seen: "success failure hi" });
    assert.equal(
      jobs.elsewhere?.annotations[0]?.message,
      'there is no machine for runs-on "main"; there are ubuntu-… and self-hosted ones',
    );
    assert.equal(played.runs[0]?.conclusion, "failure");
  });

  it("are all skipped, and so is the run", async () => {
    const { runs } = await play(onPush(`a:\n  if: false\n  ${STEP}\nb:\n  needs: a\n  ${STEP}`));
    assert.equal(runs[0]?.conclusion, "skipped");
  });

  it("multiply by a matrix, whose failure cuts the others short", async () => {
    const played = await play(
      onPush(`
m:
  runs-on: ubuntu-latest
  strategy:
    max-parallel: 2
    matrix: { n: "\${{ fromJSON('[1, 2]') }}", os: [x], include: [{ n: 2, more: yes }, { n: 3 }] }
  outputs: { last: "\${{ matrix.more }}" }
  steps:
    - run: |
        echo "at \${{ matrix.n }} \${{ matrix.os }} \${{ strategy.job-index }} of \${{ strategy.job-total }}"
slow:
  strategy: { matrix: { s: [0, 20] } }
  name: "wait \${{ matrix.s }}"
  runs-on: ubuntu-latest
  steps: [{ run: 'sleep \${{ matrix.s }}; exit 1' }, { if: always(), run: 'echo "in the end \${{ job.status }}"' }]
`),
    );
    const jobs = jobsOf(played);
    assert.deepEqual(resultsOf(jobs), {
      "m (1, x)": "success",
      "m (2, x, yes)": "success",
      "m (3)": "success",
      "wait 0": "failure",
      "wait 20": "cancelled",
    });
    assert.match(jobs["m (2, x, yes)"]?.log ?? "", /^at 2 x 1 of 3$/m);
    assert.match(
      jobs["wait 20"]?.log ?? "",
      /^in the end cancelled$|^##\[error\]The operation was canceled/m,
    );
    assert.deepEqual(jobs["m (2, x, yes)"]?.outputs, { last: "yes" });
  });

  it("end when their time is up", async () => {
    const { runs } = await play(
      onPush(
        "a:\n  timeout-minutes: 0.005\n  runs-on: ubuntu-latest\n  steps: [{ run: sleep 30 }, { run: echo never }, { if: always(), run: echo at last }]",
      ),
    );
    const [job] = runs[0]?.jobs ?? [];
    assert.equal(job?.result, "cancelled");
    assert.equal(runs[0]?.conclusion, "cancelled");
    assert.match(job?.log ?? "", /^at last$/m);
    assert.doesNotMatch(job?.log ?? "", /^never$/m);
    assert.match(job?.annotations[0]?.message ?? "", /exceeded the maximum execution time of 0.005 minutes/);
  });

  it("with an environment wait for an approval", async () => {
    const files = onPush(`
a:
  environment: { name: "\${{ github.ref_name }}-prod" }
  ${STEP}
b:
  environment: test
  ${STEP}
`);
    const asked: string[] = [];
    const { a, b } = jobsOf(
      await play(files, {}, { approve: (name, run) => asked.push(`${name} ${run}`) > 0 && name === "test" }),
    );
    assert.deepEqual(asked.sort(), ["main-prod 1", "test 1"]);
    assert.equal(b?.result, "success");
    assert.equal(a?.result, "failure");
    assert.match(
      a?.annotations[0]?.message ?? "",
      /the deployment to "main-prod" was rejected by a reviewer/,
    );
    const nobody = jobsOf(await play(files));
    assert.match(
      nobody.b?.annotations[0]?.message ?? "",
      /the environment "test" waits for an approval that nobody gave/,
    );
  });

  it("of a matrix enter the environment of their combination, when its reviewer has said so", async () => {
    const files = onPush(`
deploy:
  strategy: { fail-fast: false, matrix: { environment: [staging, production, quiet] } }
  environment: { name: "\${{ matrix.environment }}", deployment: "\${{ matrix.environment != 'quiet' }}" }
  runs-on: ubuntu-latest
  steps: [{ run: "echo to $KEY", env: { KEY: "\${{ secrets.KEY }}" } }]
`);
    const approvals = openApprovals(["production"]);
    const branches = ["main"];
    const options = {
      approve: approvals.ask,
      environments: {
        [REPOSITORY]: {
          staging: { secrets: { KEY: "s1" }, branches },
          production: { secrets: { KEY: "p1" }, branches },
        },
      },
    };
    for (const approved of [true, false]) {
      const playing = play(files, {}, options);
      assert.equal(await approvals.waits("production"), 1);
      await approvals.answer("production", approved);
      const played = await playing;
      assert.deepEqual(
        Object.values(jobsOf(played)).map(({ name, result }) => `${name} ${result}`),
        [
          "deploy (staging) success",
          `deploy (production) ${approved ? "success" : "failure"}`,
          "deploy (quiet) success",
        ],
      );
      const of = (name: string) => played.standIn.deployments.filter((one) => one.startsWith(name));
      assert.deepEqual(of("staging"), ["staging in_progress", "staging success"]);
      assert.deepEqual(
        of("production"),
        approved
          ? ["production queued", "production in_progress", "production success"]
          : ["production queued", "production failure"],
      );
      assert.deepEqual(of("quiet"), []);
    }
  });
});

describe("a matrix", () => {
  it("is the product of its lists, less what is excluded, more what is included", () => {
    assert.deepEqual(
      combinations({
        a: [1, 2],
        b: ["x", "y"],
        exclude: [{ a: 1, b: "y" }],
        include: [{ b: "x", c: true }, { a: 9 }],
      }),
      [{ a: 1, b: "x", c: true }, { a: 2, b: "x", c: true }, { a: 2, b: "y" }, { a: 9 }],
    );
    assert.deepEqual(combinations({ include: [{ a: 1 }, { a: 2 }] }), [{ a: 1 }, { a: 2 }]);
    assert.throws(() => combinations({ a: [] }), /no combination/);
    assert.throws(() => combinations({ a: 1 }), /not a list/);
    assert.throws(() => combinations({ a: Array(17).fill(0), b: Array(17).fill(0) }), /289 combinations/);
  });
});
