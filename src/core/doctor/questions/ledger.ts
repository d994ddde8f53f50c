import { type Facts, type Finding, LEDGER } from "../facts.ts";

/** Can somebody but the App write to the ledger, or move a version? */
export default function ledger({ forge }: Facts): readonly Finding[] {
  const found: Finding[] = [];
  if (forge?.ledger.protected === false) {
    found.push({
      name: "open-ledger",
      severity: "advice",
      what: `no rule keeps people from pushing to the branch "${LEDGER}"`,
      why: "the ledger vouches for verdicts: whoever can push to it can write one",
      mend: `Settings, Rules, Rulesets, New branch ruleset: target “${LEDGER}”, restrict creations, updates, deletions and force pushes, with your team's App in the bypass list`,
    });
  }
  if (forge?.tagsProtected === false) {
    found.push({
      name: "open-tags",
      severity: "advice",
      what: "no rule keeps tags from being moved or deleted",
      why: "versions and assignments of models are tags",
      mend: "Settings, Rules, Rulesets, New tag ruleset: target all tags, restrict updates and deletions, with your team's App in the bypass list",
    });
  }
  return found;
}
