import type { Facts, Finding } from "../facts.ts";

/** Is there a model here at all, in a Git repository? */
export default function contract({ tree }: Facts): readonly Finding[] {
  return [
    ...(tree.inGit
      ? []
      : [
          {
            name: "no-git",
            severity: "broken",
            what: "this is no Git repository",
            why: "versions, proposals and verdicts live in Git",
            mend: "git init",
          } as const,
        ]),
    ...(tree.contracts.length > 0
      ? []
      : [
          {
            name: "no-contract",
            severity: "broken",
            what: "there is no trainyard.yaml",
            why: "the contract says what the model is for and what decides",
            mend: "npx trainyard init",
          } as const,
        ]),
  ];
}
