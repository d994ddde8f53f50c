import { ACTIONS_APP, type Facts, type Finding, STATUS } from "../facts.ts";

/** Does a merge need a verdict, and can only the App give it? */
export default function requiredStatus({ forge }: Facts): readonly Finding[] {
  if (forge === undefined || (forge.rules.protected === undefined && forge.rules.required.length === 0))
    return [];
  const settings = `Settings, Rules, Rulesets, the ruleset of "${forge.defaultBranch}", Require status checks to pass`;
  const required = forge.rules.required.filter(({ context }) => context === STATUS);
  if (required.length === 0) {
    return [
      {
        name: "status-not-required",
        severity: "advice",
        what: `"${forge.defaultBranch}" does not require the status "${STATUS}"`,
        why: "a pull request can be merged against its verdict, or before it has one",
        mend: `${settings}: add “${STATUS}”, with your team's App as its source`,
      },
    ];
  }
  const bound = required.find(({ app }) => app !== undefined && app !== ACTIONS_APP);
  const found: Finding[] = [];
  if (bound === undefined) {
    found.push({
      name: "status-of-anybody",
      severity: "advice",
      what: `the required status "${STATUS}" may come from any workflow`,
      why: "whoever may push a workflow file can give it: the verdict is advisory",
      mend: `${settings}, “${STATUS}”: choose your team's App as its source; docs/github/add.md says how to make one`,
    });
  } else if (typeof forge.appId === "string" && Number(forge.appId) !== bound.app) {
    found.push({
      name: "status-of-another-app",
      severity: "broken",
      what: `the status "${STATUS}" must come from App ${bound.app}, and TRAINYARD_APP_ID is ${forge.appId}`,
      why: "a verdict of another App does not count, so that nothing can be merged",
      mend: `${settings}, “${STATUS}”: choose App ${forge.appId} as its source, or set TRAINYARD_APP_ID to ${bound.app}`,
    });
  } else if (forge.appId === null) {
    found.push({
      name: "status-of-absent-app",
      severity: "broken",
      what: `the status "${STATUS}" must come from App ${bound.app}, and the variable TRAINYARD_APP_ID is not set`,
      why: "the judge writes with the workflow's token then, which does not count, so that nothing can be merged",
      mend: `Settings, Secrets and variables, Actions, Variables: set TRAINYARD_APP_ID to ${bound.app}`,
    });
  }
  return found;
}
