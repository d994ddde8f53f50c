import type { Grants, Job, Step, Workflow } from "../../../src/core/doctor/workflow.ts";

/** What a rule finds wrong, and on which line. */
export interface Found {
  readonly line: number;
  readonly message: string;
}

/** One rule that keeps our YAML safe, with what it lets pass and what it finds. */
export interface Rule {
  readonly name: string;
  /** Why, in one sentence. */
  readonly because: string;
  readonly find: (workflow: Workflow) => readonly Found[];
  /** Whole files in which it finds nothing. */
  readonly good: readonly string[];
  /** Whole files in which it finds something, on the lines that are named. */
  readonly bad: readonly { readonly lines: readonly number[]; readonly text: string }[];
}

/** The reusable workflows and actions of this repository, as strangers name them. */
export const OURS = /^trainyard\/trainyard\/.*@v\d+$/;

/** Every step with its job. */
export const stepsOf = ({ jobs }: Workflow): readonly { readonly job: Job; readonly step: Step }[] =>
  jobs.flatMap((job) => job.steps.map((step) => ({ job, step })));

export const writes = (grants: Grants | undefined): boolean =>
  grants !== undefined &&
  (grants.all === "write-all" || [...grants.scopes.values()].some(({ level }) => level === "write"));

/** Whether a job's token can write: by its own grants, else by the workflow's, else by a default that may. */
export const hasWriteToken = ({ permissions }: Workflow, job: Job): boolean => {
  const grants = job.permissions ?? permissions;
  return grants === undefined || writes(grants);
};

const SECRET = /\bsecrets\s*[.[]/;

/** Whether anything of a job is given a secret; the workflow's own token is none. */
export const hasSecrets = ({ value }: Job): boolean => {
  const { with: given, ...rest } = value;
  return value.secrets === "inherit" || SECRET.test(JSON.stringify([given, rest]));
};

const FROM_THE_DEFAULT_BRANCH = ["workflow_run", "issue_comment", "pull_request_target"];

/**
 * Whether a workflow runs with the default branch's rights while somebody else chose what it works on: by
 * its trigger, or since it is called and asks for a token that writes.
 */
export const isPrivileged = (workflow: Workflow): boolean =>
  FROM_THE_DEFAULT_BRANCH.some((name) => workflow.triggers.has(name)) ||
  (workflow.triggers.has("workflow_call") && workflow.jobs.some(({ permissions }) => writes(permissions)));

const OF_THE_CHANGE =
  /github\.event\.pull_request\.head|github\.head_ref|github\.event\.workflow_run\.head|refs\/pull\/|inputs\.head\b|outputs\.head\b/;
const FETCHES =
  /\b(?:gh pr checkout|git (?:fetch|checkout|switch|pull|worktree)\b.*(?:pull\/|head|HEAD_|PR_))/i;

/** Whether a step brings files that the author of a change chose: a checkout of its commit, or an artifact. */
export const bringsTheChange = ({ uses, with: given, run }: Step): boolean => {
  if (run !== undefined && FETCHES.test(run)) return true;
  if (uses === undefined) return false;
  if (/\/(?:receive|download-artifact)(?:@|$)/.test(uses)) return true;
  return OF_THE_CHANGE.test(JSON.stringify(given));
};

/** Actions that run what they are handed. */
export const runsTheChange = ({ uses, run }: Step): boolean =>
  run !== undefined || /^(?:\$\/|\.\/|trainyard\/trainyard\/)actions\/train(?:@|$)/.test(uses ?? "");
