import { isPrivileged, type Rule, stepsOf } from "./rule.ts";

export default {
  name: "commands-in-the-judge",
  because:
    "A shell is the shortest way from a hostile string to the judge's token; an action is code of ours.",
  find: (workflow) =>
    !isPrivileged(workflow)
      ? []
      : stepsOf(workflow)
          .filter(({ step }) => step.run !== undefined)
          .map(({ job, step }) => ({
            line: step.line,
            message: `job "${job.id}" runs a command with the default branch's rights; use an action`,
          })),
  good: [
    "on: workflow_run\njobs:\n  a:\n    steps:\n      - uses: $/actions/resolve\n",
    "on: pull_request\njobs:\n  a:\n    steps:\n      - run: npm test\n",
  ],
  bad: [
    { lines: [5], text: "on: workflow_run\njobs:\n  a:\n    steps:\n      - run: npm test\n" },
    { lines: [5], text: "on: [push, issue_comment]\njobs:\n  a:\n    steps:\n      - run: npm test\n" },
    {
      lines: [7],
      text: "on: workflow_call\njobs:\n  a:\n    permissions:\n      checks: write # x\n    steps:\n      - run: echo hello\n",
    },
  ],
} satisfies Rule;
