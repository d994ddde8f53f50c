import type { Work } from "../pipeline/work.ts";
import { evaluate } from "./evaluate.ts";
import { features } from "./features.ts";
import { ingest } from "./ingest.ts";
import { prepare } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { report } from "./report.ts";
import { train } from "./train.ts";
import { validate } from "./validate.ts";

/** From a data file to a report that one can decide on, in the order in which data meet them. */
export const WORKS: readonly Work<StageProject>[] = [
  ingest,
  validate,
  prepare,
  features,
  train,
  evaluate,
  report,
];
