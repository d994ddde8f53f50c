import type { Facts, Finding, Question } from "./facts.ts";
import afterMerge from "./questions/after-merge.ts";
import app from "./questions/app.ts";
import codeOwners from "./questions/code-owners.ts";
import contract from "./questions/contract.ts";
import ledger from "./questions/ledger.ts";
import mergeQueue from "./questions/merge-queue.ts";
import others from "./questions/others.ts";
import permissions from "./questions/permissions.ts";
import plan from "./questions/plan.ts";
import remote from "./questions/remote.ts";
import requiredStatus from "./questions/required-status.ts";
import stopped from "./questions/stopped.ts";
import workflows from "./questions/workflows.ts";
import { type Standing, standingOf } from "./standing.ts";

/** What the doctor asks, in the order in which a newcomer mends it. */
const QUESTIONS: readonly Question[] = [
  contract,
  workflows,
  stopped,
  afterMerge,
  permissions,
  remote,
  mergeQueue,
  requiredStatus,
  app,
  ledger,
  codeOwners,
  plan,
  others,
];

/** All that was found, what is broken first, and how much a verdict holds. */
export interface Diagnosis {
  readonly standing: Standing;
  readonly findings: readonly Finding[];
}

/** Puts every question to the facts. */
export function diagnose(facts: Facts): Diagnosis {
  const all = QUESTIONS.flatMap((question) => question(facts));
  const findings = [
    ...all.filter(({ severity }) => severity === "broken"),
    ...all.filter(({ severity }) => severity === "advice"),
  ];
  return { standing: standingOf(facts), findings };
}
