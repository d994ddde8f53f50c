import type { Rule } from "./rule.ts";

export default {
  name: "unexplained-permission",
  because: "Who reads what a stranger's workflow may do here wants to know what for.",
  find: ({ jobs }) =>
    jobs.flatMap(({ id, permissions }) =>
      [...(permissions?.scopes ?? [])]
        .filter(([, { reason }]) => reason === undefined)
        .map(([scope, { level, line }]) => ({
          line,
          message: `say behind "#" what job "${id}" needs ${scope}: ${level} for`,
        })),
    ),
  good: [
    "on: push\njobs:\n  a:\n    permissions:\n      contents: read # the change\n    steps: []\n",
    "on: push\njobs:\n  a:\n    permissions: {}\n    steps: []\n",
  ],
  bad: [
    {
      lines: [5, 7],
      text: "on: push\njobs:\n  a:\n    permissions:\n      contents: read\n      checks: write # the check\n      issues: write #\n    steps: []\n",
    },
  ],
} satisfies Rule;
