import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { planWorkflow } from "../../../local/runner/plan.ts";
import type { Source } from "../../../local/runner/sources.ts";
import { jobsOf, onPush, play } from "./stand-in.ts";

const STEP = "runs-on: ubuntu-latest\n    steps: [{ run: 'true' }]";

const called = (body: string, head = "") =>
  `on:\n  workflow_call:\n${head.replace(/^/gm, "    ")}\n${body}\n`;

const sourceOf = (files: Readonly<Record<string, string>>): Source => ({
  repository: "acme/wages",
  ref: "refs/heads/main",
  sha: "",
  read: async (path) => files[path],
  folder: async () => "",
});

describe("called workflows", () => {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-tools-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, ".github/workflows"), { recursive: true });
  mkdirSync(join(folder, "say"));
  writeFileSync(
    join(folder, "say/action.yml"),
    "name: say\ndescription: says\nruns: { using: composite, steps: [{ run: 'echo said by tools', shell: bash }] }\n",
  );
  writeFileSync(
    join(folder, ".github/workflows/outer.yml"),
    called(
      `permissions: {}
jobs:
  deep:
    permissions: { contents: read }
    uses: $/.github/workflows/inner.yml
    with: { count: "\${{ inputs.count }}", flag: true }
    secrets: { inner-key: "\${{ secrets.key }}" }
`,
      `inputs: { count: { type: number, default: 3 }, name: { type: string, default: "for \${{ github.ref_name }}" } }
secrets: { key: { required: true } }
outputs: { answer: { value: "\${{ jobs.deep.outputs.answer }} \${{ inputs.name }} \${{ jobs.deep.result }}" } }`,
    ),
  );
  writeFileSync(
    join(folder, ".github/workflows/inner.yml"),
    called(
      `jobs:
  work:
    name: do the work
    runs-on: ubuntu-latest
    outputs: { answer: "\${{ steps.x.outputs.answer }}" }
    steps:
      - id: x
        env: { KEY: "\${{ secrets.inner-key }}", OTHER: "\${{ secrets.OTHER }}" }
        run: |
          echo "key length \${#KEY}, other '$OTHER', count \${{ inputs.count + 0 == inputs.count }} \${{ inputs.flag }}, \${{ github.event_name }}"
          echo "in \${{ job.workflow_repository }} \${{ job.workflow_file_path }}"
          echo "answer=\${{ inputs.count }}" >> "$GITHUB_OUTPUT"
      - uses: $/say
  never:
    if: "! inputs.flag"
    ${STEP}
`,
      `inputs: { count: { type: number, required: true }, flag: { type: boolean } }
secrets: { inner-key: { required: false } }
outputs: { answer: { value: "\${{ jobs.work.outputs.answer }}" } }`,
    ).replace(" + 0 == inputs.count", " == 5"),
  );
  const options = {
    actions: { "acme/tools": folder },
    secrets: { "acme/wages": { MAIN: "s3cret", OTHER: "0ther" } },
  };

  it("nest, with inputs by type, secrets by name, outputs, and $/ as their own repository", async () => {
    const played = await play(
      onPush(`
call:
  uses: acme/tools/.github/workflows/outer.yml@v1
  with: { count: 5 }
  secrets: { key: "\${{ secrets.MAIN }}" }
after:
  needs: call
  runs-on: ubuntu-latest
  steps: [{ run: 'echo "answer \${{ needs.call.outputs.answer }}"' }]
`),
      {},
      options,
    );
    const jobs = jobsOf(played);
    assert.deepEqual(Object.keys(jobs), ["call / deep / do the work", "call / deep / never", "after"]);
    const log = jobs["call / deep / do the work"]?.log ?? "";
    assert.match(log, /^key length 6, other '', count true true, push$/m);
    assert.match(log, /^in acme\/tools \.github\/workflows\/inner\.yml$/m);
    assert.match(log, /^said by tools$/m);
    assert.equal(jobs["call / deep / never"]?.result, "skipped");
    assert.match(jobs.after?.log ?? "", /^answer 5 for main success$/m);
    const granted = [...played.standIn.tokens.values()].filter(({ run }) => run > 0);
    assert.deepEqual(
      granted.map(({ permissions, revoked }) => ({ permissions, revoked })),
      [
        { permissions: { contents: "read" }, revoked: true },
        { permissions: { contents: "read", packages: "read" }, revoked: true },
      ],
    );
  });

  it("inherit all secrets where the caller says so", async () => {
    const jobs = jobsOf(
      await play(
        {
          ...onPush("call:\n  uses: ./.github/workflows/b.yml\n  secrets: inherit"),
          ".github/workflows/b.yml": called(
            "jobs:\n  b:\n    runs-on: ubuntu-latest\n    steps: [{ env: { K: '${{ secrets.OTHER }}' }, run: 'echo length ${#K}' }]",
          ),
        },
        {},
        options,
      ),
    );
    assert.match(jobs["call / b"]?.log ?? "", /^length 5$/m);
  });

  const problems: readonly [string, Record<string, string>, RegExp][] = [
    [
      "a job asks for more than its caller gives",
      {
        ...onPush("call:\n  permissions: { contents: read }\n  uses: ./.github/workflows/b.yml"),
        ".github/workflows/b.yml": called(
          `jobs:\n  b:\n    permissions: { contents: write, checks: read }\n    ${STEP}`,
        ),
      },
      /\(Line: 5, Col: 3\): Error calling workflow '\.\/\.github\/workflows\/b\.yml'\. The nested job 'b' is requesting 'checks: read, contents: write', but is only allowed 'checks: none, contents: read'\./,
    ],
    [
      "the workflow asks for more than the default",
      {
        ...onPush("call:\n  uses: ./.github/workflows/b.yml"),
        ".github/workflows/b.yml": called(`permissions: { issues: read }\njobs:\n  b:\n    ${STEP}`),
      },
      /The workflow is requesting 'issues: read', but is only allowed 'issues: none'/,
    ],
    [
      "a nested call asks for more",
      {
        ...onPush("call:\n  uses: ./.github/workflows/b.yml", "permissions: {}"),
        ".github/workflows/b.yml": called(
          "jobs:\n  b:\n    permissions: read-all\n    uses: ./.github/workflows/c.yml",
        ),
        ".github/workflows/c.yml": called(`jobs:\n  c:\n    ${STEP}`),
      },
      /The nested job 'b' is requesting 'actions: read, /,
    ],
    [
      "an input is missing, another unknown",
      {
        ...onPush("call:\n  uses: ./.github/workflows/b.yml\n  with: { m: 1 }"),
        ".github/workflows/b.yml": called(
          `jobs:\n  b:\n    ${STEP}`,
          "inputs: { n: { type: number, required: true } }",
        ),
      },
      /Input n is required, but not provided while calling\..* Invalid input, m is not defined/,
    ],
    [
      "a required secret is missing",
      onPush("call:\n  uses: acme/tools/.github/workflows/outer.yml@v1"),
      /Secret key is required, but not provided while calling/,
    ],
    [
      "the called file is not there",
      onPush("call:\n  uses: acme/tools/.github/workflows/none.yml@v1"),
      /there is no workflow file "\.github\/workflows\/none\.yml" in acme\/tools@v1/,
    ],
    [
      "the repository is not known",
      onPush("call:\n  uses: acme/other/.github/workflows/a.yml@v1"),
      /uses "acme\/other\/\.github\/workflows\/a\.yml@v1", which is not known here; known are acme\/tools/,
    ],
    [
      "a workflow calls itself",
      {
        ...onPush("call:\n  uses: ./.github/workflows/b.yml"),
        ".github/workflows/b.yml": called("jobs:\n  b:\n    uses: ./.github/workflows/b.yml"),
      },
      /more than 10 levels deep/,
    ],
    [
      "it cannot be called",
      {
        ...onPush("call:\n  uses: ./.github/workflows/b.yml"),
        ".github/workflows/b.yml": `on: workflow_dispatch\njobs:\n  b:\n    ${STEP}`,
      },
      /has no workflow_call trigger|workflow_call.* not/,
    ],
    [
      "a key is unknown",
      onPush(`a:\n  colour: red\n  ${STEP.replaceAll("    ", "  ")}`),
      /\(Line: 6, Col: 5\): Unexpected value 'colour'/,
    ],
    [
      "it wants a container",
      onPush(`a:\n  container: x\n  ${STEP.replaceAll("    ", "  ")}`),
      /job "a" has "container", which this runner does not know/,
    ],
    [
      "it wants another machine",
      onPush("a:\n  runs-on: windows-latest\n  steps: [{ run: a }]"),
      /there is no machine for runs-on "windows-latest"/,
    ],
    [
      "it counts files",
      onPush("a:\n  runs-on: ubuntu-latest\n  steps: [{ run: 'echo ${{ hashFiles(''*'') }}' }]"),
      /an expression calls hashFiles\(\)/,
    ],
  ];
  for (const [what, files, wanted] of problems) {
    it(`do not start where ${what}`, async () => {
      const plan = planWorkflow(sourceOf(files), ".github/workflows/a.yml", options.actions);
      await assert.rejects(
        plan,
        (error: Error) => error.name === "StartupFailure" && wanted.test(error.message),
      );
    });
  }

  it("that cannot start make a run that says so", async () => {
    const { runs } = await play(problems[0]?.[1] ?? {});
    assert.deepEqual(
      runs.map(({ conclusion, jobs }) => ({ conclusion, jobs })),
      [{ conclusion: "startup_failure", jobs: [] }],
    );
    assert.match(runs[0]?.problem ?? "", problems[0]?.[2] ?? /never/);
  });

  it("fail where an input that is known only then has the wrong type", async () => {
    const jobs = jobsOf(
      await play({
        ...onPush("call:\n  uses: ./.github/workflows/b.yml\n  with: { n: '${{ github.ref_name }}' }"),
        ".github/workflows/b.yml": called(`jobs:\n  b:\n    ${STEP}`, "inputs: { n: { type: number } }"),
      }),
    );
    assert.equal(jobs.call?.result, "failure");
    assert.match(
      jobs.call?.annotations[0]?.message ?? "",
      /Input n: unexpected value 'main', expected type: number/,
    );
  });
});
