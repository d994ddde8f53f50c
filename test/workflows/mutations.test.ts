// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of workflow files
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readWorkflow } from "../../src/core/doctor/workflow.ts";
import { RULES } from "./rules/rules.ts";

/* What somebody might do to the shipped workflows in good faith, and which rule says no. */
const MUTATIONS: readonly (readonly [file: string, from: string, to: string, rule: string])[] = [
  [
    ".github/workflows/judge.yml",
    "    cache-mode: none\n    permissions:\n      actions: read # the judgement",
    "    permissions:\n      actions: read # the judgement",
    "cache-beside-rights",
  ],
  [
    ".github/workflows/judge.yml",
    "      - name: Publish\n",
    "      - run: npm ci\n      - name: Publish\n",
    "commands-in-the-judge",
  ],
  [".github/workflows/judge.yml", "runs-on: ubuntu-latest", "runs-on: self-hosted", "self-hosted"],
  [
    ".github/workflows/judge.yml",
    "contents: write # the ledger, and pointer and lock on the branch",
    "contents: write",
    "unexplained-permission",
  ],
  [".github/workflows/judge.yml", "\npermissions: {}\n", "\n", "wide-permissions"],
  [
    ".github/workflows/pull-request.yml",
    "permissions: {} # the change's own code runs here",
    "permissions:\n      contents: write # the tag",
    "code-beside-rights",
  ],
  [
    ".github/workflows/pull-request.yml",
    "          SETUP: ${{ inputs.setup }}",
    "          SETUP: ${{ secrets.TRAINYARD_REMOTE }}",
    "code-beside-rights",
  ],
  [".github/workflows/pull-request.yml", '-c "$SETUP"', "-c ${{ inputs.setup }}", "interpolation"],
  [".github/workflows/pull-request.yml", "    timeout-minutes: 60\n", "", "no-timeout"],
  [".github/workflows/ci.yml", "@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", "@v5", "unpinned"],
  [".github/workflows/ci.yml", "persist-credentials: false", "fetch-depth: 0", "kept-credentials"],
  [
    "templates/workflows/trainyard.yml",
    "  pull_request:\n",
    "  pull_request_target:\n",
    "pull-request-target",
  ],
  [
    "templates/workflows/trainyard.yml",
    "secrets:\n      TRAINYARD_REMOTE: ${{ secrets.TRAINYARD_REMOTE }}",
    "secrets: inherit",
    "inherited-secrets",
  ],
  ["templates/workflows/trainyard.yml", "pull-request.yml@v1", "pull-request.yml@main", "unpinned"],
];

for (const [file, from, to, rule] of MUTATIONS) {
  test(`${file} with ${JSON.stringify(to.trim())} is found by ${rule}`, () => {
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes(from), `${file} does not hold ${JSON.stringify(from)}`);
    const workflow = readWorkflow(text.replace(from, to), file);
    assert.ok(RULES.find(({ name }) => name === rule)?.find(workflow).length);
  });
}
