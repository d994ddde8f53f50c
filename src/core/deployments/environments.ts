import type { Contract } from "../../config/contract.ts";

/** Where a model is served, by environment, as its contract says. */
type Deploy = Contract["deploy"];

/**
 * The environment that follows main: the one that comes after no other. A contract that was read has
 * exactly one, or deploys nowhere.
 *
 * @example firstEnvironment({ production: { to: "server", after: "staging" }, staging: { to: "server" } }) // => "staging"
 * @example firstEnvironment({}) // => undefined
 */
export function firstEnvironment(deploy: Deploy): string | undefined {
  return Object.keys(deploy).find((name) => deploy[name]?.after === undefined);
}

/**
 * The environments that a version may be promoted to once it serves in this one, in the contract's order.
 *
 * @example environmentsAfter({ staging: { to: "server" }, production: { to: "server", after: "staging" } }, "staging") // => ["production"]
 */
export function environmentsAfter(deploy: Deploy, environment: string): readonly string[] {
  return Object.keys(deploy).filter((name) => deploy[name]?.after === environment);
}

/**
 * Whose predictions are looked at: the environment that `monitor` names, else the last one, which no
 * other comes after. Undefined where the contract deploys nowhere and names none.
 *
 * @example monitoredEnvironment({ deploy: { staging: { to: "server" }, production: { to: "server", after: "staging" } }, monitor: undefined }) // => "production"
 */
export function monitoredEnvironment({
  deploy,
  monitor,
}: Pick<Contract, "deploy" | "monitor">): string | undefined {
  return monitor?.environment ?? lastEnvironments(deploy).at(-1);
}

/**
 * The environments that no other comes after, in the contract's order.
 *
 * @example lastEnvironments({ staging: { to: "server" }, eu: { to: "server", after: "staging" }, us: { to: "server", after: "staging" } }) // => ["eu", "us"]
 */
export function lastEnvironments(deploy: Deploy): readonly string[] {
  return Object.keys(deploy).filter((name) => environmentsAfter(deploy, name).length === 0);
}
