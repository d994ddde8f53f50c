import type { Contract } from "../config/contract.ts";
import { compareRules, tellsRows } from "../core/proposal/rules.ts";
import type { Report } from "../core/report/report.ts";
import { verdictsOnly } from "../core/report/withhold.ts";
import type { Candidate } from "./given-candidate.ts";
import { type Holder, rowsHeld } from "./hand-over-rows.ts";
import { undecided } from "./judge-base.ts";
import type { Decision } from "./judge-decide.ts";
import type { Scene } from "./judge-scene.ts";
import { otherContracts } from "./other-contracts.ts";
import type { StageProject } from "./project.ts";
import { inputsOf } from "./rules.ts";

/**
 * Decides of a model that the base has none of: its own rules do. But where they read what another contract of
 * the base reads, they could be written to tell what that one holds back. Then a person decides; and where
 * they choose other rows, weights or groups than that one does, no number is shown.
 */
export async function decideFirst(
  scene: Scene,
  head: StageProject,
  given: Candidate,
  ours: Report,
): Promise<Decision> {
  const first = "first: the base has no such model, so the change's own rules decide";
  const { holders, unknown } = await otherContracts(scene, head, undefined);
  if (holders.length === 0 && unknown.length === 0) return { report: ours, proposed: null, notes: [first] };
  if (holders.length === 0) {
    const why = `whether the base holds rows of the same data back could not be told: ${unknown.join("; ")}`;
    const report = undecided(verdictsOnly(ours, why), `the base has no such model, and ${why}`);
    return { report, proposed: null, notes: [first] };
  }
  const names = holders.map(({ project }) => `"${project.contract.model}"`).slice(0, 3);
  const reason = `the base has no such model, and holds rows of the same data back for ${names.join(", ")}`;
  const { unsure, notes } = await trainedOn(scene, head, given, holders, unknown);
  const all = [first, ...notes];
  if (unknown.length === 0 && (await isLikeOne(scene, head, holders))) {
    return { report: undecided(ours, `${reason}${unsure}`), proposed: null, notes: all };
  }
  const why = `its rows, weights, groups or split are others than for ${names.join(", ")}, and a number could be that of one row which the base holds back`;
  const told = `${reason}; no number is shown, as ${why}${unsure}`;
  return { report: undecided(verdictsOnly(ours, why), told), proposed: null, notes: all };
}

/** What is to be said of rows that the model may have been trained on, although the base holds them back. */
async function trainedOn(
  { base }: Scene,
  head: StageProject,
  { keptFrom }: Candidate,
  holders: readonly Holder[],
  unknown: readonly string[],
): Promise<{ readonly unsure: string; readonly notes: readonly string[] }> {
  const { beyond, whom, reason } = await rowsHeld(head, holders);
  const lost = [reason, ...unknown].filter((one) => one !== undefined).join("; ");
  const rows = `${beyond} rows to train on that the base holds back${whom}`;
  const kept = keptFrom.includes(base.commit);
  return {
    unsure: [
      lost === "" ? "" : `; it may have been trained on some, and which they are could not be told: ${lost}`,
      beyond === 0 || kept
        ? ""
        : `; there are ${rows}, and nobody knows that they were left out of the training`,
    ].join(""),
    notes: beyond === 0 || !kept ? [] : [`there are ${rows}; they were left out of the training`],
  };
}

/** Whether one of these reads the very same files, its query among them, and chooses the same rows. */
async function isLikeOne(
  { base: tree, head: ours }: Scene,
  head: StageProject,
  holders: readonly Holder[],
): Promise<boolean> {
  const bytes = new Set((await inputsOf(ours, head)).values());
  for (const { project } of holders) {
    const theirs = new Set((await inputsOf(tree, project)).values());
    const same = theirs.size === bytes.size && [...theirs].every((content) => bytes.has(content));
    if (same && !choosesRows(project.contract, head.contract)) return true;
  }
  return false;
}

/** Which label is learnt is a model's own; where its files lie tells nothing either. */
function choosesRows(theirs: Contract, ours: Contract): boolean {
  const changes = compareRules(theirs, ours, () => null);
  return tellsRows(
    changes.filter(({ name }) => !/^(task|data\.(sources|roles\.(label|positive|leaks)))(\.|$)/.test(name)),
  );
}
