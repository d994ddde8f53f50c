import { type Rule, stepsOf } from "./rule.ts";

export default {
  name: "kept-credentials",
  because: "A checkout leaves its token where every later step finds it, unless it is told not to.",
  find: (workflow) =>
    stepsOf(workflow)
      .filter(({ step }) => /^actions\/checkout(?:@|$)/.test(step.uses ?? ""))
      .filter(({ step }) => String(step.with["persist-credentials"]) !== "false")
      .map(({ step }) => ({ line: step.line, message: 'say "persist-credentials: false"' })),
  good: [
    "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n        with:\n          persist-credentials: false\n",
  ],
  bad: [
    { lines: [5], text: "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n" },
    {
      lines: [5],
      text: "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n        with:\n          persist-credentials: true\n",
    },
  ],
} satisfies Rule;
