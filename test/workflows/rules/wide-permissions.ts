import { type Found, type Rule, writes } from "./rule.ts";

export default {
  name: "wide-permissions",
  because: "A token that can do less can be stolen for less.",
  find(workflow): Found[] {
    if (workflow.kind === "action") return [];
    const { permissions, jobs } = workflow;
    const found: Found[] = [];
    if (permissions === undefined) {
      found.push({
        line: 1,
        message: 'say "permissions: {}" at the top, and what each job needs in the job',
      });
    } else if (permissions.all !== undefined) {
      found.push({
        line: permissions.line,
        message: `"${permissions.all}" grants everything; name the scopes`,
      });
    } else if (writes(permissions)) {
      found.push({ line: permissions.line, message: "every job may write; grant it to the one that must" });
    }
    for (const { permissions: own } of jobs) {
      if (own?.all !== undefined)
        found.push({ line: own.line, message: `"${own.all}" grants everything; name the scopes` });
    }
    return found;
  },
  good: [
    "on: push\npermissions: {}\njobs:\n  a:\n    permissions:\n      contents: write # the tag\n    steps: []\n",
    "on: push\npermissions:\n  contents: read\njobs:\n  a:\n    steps: []\n",
    "runs:\n  using: node24\n  main: x.js\n",
  ],
  bad: [
    { lines: [1], text: "on: push\njobs:\n  a:\n    steps: []\n" },
    { lines: [2], text: "on: push\npermissions: write-all\njobs:\n  a:\n    steps: []\n" },
    { lines: [2], text: "on: push\npermissions: read-all\njobs:\n  a:\n    steps: []\n" },
    { lines: [2], text: "on: push\npermissions:\n  contents: write\njobs:\n  a:\n    steps: []\n" },
    {
      lines: [5],
      text: "on: push\npermissions: {}\njobs:\n  a:\n    permissions: write-all\n    steps: []\n",
    },
  ],
} satisfies Rule;
