/** What is known of a folder after `init` wrote to it. */
export interface Begun {
  /** Shell lines that must come first, of the starter. */
  readonly before: readonly string[];
  readonly inGit: boolean;
  /** Whether the workflow files are there. */
  readonly github: boolean;
}

/**
 * What to do next, one step a line: shell lines, with what they do behind `#`.
 *
 * @example nextSteps({ before: [], inGit: true, github: false }) // => ["npx trainyard run  # trains here, and writes .trainyard/report.html"]
 */
export function nextSteps({ before, inGit, github }: Begun): string[] {
  return [
    ...(inGit ? [] : ["git init  # versions live in Git"]),
    ...before,
    "npx trainyard run  # trains here, and writes .trainyard/report.html",
    ...(github
      ? [
          'git switch --create trainyard && git add --all && git commit --message "Add Trainyard"',
          "git push --set-upstream origin trainyard  # open a pull request; verdicts begin when it is merged",
          "npx trainyard doctor  # what GitHub enforces already, and what is left to click",
        ]
      : []),
  ];
}
