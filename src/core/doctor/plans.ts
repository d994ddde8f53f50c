/** What GitHub lets a repository enforce. */
export interface Capabilities {
  /** Rulesets and protected branches: a required status, who may push, who may move tags. */
  readonly rules: boolean;
  readonly codeOwners: boolean;
  /** Environments with secrets of their own, for some branches alone. */
  readonly environments: boolean;
  /** That somebody must approve before a job uses an environment, or time must pass. */
  readonly reviewers: boolean;
  readonly mergeQueue: boolean;
  /** That what is pushed to a branch holds none of some paths. */
  readonly pushRules: boolean;
  /** Attestations of artifacts by GitHub. */
  readonly attestations: boolean;
}

/** The plans that GitHub sells, and what they are called. */
export const PLANS = { free: "Free", pro: "Pro", team: "Team", enterprise: "Enterprise Cloud" } as const;
/** One of them. */
export type Plan = keyof typeof PLANS;

/**
 * The plan by the name that the API gives it; undefined where it is none that we know.
 *
 * @example planNamed("business_plus") // => "enterprise"
 * @example planNamed(undefined) // => undefined
 */
export function planNamed(name: string | undefined): Plan | undefined {
  if (name === "business_plus" || name === "enterprise") return "enterprise";
  if (name === "business") return "team";
  return name === "free" || name === "pro" || name === "team" ? name : undefined;
}

/**
 * What a plan lets a repository enforce. Sources: docs/github/plans.md, whose table a test compares.
 *
 * @example capabilitiesOf("free", { private: true, organization: true }).rules // => false
 * @example capabilitiesOf("free", { private: false, organization: true }).reviewers // => true
 * @example capabilitiesOf("team", { private: true, organization: true }).mergeQueue // => false
 */
export function capabilitiesOf(
  plan: Plan,
  repository: { readonly private: boolean; readonly organization: boolean },
): Capabilities {
  const open = !repository.private;
  const paid = plan !== "free";
  const enterprise = plan === "enterprise";
  return {
    rules: open || paid,
    codeOwners: open || paid,
    environments: open || paid,
    reviewers: open || enterprise,
    mergeQueue: repository.organization && (open || enterprise),
    pushRules: repository.private && (plan === "team" || enterprise),
    attestations: open || enterprise,
  };
}
