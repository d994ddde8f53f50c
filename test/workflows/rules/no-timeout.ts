import type { Rule } from "./rule.ts";

export default {
  name: "no-timeout",
  because: "A job that hangs costs six hours of somebody's minutes.",
  find: ({ kind, jobs }) =>
    jobs
      .filter(
        ({ uses, value }) =>
          kind === "workflow" && uses === undefined && value["timeout-minutes"] === undefined,
      )
      .map(({ id, line }) => ({ line, message: `say "timeout-minutes" in job "${id}"` })),
  good: [
    "on: push\njobs:\n  a:\n    timeout-minutes: 5\n    steps: []\n",
    "on: push\njobs:\n  a:\n    uses: $/x.yml\n",
    "runs:\n  using: composite\n  steps: []\n",
  ],
  bad: [{ lines: [3], text: "on: push\njobs:\n  a:\n    steps: []\n" }],
} satisfies Rule;
