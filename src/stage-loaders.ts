import type { Stage } from "./stages/stage.ts";

/**
 * Where each command of one word is, in the order of `pipeline.ts`: the command line loads only the stage
 * that its first word names, since all of them take longer to load than most of them take to run.
 */
export const LOADERS: Readonly<Record<string, () => Promise<{ readonly default: Stage }>>> = {
  init: () => import("./stages/init.ts"),
  profile: () => import("./stages/profile.ts"),
  expect: () => import("./stages/expect.ts"),
  add: () => import("./stages/add.ts"),
  run: () => import("./stages/run.ts"),
  status: () => import("./stages/status.ts"),
  diff: () => import("./stages/diff.ts"),
  doctor: () => import("./stages/doctor.ts"),
  ingest: () => import("./stages/ingest.ts"),
  validate: () => import("./stages/validate.ts"),
  prepare: () => import("./stages/prepare.ts"),
  power: () => import("./stages/power.ts"),
  features: () => import("./stages/features.ts"),
  train: () => import("./stages/train.ts"),
  evaluate: () => import("./stages/evaluate.ts"),
  report: () => import("./stages/report.ts"),
  experiments: () => import("./stages/experiments.ts"),
  push: () => import("./stages/push.ts"),
  pull: () => import("./stages/pull.ts"),
  checkout: () => import("./stages/checkout.ts"),
  unprotect: () => import("./stages/unprotect.ts"),
  fetch: () => import("./stages/fetch.ts"),
  import: () => import("./stages/import.ts"),
  update: () => import("./stages/update.ts"),
  get: () => import("./stages/get.ts"),
  merge: () => import("./stages/merge.ts"),
  "merge-driver": () => import("./stages/merge-driver.ts"),
  verify: () => import("./stages/verify.ts"),
  gc: () => import("./stages/gc.ts"),
  registry: () => import("./stages/registry.ts"),
  log: () => import("./stages/log.ts"),
  lineage: () => import("./stages/lineage.ts"),
  why: () => import("./stages/why.ts"),
  "hand-over": () => import("./stages/hand-over.ts"),
  judge: () => import("./stages/judge.ts"),
  package: () => import("./stages/package.ts"),
  promote: () => import("./stages/promote.ts"),
  rollback: () => import("./stages/rollback.ts"),
  serve: () => import("./stages/serve.ts"),
  reconcile: () => import("./stages/reconcile.ts"),
  monitor: () => import("./stages/monitor.ts"),
  retrain: () => import("./stages/retrain.ts"),
};

/** Words that are commands and under which there are others, too: with a second word, all stages are loaded. */
export const GROUPS: ReadonlySet<string> = new Set(["experiments"]);
