import { type Rule, stepsOf } from "./rule.ts";

/** A line that writes something not constant to the files by which a step steers the next. */
const INJECTS =
  /^(?=.*\$\{?(?:GITHUB_ENV|GITHUB_PATH)\b)(?=.*(?:\$\{?(?!GITHUB_ENV\b|GITHUB_PATH\b)\w|\$\(|`|\bcat\b|\btee\b|<)).*$/m;

export default {
  name: "environment-injection",
  because: "A line break in what was handed over sets any variable of the steps that follow.",
  find: (workflow) =>
    stepsOf(workflow)
      .filter(({ step }) => INJECTS.test(step.run ?? ""))
      .map(({ step }) => ({
        line: step.line,
        message: "writes what it did not make to the environment of later steps",
      })),
  good: [
    `on: push\njobs:\n  a:\n    steps:\n      - run: echo "CI=true" >> "$GITHUB_ENV"\n`,
    `on: push\njobs:\n  a:\n    steps:\n      - run: echo "$TITLE"\n`,
  ],
  bad: [
    {
      lines: [5],
      text: `on: push\njobs:\n  a:\n    steps:\n      - run: echo "TITLE=$TITLE" >> "$GITHUB_ENV"\n`,
    },
    { lines: [5], text: `on: push\njobs:\n  a:\n    steps:\n      - run: cat artifact/env >> $GITHUB_ENV\n` },
    {
      lines: [5],
      text: 'on: push\njobs:\n  a:\n    steps:\n      - run: echo "X=$(cat x)" >> ${GITHUB_PATH}\n',
    },
    {
      lines: [4],
      text: "runs:\n  using: composite\n  steps:\n    - run: |\n        set -e\n        tee -a $GITHUB_ENV < handed/over\n      shell: bash\n",
    },
  ],
} satisfies Rule;
