import type { Permissions } from "../contract.ts";
import { isMapping, type Value } from "./value.ts";

/** How much of each scope; a scope that is absent is none. */
export type Granted = Permissions;

// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions
const SCOPES =
  "actions artifact-metadata attestations checks code-quality contents copilot-requests deployments discussions drives id-token issues models packages pages pull-requests repository-projects security-events statuses vulnerability-alerts".split(
    " ",
  );

/** What a workflow may do that says nothing: GitHub's restricted default. */
export const DEFAULT: Granted = { contents: "read", packages: "read" };

/** What a `permissions` key grants; undefined where it is absent. `id-token` and its like cannot be read. */
export function grantedBy(permissions: Value | undefined): Granted | undefined {
  if (permissions === undefined || permissions === null) return undefined;
  if (permissions === "read-all") return Object.fromEntries(SCOPES.map((scope) => [scope, "read"]));
  if (permissions === "write-all") return Object.fromEntries(SCOPES.map((scope) => [scope, "write"]));
  if (!isMapping(permissions)) throw new Error(`unknown permissions "${String(permissions)}"`);
  return Object.fromEntries(
    Object.entries(permissions).filter(
      (entry): entry is [string, "read" | "write"] => entry[1] === "read" || entry[1] === "write",
    ),
  );
}

const RANK = { none: 0, read: 1, write: 2 } as const;

const level = (granted: Granted, scope: string): keyof typeof RANK => granted[scope] ?? "none";

/**
 * What somebody asks for beyond what is allowed, in GitHub's words; undefined where it is allowed.
 *
 * @param who `The nested job 'build'`, `The workflow`
 */
export function beyond(who: string, asked: Granted, allowed: Granted): string | undefined {
  const scopes = Object.keys(asked)
    .filter((scope) => RANK[level(asked, scope)] > RANK[level(allowed, scope)])
    .sort();
  if (scopes.length === 0) return undefined;
  const list = (granted: Granted) => scopes.map((scope) => `${scope}: ${level(granted, scope)}`).join(", ");
  return `${who} is requesting '${list(asked)}', but is only allowed '${list(allowed)}'.`;
}

/** What is left of a token for a fork's or Dependabot's pull request: it can read, no more. */
export function narrowed(granted: Granted): Granted {
  const scopes = Object.keys(granted).filter((scope) => scope !== "id-token");
  return Object.fromEntries(scopes.map((scope) => [scope, "read"]));
}
