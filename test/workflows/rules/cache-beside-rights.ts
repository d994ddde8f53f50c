import { hasWriteToken, isPrivileged, type Rule } from "./rule.ts";

export default {
  name: "cache-beside-rights",
  because: "A cache that the change's own run filled would be restored where the token writes.",
  find: (workflow) =>
    !isPrivileged(workflow)
      ? []
      : workflow.jobs
          .filter((job) => job.uses === undefined && hasWriteToken(workflow, job))
          .filter(({ value }) => value["cache-mode"] !== "none")
          .map(({ id, line }) => ({ line, message: `job "${id}" may write; say "cache-mode: none"` })),
  good: [
    "on: workflow_run\npermissions: {}\njobs:\n  a:\n    cache-mode: none\n    permissions:\n      checks: write # x\n    steps: []\n",
    "on: workflow_run\npermissions: {}\njobs:\n  a:\n    permissions:\n      contents: read # x\n    steps: []\n",
    "on: push\npermissions: {}\njobs:\n  a:\n    permissions:\n      contents: write # x\n    steps: []\n",
    "on: issue_comment\npermissions: {}\njobs:\n  a:\n    uses: $/x.yml\n    permissions:\n      contents: write # x\n",
  ],
  bad: [
    {
      lines: [4],
      text: "on: workflow_run\npermissions: {}\njobs:\n  a:\n    permissions:\n      checks: write # x\n    steps: []\n",
    },
    {
      lines: [4],
      text: "on: workflow_call\npermissions: {}\njobs:\n  a:\n    cache-mode: read\n    permissions:\n      checks: write # x\n    steps: []\n",
    },
    { lines: [3], text: "on: issue_comment\njobs:\n  a:\n    steps: []\n" },
  ],
} satisfies Rule;
