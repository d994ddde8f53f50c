import { type Called, callsIn } from "../calls.ts";
import { APP_VARIABLE, ENVIRONMENT, type Facts, type Finding, STATUS } from "../facts.ts";

/** Those that write what others must be able to rely on, or what other workflows are to start for. */
const WRITE: readonly Called[] = ["judge", "command", "release", "retrain"];

/** Does the team's own App write, and is its key where only the default branch finds it? */
export default function app({ tree, forge }: Facts): readonly Finding[] {
  const found: Finding[] = [];
  const judges = callsIn(tree.workflows).filter(({ called }) => WRITE.includes(called));
  for (const { workflow, job } of judges.filter(({ job }) => !job.with["app-id"])) {
    found.push({
      name: "app-not-named",
      severity: "advice",
      what: `job "${job.id}" names no App`,
      why: "with the workflow's token the verdict is advisory, and what it commits starts no other workflow",
      mend: `add to job "${job.id}" of ${workflow.file}:\n    with:\n      app-id: \${{ vars.${APP_VARIABLE} }}\n      environment: ${ENVIRONMENT}`,
      at: { file: workflow.file, line: job.line },
    });
  }
  if (forge === undefined) return found;
  if (forge.appId === null && judges.some(({ job }) => job.with["app-id"])) {
    const others = forge.rules.required.filter(({ context }) => context !== STATUS);
    found.push({
      name: "no-app",
      severity: "advice",
      what: `the variable ${APP_VARIABLE} is not set`,
      why:
        others.length > 0
          ? `commits of the workflow's token start no workflows, so "${others[0]?.context}" would wait for ever; pointer and lock are therefore not committed to pull requests`
          : "with the workflow's token the verdict is advisory: whoever may push a workflow file can give the same status",
      mend: `make a GitHub App as docs/github/add.md says, and set ${APP_VARIABLE} under Settings, Secrets and variables, Actions, Variables`,
    });
  }
  if (typeof forge.appId === "string" && forge.environment?.restricted === false) {
    found.push({
      name: "open-environment",
      severity: "advice",
      what: forge.environment.exists
        ? `every branch may use the environment "${ENVIRONMENT}"`
        : `there is no environment "${ENVIRONMENT}"`,
      why: "whoever may push a branch could read the App's key in a workflow of their own, and forge a verdict with it",
      mend: `Settings, Environments, “${ENVIRONMENT}”, Deployment branches and tags: “Selected branches and tags”, ${forge.defaultBranch}; keep TRAINYARD_APP_KEY there and nowhere else`,
    });
  }
  return found;
}
