import type { Facts, Finding } from "../facts.ts";
import { capabilitiesOf, PLANS, planNamed } from "../plans.ts";

/** What can this plan not enforce, whatever is clicked? */
export default function plan({ forge }: Facts): readonly Finding[] {
  if (forge === undefined) return [];
  const known = planNamed(forge.plan);
  if (known === undefined) return [];
  const can = capabilitiesOf(known, {
    private: forge.private,
    organization: forge.ownerType === "Organization",
  });
  const name = `GitHub ${PLANS[known]}`;
  const found: Finding[] = [];
  if (!can.rules) {
    found.push({
      name: "plan-without-rules",
      severity: "advice",
      what: `${name} enforces no rules in a private repository`,
      why: "no status can be required and nobody kept from pushing: verdicts are advisory, whatever is set",
      mend: "make the repository public, or move it to GitHub Pro, Team or Enterprise; docs/github/plans.md compares them",
    });
  } else if (!can.reviewers) {
    found.push({
      name: "plan-without-reviewers",
      severity: "advice",
      what: `${name} knows no approval before an environment is used in a private repository`,
      why: "a deployment to production is then approved by a promotion pull request with a code owner's review, not by a button",
      mend: "nothing has to be done; docs/github/plans.md compares the plans",
    });
  }
  return found;
}
