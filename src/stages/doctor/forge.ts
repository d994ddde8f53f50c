import { callsIn } from "../../core/doctor/calls.ts";
import { APP_VARIABLE, ENVIRONMENT, type ForgeFacts, LEDGER, type Tree } from "../../core/doctor/facts.ts";
import { capabilitiesOf, planNamed } from "../../core/doctor/plans.ts";
import type { Forge } from "../../ports/forge.ts";

/** What the forge says of its settings, as far as the token may see them. */
export async function askForge(forge: Forge, { workflows }: Tree): Promise<ForgeFacts> {
  const info = await forge.repositoryInfo();
  const rules = await forge.rules(info.defaultBranch);
  const ledger = await forge.rules(LEDGER);
  const settings = await forge.settings?.({ environment: ENVIRONMENT, variable: APP_VARIABLE });
  const onDefault: string[] = [];
  for (const { file } of new Set(callsIn(workflows).map(({ workflow }) => workflow))) {
    if ((await forge.file(file, info.defaultBranch)) !== undefined) onDefault.push(file);
  }
  const plan = planNamed(info.plan);
  const can =
    plan && capabilitiesOf(plan, { private: info.private, organization: info.ownerType === "Organization" });
  // Where the plan has no rules GitHub refuses the question, which is an answer.
  const unprotected = can?.rules === false ? false : undefined;
  return {
    repository: forge.repository,
    private: info.private,
    ownerType: info.ownerType,
    plan: info.plan,
    defaultBranch: info.defaultBranch,
    onDefault,
    rules: { ...rules, protected: rules.protected ?? unprotected },
    ledger: {
      // A branch that is not there yet is kept by no rule of its own, only by a ruleset.
      protected: ledger.protected ?? ((await forge.branch(LEDGER)) === undefined ? false : unprotected),
    },
    tagsProtected: settings?.tagsProtected ?? unprotected,
    disabled: settings?.disabled,
    defaultPermissions: settings?.defaultPermissions,
    appId: settings?.variable,
    environment: settings?.environment,
  };
}
