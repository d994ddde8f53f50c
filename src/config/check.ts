import { custom } from "./check/custom.ts";
import { addresses, deployedName, followsMain, monitored, promotion } from "./check/deploy.ts";
import { bounds, expectations } from "./check/expectations.ts";
import { conditions, derived, rowConditions } from "./check/expressions.ts";
import type { Check, Finding } from "./check/finding.ts";
import { gates, groups, metrics } from "./check/metrics.ts";
import { resampling } from "./check/resampling.ts";
import { drops, robustness } from "./check/robustness.ts";
import { droppedFeatures, droppedRoles, labelAsFeature, positiveClass } from "./check/roles.ts";
import { slices } from "./check/slices.ts";
import { sourceKinds, table } from "./check/sources.ts";
import { shares, splitOptions } from "./check/split.ts";
import { statements } from "./check/statements.ts";
import { severalLabels, tasks } from "./check/tasks.ts";
import { tradeOff } from "./check/trade-off.ts";
import { decision, trainer, validationRows } from "./check/training.ts";
import { weights } from "./check/weights.ts";
import type { Contract } from "./contract.ts";
import { type Path, pathText } from "./yaml/located.ts";

/** Every question that can be asked of a contract without data, in the order of the file. */
const CHECKS: readonly Check[] = [
  table,
  sourceKinds,
  positiveClass,
  droppedRoles,
  expectations,
  conditions,
  rowConditions,
  bounds,
  derived,
  shares,
  splitOptions,
  labelAsFeature,
  droppedFeatures,
  trainer,
  validationRows,
  decision,
  custom,
  metrics,
  tasks,
  severalLabels,
  weights,
  resampling,
  groups,
  tradeOff,
  gates,
  slices,
  robustness,
  drops,
  statements,
  deployedName,
  promotion,
  followsMain,
  addresses,
  monitored,
];

/**
 * What is wrong with a contract that fits the schema.
 *
 * @param broken paths that could not be read: checks that look at them, above or below, are not asked
 */
export function check(contract: Contract, broken: readonly Path[] = []): readonly Finding[] {
  const unread = broken.map((path) => pathText(path).replace(/\[\d+\]/g, "[]"));
  const findings: Finding[] = [];
  for (const { reads, find } of CHECKS) {
    if (reads.some((key) => unread.some((path) => overlap(path, key)))) continue;
    let found = 0;
    for (const finding of find(contract)) {
      if (++found > ENOUGH) break;
      findings.push(finding);
    }
  }
  return findings;
}

/** What one check finds beyond these says nothing new. */
const ENOUGH = 50;

/** Whether one path lies within the other. */
function overlap(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long === short || (long.startsWith(short) && /[.[]/.test(long[short.length] ?? ""));
}
