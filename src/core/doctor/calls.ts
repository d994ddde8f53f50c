import { parseUses } from "./uses.ts";
import type { Job, Workflow } from "./workflow.ts";

/** The reusable workflows of ours that a repository calls. */
export const CALLED = [
  "pull-request",
  "judge",
  "command",
  "release",
  "monitor",
  "reconcile",
  "retrain",
] as const;
/** One of them. */
export type Called = (typeof CALLED)[number];

/** A job that calls one of our reusable workflows. */
export interface Call {
  readonly called: Called;
  readonly workflow: Workflow;
  readonly job: Job;
}

/**
 * What each of our reusable workflows asks of its caller: the most that any of its jobs asks for. With
 * less GitHub does not start the run at all. A test compares it with the workflow files.
 */
export const NEEDS: Readonly<Record<Called, Readonly<Record<string, "read" | "write">>>> = {
  "pull-request": { contents: "read", packages: "read" },
  judge: {
    actions: "read",
    checks: "write",
    contents: "write",
    packages: "write",
    "pull-requests": "write",
    statuses: "write",
  },
  command: {
    actions: "read",
    checks: "write",
    contents: "write",
    packages: "write",
    "pull-requests": "write",
    statuses: "write",
  },
  release: { contents: "write", deployments: "write", "pull-requests": "write" },
  monitor: { actions: "write", contents: "write", deployments: "read", issues: "write", packages: "read" },
  reconcile: { contents: "read", deployments: "read" },
  retrain: {
    actions: "read",
    checks: "write",
    contents: "write",
    issues: "write",
    packages: "write",
    "pull-requests": "write",
    statuses: "write",
  },
};

/**
 * The calls of our reusable workflows, in the order of the files. A copy in a repository of another owner
 * is ours, too, as long as it is called `trainyard`.
 */
export function callsIn(workflows: readonly Workflow[]): Call[] {
  return workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) => {
      const called = calledBy(job.uses ?? "");
      return called === undefined ? [] : [{ called, workflow, job }];
    }),
  );
}

/**
 * Which of our reusable workflows a call is for.
 *
 * @example calledBy("trainyard/trainyard/.github/workflows/judge.yml@v1") // => "judge"
 * @example calledBy("acme/other/.github/workflows/judge.yml@v1") // => undefined
 */
export function calledBy(uses: string): Called | undefined {
  const used = parseUses(uses);
  if (used.kind !== "repository" || !used.repository.endsWith("/trainyard")) return undefined;
  return CALLED.find((name) => used.path === `.github/workflows/${name}.yml`);
}
