import type { Rule } from "./rule.ts";

export default {
  name: "inherited-secrets",
  because: "A called workflow is to be given the secrets that it needs, not all there are.",
  find: ({ jobs }) =>
    jobs
      .filter(({ value }) => value.secrets === "inherit")
      .map(({ id, line }) => ({ line, message: `job "${id}" hands over every secret; name them` })),
  good: [
    `on: push\njobs:\n  a:\n    uses: $/.github/workflows/x.yml\n    secrets:\n      KEY: \${{ secrets.KEY }}\n`,
  ],
  bad: [
    {
      lines: [3],
      text: "on: push\njobs:\n  a:\n    uses: $/.github/workflows/x.yml\n    secrets: inherit\n",
    },
  ],
} satisfies Rule;
