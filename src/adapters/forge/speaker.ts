import type { Speaker } from "../../ports/forge.ts";

/** A workflow's own token: GitHub starts no workflows for what it does. */
export const WORKFLOW: Speaker = {
  login: "github-actions[bot]",
  triggersWorkflows: false,
  kind: "workflow",
};
