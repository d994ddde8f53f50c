import { customBlock } from "../comment/custom.ts";
import { robustnessBlock } from "../comment/robustness.ts";
import { slicesBlock } from "../comment/slices.ts";
import { statementsBlocks } from "../comment/statements.ts";
import { tradeOffBlock } from "../comment/trade-offs.ts";
import { waiversBlock } from "../comment/waivers.ts";
import type { Report } from "../report.ts";
import type { Block } from "./blocks.ts";
import { calibrationBlock } from "./calibration.ts";
import { changesBlock } from "./changes.ts";
import { checksBlock, warningsBlock } from "./checks.ts";
import { confusionBlock } from "./confusion.ts";
import { fairnessBlock } from "./fairness.ts";
import { type Changed, gateBlocks } from "./gates.ts";
import { labelsBlock } from "./labels.ts";
import { allMetricsBlock, figuresBlock } from "./metrics.ts";

/** What stands open: what decides, and the figures that matter. */
export function decidingBlocks(report: Report, changed?: Changed): (Block | null)[] {
  return [...gateBlocks(report, changed), figuresBlock(report)];
}

/**
 * What is unfolded, each with a line that says what was found; a report's new part has its place here. What
 * exactly was judged stands behind all of it.
 */
export function foldedBlocks(report: Report): (Block | null)[] {
  return [
    waiversBlock(report),
    warningsBlock(report),
    fairnessBlock(report),
    labelsBlock(report),
    customBlock(report),
    tradeOffBlock(report),
    slicesBlock(report),
    robustnessBlock(report),
    checksBlock(report),
    allMetricsBlock(report),
    calibrationBlock(report),
    confusionBlock(report),
    ...statementsBlocks(report),
    changesBlock(report),
  ];
}
