import { isPinned, parseUses } from "../../../src/core/doctor/uses.ts";
import { type Found, OURS, type Rule, stepsOf } from "./rule.ts";

const VERSION = /^v\d+(?:\.\d+)*/;

function check(uses: string, note: string | undefined, line: number): Found[] {
  if (OURS.test(uses)) return [];
  if (!isPinned(uses)) return [{ line, message: `${uses} may become something else; name its commit` }];
  if (parseUses(uses).kind === "repository" && !VERSION.test(note ?? ""))
    return [{ line, message: `say behind "#" which version ${uses} is` }];
  return [];
}

export default {
  name: "unpinned",
  because: "A tag or a branch can be moved to other code, and was, in the incidents of 2025 and 2026.",
  find: (workflow) => [
    ...workflow.jobs.flatMap(({ uses, note, line }) => (uses === undefined ? [] : check(uses, note, line))),
    ...stepsOf(workflow).flatMap(({ step }) =>
      step.uses === undefined ? [] : check(step.uses, step.note, step.line),
    ),
  ],
  good: [
    `on: push
jobs:
  a:
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - uses: $/actions/train
      - uses: ./actions/train
      - uses: docker://alpine@sha256:${"0".repeat(64)}
`,
    `on: pull_request
jobs:
  a:
    uses: trainyard/trainyard/.github/workflows/pull-request.yml@v1
`,
    `runs:
  using: composite
  steps:
    - uses: trainyard/trainyard/actions/run@v1
`,
  ],
  bad: [
    { lines: [5], text: "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n" },
    { lines: [5], text: "on: push\njobs:\n  a:\n    steps:\n      - uses: docker://alpine:3\n" },
    { lines: [3], text: "on: push\njobs:\n  a:\n    uses: other/repo/.github/workflows/x.yml@v1\n" },
    {
      lines: [3],
      text: "on: push\njobs:\n  a:\n    uses: trainyard/trainyard/.github/workflows/x.yml@main\n",
    },
    {
      lines: [5],
      text: `on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@${"a".repeat(40)}\n`,
    },
    { lines: [4], text: "runs:\n  using: composite\n  steps:\n    - uses: a/b@main\n" },
  ],
} satisfies Rule;
