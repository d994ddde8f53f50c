import { hasSecrets, hasWriteToken, isPrivileged, type Rule } from "./rule.ts";

export default {
  name: "self-hosted",
  because:
    "A machine that outlives the job keeps what a change left there, and waits for the next one's token.",
  find: (workflow) =>
    workflow.jobs.flatMap((job) => {
      const on = JSON.stringify(job.value["runs-on"] ?? "");
      if (/self-hosted/.test(on))
        return [{ line: job.line, message: `job "${job.id}" names a runner of one's own` }];
      const chosen = on.includes("${{") && !/\$\{\{ matrix\./.test(on);
      if (chosen && (hasSecrets(job) || isPrivileged(workflow) || hasWriteToken(workflow, job)))
        return [
          {
            line: job.line,
            message: `job "${job.id}" has rights, so its runner is not the caller's to choose`,
          },
        ];
      return [];
    }),
  good: [
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n",
    `on: workflow_call\npermissions: {}\njobs:\n  a:\n    runs-on: \${{ fromJSON(inputs.runner) }}\n    steps: []\n`,
  ],
  bad: [
    { lines: [3], text: "on: push\njobs:\n  a:\n    runs-on: self-hosted\n    steps: []\n" },
    { lines: [3], text: "on: push\njobs:\n  a:\n    runs-on: [self-hosted, gpu]\n    steps: []\n" },
    {
      lines: [4],
      text: `on: workflow_call\npermissions: {}\njobs:\n  a:\n    runs-on: \${{ inputs.runner }}\n    permissions:\n      checks: write # x\n    steps: []\n`,
    },
    {
      lines: [4],
      text: `on: workflow_call\npermissions: {}\njobs:\n  a:\n    runs-on: \${{ inputs.runner }}\n    steps:\n      - uses: $/actions/pull\n        env:\n          KEY: \${{ secrets.KEY }}\n`,
    },
  ],
} satisfies Rule;
