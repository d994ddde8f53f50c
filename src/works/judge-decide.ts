import type { RulesChange } from "../core/proposal/documents.ts";
import { movesRows, tellsRows } from "../core/proposal/rules.ts";
import type { Report } from "../core/report/report.ts";
import { verdictsOnly } from "../core/report/withhold.ts";
import type { BaseContract } from "./given-base.ts";
import type { Candidate } from "./given-candidate.ts";
import { rowsHeld } from "./hand-over-rows.ts";
import { judgeByBase, undecided } from "./judge-base.ts";
import { decideFirst } from "./judge-first.ts";
import { Refused, type Scene } from "./judge-scene.ts";
import { otherContracts, ownHolder } from "./other-contracts.ts";
import type { StageProject } from "./project.ts";
import { isOfWaivers, underProposed } from "./waivers.ts";

/** What decides of a model, and what a reader must know of how. */
export interface Decision {
  readonly report: Report;
  readonly proposed: Report | null;
  readonly notes: readonly string[];
}

/** Lets the base's rules decide where they are others than the change's. */
export async function decide(
  scene: Scene,
  head: StageProject,
  base: BaseContract | undefined,
  given: Candidate,
  rules: readonly RulesChange[],
  ours: Report,
): Promise<Decision> {
  if (base === undefined) return decideFirst(scene, head, given, ours);
  if (base.project === undefined) {
    const reason = `its contract there is broken: ${base.broken}`;
    const shown = verdictsOnly(ours, reason);
    return { report: undecided(shown, reason), proposed: shown, notes: [] };
  }
  if (rules.length === 0) return { report: ours, proposed: null, notes: [] };
  const wanted = underProposed(head, ours);
  if (rules.every(isOfWaivers)) return { report: ours, proposed: wanted, notes: [] };
  const proposed = tellsRows(rules) ? verdictsOnly(wanted, OTHER_ROWS) : wanted;

  const others = await otherContracts(scene, head, base);
  const held = await rowsHeld(head, [ownHolder(head, base.project), ...others.holders]);
  const found = await judgeByBase(head, { ...base.project, pull: scene.pull }, given, ours);
  if (found.kind === "forbidden") {
    throw new Refused(found.reason, head.parsed.place(["features"]).line);
  }
  if (found.kind === "undecided") {
    const shown = proposed.withheld === undefined ? ours : verdictsOnly(ours, OTHER_ROWS);
    return { report: undecided(shown, found.reason), proposed, notes: [] };
  }
  const { report } = found;
  const moved = movesRows(rules);
  const unsure = [held.reason, ...others.unknown].filter((one) => one !== undefined);
  if (unsure.length > 0) {
    const reason = `it may have been trained on rows that the base holds back, and which they are could not be told: ${unsure.join("; ")}`;
    return { report: undecided(report, reason), proposed, notes: [] };
  }
  if (held.beyond === 0) return { report, proposed, notes: [] };
  const rows = `${held.beyond} rows to train on that the base holds back${held.whom}`;
  if (given.keptFrom.includes(scene.base.commit)) {
    const why = moved ? "the split is another one" : "the data are others";
    return {
      report,
      proposed,
      notes: [`${why}: there are ${rows}; they were left out of the training`],
    };
  }
  const reason = `there are ${rows}, and nobody knows that they were left out of the training`;
  return { report: undecided(report, reason), proposed, notes: [] };
}

/** As a comment says it below the gates by both rules. */
const OTHER_ROWS =
  "the change alters data, roles, split or groups, and a number could be that of one row which the base holds back";
