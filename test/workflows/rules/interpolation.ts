// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of workflow files
import { type Rule, stepsOf } from "./rule.ts";

const message = "what stands in ${{ }} becomes code here; hand it over by env";

export default {
  name: "interpolation",
  because: "A branch's name or a comment would be run as a command.",
  find: (workflow) =>
    stepsOf(workflow).flatMap(({ step }) => {
      const script = /github-script/.test(step.uses ?? "") ? step.with.script : undefined;
      const code = [step.run, script].filter((text) => typeof text === "string");
      return code.some((text) => text.includes("${{")) ? [{ line: step.line, message }] : [];
    }),
  good: [
    `on: push
jobs:
  a:
    steps:
      - run: echo "$TITLE"
        env:
          TITLE: \${{ github.event.pull_request.title }}
`,
  ],
  bad: [
    {
      lines: [5],
      text: "on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.event.pull_request.title }}\n",
    },
    {
      lines: [6],
      text: "on: push\njobs:\n  a:\n    steps:\n      - name: x\n        run: |\n          echo a\n          echo ${{github.ref}}\n",
    },
    {
      lines: [5],
      text: `on: push\njobs:\n  a:\n    steps:\n      - uses: actions/github-script@${"a".repeat(40)} # v8\n        with:\n          script: console.log("\${{ github.head_ref }}")\n`,
    },
    {
      lines: [4],
      text: "runs:\n  using: composite\n  steps:\n    - run: npm i ${{ inputs.version }}\n      shell: bash\n",
    },
  ],
} satisfies Rule;
