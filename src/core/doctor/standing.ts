import { ACTIONS_APP, type Facts, STATUS } from "./facts.ts";

/** How much a verdict holds. */
export interface Standing {
  /** `unknown` where nothing is known to be missing, and not everything could be seen. */
  readonly level: "enforced" | "advisory" | "unknown";
  /** What keeps it from being enforced. */
  readonly missing: readonly string[];
  /** What could not be seen. */
  readonly unseen: readonly string[];
}

/**
 * Whether somebody with write access could forge a verdict. Enforced is: the required status is bound to
 * a GitHub App other than GitHub Actions, whose key only the default branch can use, and rules keep ledger
 * and tags.
 */
export function standingOf({ forge }: Facts): Standing {
  if (forge === undefined) return { level: "unknown", missing: [], unseen: ["the settings on GitHub"] };
  const bound = forge.rules.required.some(
    ({ context, app }) => context === STATUS && app !== undefined && app !== ACTIONS_APP,
  );
  const holds: readonly (readonly [boolean | undefined, string])[] = [
    [
      bound || (forge.rules.protected === undefined ? undefined : false),
      `a required status "${STATUS}" that only your App can give`,
    ],
    [forge.ledger.protected, `a ruleset on the branch "trainyard"`],
    [forge.tagsProtected, "a ruleset on tags"],
    [forge.environment?.restricted, "an environment for the App's key that only the default branch may use"],
  ];
  const missing = holds.filter(([held]) => held === false).map(([, name]) => name);
  const unseen = holds.filter(([held]) => held === undefined).map(([, name]) => name);
  const level = missing.length > 0 ? "advisory" : unseen.length > 0 ? "unknown" : "enforced";
  return { level, missing, unseen };
}
