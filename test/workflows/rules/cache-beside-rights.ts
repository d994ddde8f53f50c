import type { Job, Workflow } from "../../../src/core/doctor/workflow.ts";
import {
  bringsTheChange,
  type Found,
  hasWriteToken,
  isPrivileged,
  type Rule,
  runsTheChange,
} from "./rule.ts";

const says = ({ value }: Job): boolean => value["cache-mode"] === "none";

/** What is called may run for a comment: the change's code would fill the default branch's caches. */
const fillsCaches = (workflow: Workflow, { steps }: Job): boolean =>
  workflow.triggers.has("workflow_call") && steps.some(bringsTheChange) && steps.some(runsTheChange);

export default {
  name: "cache-beside-rights",
  because: "A cache that the change's own run filled would be restored where the token writes.",
  find(workflow): Found[] {
    const rights = isPrivileged(workflow);
    return workflow.jobs.flatMap((job) => {
      if (job.uses !== undefined || says(job)) return [];
      const why =
        rights && hasWriteToken(workflow, job)
          ? "may write"
          : fillsCaches(workflow, job)
            ? "runs the change's code"
            : undefined;
      return why === undefined
        ? []
        : [{ line: job.line, message: `job "${job.id}" ${why}; say "cache-mode: none"` }];
    });
  },
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
    {
      lines: [4],
      text: "on: workflow_call\npermissions: {}\njobs:\n  a:\n    permissions: {}\n    steps:\n      - uses: $/actions/receive\n      - uses: $/actions/train\n",
    },
  ],
} satisfies Rule;
