import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { jobsOf, onPush, play } from "./stand-in.ts";

const SCRIPT = `
import { appendFileSync } from "node:fs";
const { env } = process;
const [part] = /\\w+(?=\\.mjs$)/.exec(process.argv[1]);
console.log(part, env.INPUT_TEXT, JSON.stringify(env["INPUT_TWO_WORDS"]), env.STATE_seen ?? "", env.GITHUB_ACTION, env.OWN ?? "");
console.log("runtime", env.ACTIONS_RUNTIME_TOKEN?.length > 9, env.ACTIONS_RESULTS_URL?.endsWith("/results/"), env.ACTIONS_CACHE_MODE);
appendFileSync(env.GITHUB_STATE, "seen=" + (env.STATE_seen ?? "") + part[0] + "\\n");
appendFileSync(env.GITHUB_OUTPUT, "said=" + part + "\\n");
if (env.INPUT_TEXT === "bad") process.exit(4);
`;

const NODE_ACTION = `
name: Node
description: speaks
inputs:
  text: { description: what, default: "default of \${{ github.event_name }}" }
  two words: { description: more }
runs: { using: node24, pre: pre.mjs, main: main.mjs, post: post.mjs }
`;

const files = (prefix: string) => ({
  [`${prefix}/action.yml`]: NODE_ACTION,
  [`${prefix}/pre.mjs`]: SCRIPT,
  [`${prefix}/main.mjs`]: SCRIPT,
  [`${prefix}/post.mjs`]: SCRIPT,
});

const COMPOSITE = `
name: Composite
description: several
inputs: { who: { description: who, required: true } }
outputs: { greeting: { description: it, value: "\${{ steps.b.outputs.greeting }}" } }
runs:
  using: composite
  steps:
    - { run: 'echo "at \${{ github.action_path }}" | sed "s#.*/#at #"', shell: bash }
    - id: b
      shell: bash
      env: { WHO: "\${{ inputs.who }}" }
      run: echo "greeting=hello $WHO$OUTER" >> "$GITHUB_OUTPUT"
    - { if: failure(), run: echo never, shell: bash }
    - { uses: $/quiet, with: { text: inner } }
`;

const QUIET = NODE_ACTION.replace(", pre: pre.mjs", "");

describe("actions", () => {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-actions-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const tools = {
    ...files("speak"),
    ...files("quiet"),
    "quiet/action.yml": QUIET,
    "many/action.yml": COMPOSITE,
    "box/action.yml": "name: a\ndescription: b\nruns: { using: docker, image: x }\n",
  };
  for (const [path, content] of Object.entries(tools)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const known = { actions: { "acme/tools": folder } };

  it("written in JavaScript have a before and an after, and remember", async () => {
    const { a } = jobsOf(
      await play(
        onPush(`
a:
  runs-on: ubuntu-latest
  cache-mode: none
  steps:
    - run: echo first
    - { uses: acme/tools/speak@v1, id: one, env: { OWN: mine }, with: { two words: "x y", odd: 1 } }
    - { uses: acme/tools/quiet@v1, with: { text: second } }
    - run: echo "said \${{ steps.one.outputs.said }}"
`),
        {},
        known,
      ),
    );
    assert.equal(a?.result, "success", a?.log);
    const lines = a?.log.split("\n").filter((line) => /^(pre|main|post|first|said)/.test(line));
    assert.deepEqual(lines, [
      'pre default of push "x y"  one mine',
      "first",
      'main default of push "x y" p one mine',
      'main second ""  __acme_tools_quiet ',
      "said main",
      'post second "" m __acme_tools_quiet ',
      'post default of push "x y" pm one mine',
    ]);
    assert.match(a?.log ?? "", /^runtime true true none$/m);
    assert.equal(
      a?.annotations[0]?.message,
      "Unexpected input(s) 'odd', valid inputs are ['text', 'two words']",
    );
  });

  it("made of steps have inputs and outputs, and stand on their own repository with $/", async () => {
    const { a } = jobsOf(
      await play(
        onPush(`
a:
  runs-on: ubuntu-latest
  steps:
    - run: exit 1
      continue-on-error: true
    - { uses: acme/tools/many@v1, id: c, with: { who: Ada }, env: { OUTER: "!" } }
    - run: echo "\${{ steps.c.outputs.greeting }}"
`),
        {},
        known,
      ),
    );
    assert.equal(a?.result, "success", a?.log);
    const lines = a?.log.split("\n").filter((line) => /^(at|main|post|hello|never)/.test(line));
    assert.deepEqual(lines, ["at many", 'main inner ""  __self ', "hello Ada!", 'post inner "" m __self ']);
  });

  it("are taken from the workflow's own commit with $/, and from the workspace with ./ if it has them", async () => {
    const { a, b } = jobsOf(
      await play(
        {
          ...files("mine"),
          "mine/action.yml": QUIET,
          ...onPush(`
a:
  runs-on: ubuntu-latest
  steps:
    - { uses: $/mine, with: { text: own } }
    - { uses: ./mine }
b:
  runs-on: ubuntu-latest
  steps:
    - run: git clone --quiet $GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git .
    - { uses: ./mine, with: { text: bad } }
    - { if: always(), uses: ./mine, with: { text: good } }
`),
        },
        {},
        known,
      ),
    );
    assert.match(a?.log ?? "", /^main own ""/m);
    assert.match(a?.log ?? "", /Can't find 'action.yml' or 'action.yaml' for ".\/mine"/);
    assert.equal(b?.result, "failure");
    assert.match(
      b?.log ?? "",
      /^main bad [\s\S]*exit code 4[\s\S]*^main good [\s\S]*^post good [\s\S]*^post bad/m,
    );
  });

  it("that are not known are refused with the file and what is known", async () => {
    const { runs } = await play(
      onPush("a:\n  runs-on: ubuntu-latest\n  steps: [{ uses: actions/checkout@v7 }]"),
      {},
      known,
    );
    assert.equal(runs[0]?.conclusion, "startup_failure");
    assert.equal(
      runs[0]?.problem,
      'Invalid workflow file: .github/workflows/a.yml#L5\nThe workflow is not valid. .github/workflows/a.yml (Line: 5, Col: 3): uses "actions/checkout/@v7", which is not known here; known are acme/tools',
    );
  });

  it("in containers are refused", async () => {
    const { a } = jobsOf(
      await play(onPush("a:\n  runs-on: ubuntu-latest\n  steps: [{ uses: acme/tools/box@v1 }]"), {}, known),
    );
    assert.equal(a?.result, "failure");
    assert.match(a?.annotations[0]?.message ?? "", /"acme\/tools\/box@v1" runs using docker/);
  });
});
