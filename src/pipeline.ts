import add from "./stages/add.ts";
import diff from "./stages/diff.ts";
import evaluate from "./stages/evaluate.ts";
import expect from "./stages/expect.ts";
import init from "./stages/init.ts";
import profile from "./stages/profile.ts";
import pull from "./stages/pull.ts";
import push from "./stages/push.ts";
import run from "./stages/run.ts";
import { stageOf } from "./stages/run-stage.ts";
import type { Stage } from "./stages/stage.ts";
import status from "./stages/status.ts";

/** The table of contents: every command, in the order in which a newcomer meets them. */
export const STAGES: readonly Stage[] = [
  init,
  profile,
  expect,
  add,

  run,
  status,
  diff,

  // The way from data to a report, in the order in which data meet the stages.
  stageOf("ingest", "Read the data sources, and fix the types and the order of the rows."),
  stageOf("validate", "Hold the data against what the contract expects of them, before anything is learnt."),
  stageOf("prepare", "Decide which rows there are and which of them are held back."),
  stageOf("features", "Fit the features on the training rows and apply them to all."),
  stageOf("train", "Train the model on the training rows."),
  evaluate,
  stageOf("report", "Write the report as Markdown, as a page and as JSON."),

  push,
  pull,
];
