import { bringsTheChange, type Found, hasSecrets, hasWriteToken, type Rule, runsTheChange } from "./rule.ts";

const CHECKOUT = /^actions\/checkout(?:@|$)/;

export default {
  name: "code-beside-rights",
  because: "Whoever writes the code of a change must not hold a token that writes, nor a secret.",
  find(workflow): Found[] {
    const found: Found[] = [];
    for (const job of workflow.jobs) {
      if (workflow.kind === "action") continue;
      const trains = job.steps.filter(({ uses }) => /\/actions\/train(?:@|$)/.test(uses ?? ""));
      const brought = job.steps.findIndex(bringsTheChange);
      const rights = [
        ...(hasWriteToken(workflow, job) ? ["a token that writes"] : []),
        ...(hasSecrets(job) ? ["secrets"] : []),
      ].join(" and ");
      if (rights === "") continue;
      for (const { line } of trains) found.push({ line, message: `trains beside ${rights}` });
      if (brought < 0) continue;
      for (const step of job.steps.slice(brought)) {
        if (CHECKOUT.test(step.uses ?? "") && bringsTheChange(step))
          found.push({ line: step.line, message: `checks the change out beside ${rights}` });
        else if (runsTheChange(step) && !trains.includes(step))
          found.push({ line: step.line, message: `runs a command where the change lies, beside ${rights}` });
      }
    }
    return found;
  },
  good: [
    `on: pull_request
permissions: {}
jobs:
  a:
    permissions:
      contents: read # the change
    steps:
      - uses: actions/checkout@v5
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - run: npm test
`,
    `on: workflow_run
permissions: {}
jobs:
  as-data:
    permissions:
      checks: write # the verdict
    steps:
      - uses: $/actions/receive
        with:
          name: trained
      - uses: $/actions/publish
`,
    `on: push
permissions: {}
jobs:
  release:
    permissions:
      contents: write # the tag
    steps:
      - uses: actions/checkout@v5
      - run: scripts/release
        env:
          KEY: \${{ secrets.KEY }}
`,
  ],
  bad: [
    {
      lines: [8],
      text: `on: workflow_run
permissions: {}
jobs:
  a:
    permissions:
      checks: write # the verdict
    steps:
      - uses: actions/checkout@v5
        with:
          ref: \${{ github.event.workflow_run.head_sha }}
`,
    },
    {
      lines: [6, 9],
      text: `on: pull_request
permissions: {}
jobs:
  a:
    steps:
      - uses: actions/checkout@v5
        with:
          ref: \${{ github.head_ref }}
      - run: pytest
        env:
          KEY: \${{ secrets.KEY }}
`,
    },
    {
      lines: [9],
      text: `on: workflow_run
permissions: {}
jobs:
  a:
    permissions:
      contents: write # the branch
    steps:
      - uses: actions/download-artifact@v6
      - run: bash artifact/build.sh
`,
    },
    {
      lines: [8],
      text: `on: pull_request
permissions: {}
jobs:
  a:
    permissions:
      contents: write # the branch
    steps:
      - run: gh pr checkout 3 && make
`,
    },
    {
      lines: [6],
      text: `on: pull_request
permissions: {}
jobs:
  a:
    steps:
      - uses: $/actions/train
        env:
          KEY: \${{ secrets.KEY }}
`,
    },
    {
      lines: [7],
      text: `on: pull_request
permissions:
  contents: write
jobs:
  a:
    steps:
      - uses: actions/checkout@v5
        with: { ref: "refs/pull/3/merge" }
`,
    },
  ],
} satisfies Rule;
