import type { Rule } from "./rule.ts";

export default {
  name: "pull-request-target",
  because:
    "It has the base's rights and the change's files at hand; public repositories refuse it by default.",
  find: ({ triggers }) =>
    triggers.has("pull_request_target")
      ? [{ line: 1, message: "pull_request_target is not used here; see docs/github/security.md" }]
      : [],
  good: ["on:\n  pull_request:\njobs: {}\n", "on:\n  workflow_run:\n    workflows: [x]\njobs: {}\n"],
  bad: [
    { lines: [1], text: "on: pull_request_target\njobs: {}\n" },
    { lines: [1], text: "on: [push, pull_request_target]\njobs: {}\n" },
    { lines: [1], text: "on:\n  pull_request_target:\n    types: [labeled]\njobs: {}\n" },
  ],
} satisfies Rule;
