import type { Contract } from "../config/contract.ts";
import { compareRules, tellsRows } from "../core/proposal/rules.ts";
import type { Report } from "../core/report/report.ts";
import { verdictsOnly } from "../core/report/withhold.ts";
import type { BaseContract } from "./given-base.ts";
import { undecided } from "./judge-base.ts";
import type { Decision } from "./judge-decide.ts";
import type { Scene } from "./judge-scene.ts";
import type { StageProject } from "./project.ts";
import { inputsOf } from "./rules.ts";

/**
 * Decides of a model that the base has none of: its own rules do. But where they read what another contract of
 * the base reads, they could be written to tell what that one holds back. Then a person decides; and where
 * they choose other rows, weights or groups than that one does, no number is shown.
 */
export async function decideFirst(scene: Scene, head: StageProject, ours: Report): Promise<Decision> {
  const first = "first: the base has no such model, so the change's own rules decide";
  const others = await othersOver(scene, head);
  if (others.length === 0) return { report: ours, proposed: null, notes: [first] };
  const names = others.map(({ contract }) => `"${contract.model}"`).slice(0, 3);
  const reason = `the base has no such model, and holds rows of the same data back for ${names.join(", ")}`;
  const open = others.some(({ contract, same }) => same && !choosesRows(contract, head.contract));
  if (open) return { report: undecided(ours, reason), proposed: null, notes: [first] };
  const why = `its rows, weights, groups or split are others than for ${names.join(", ")}, and a number could be that of one row which the base holds back`;
  const report = undecided(verdictsOnly(ours, why), `${reason}; no number is shown, as ${why}`);
  return { report, proposed: null, notes: [first] };
}

interface Other {
  readonly contract: Contract;
  /** Whether it reads the very same files, its query among them. */
  readonly same: boolean;
}

/** The base's contracts that read a file which this one reads, by its path or by its bytes. */
async function othersOver({ base: tree, bases, head }: Scene, project: StageProject): Promise<Other[]> {
  const ours = await inputsOf(head, project);
  const [paths, bytes] = [new Set(ours.keys()), new Set(ours.values())];
  const found: Other[] = [];
  for (const { project: other } of bases.all satisfies readonly BaseContract[]) {
    if (other === undefined) continue;
    const theirs = await inputsOf(tree, other);
    if (![...theirs].some(([path, content]) => paths.has(path) || bytes.has(content))) continue;
    const all = new Set(theirs.values());
    const same = all.size === bytes.size && [...all].every((content) => bytes.has(content));
    found.push({ contract: other.contract, same });
  }
  return found;
}

/** Which label is learnt is a model's own; where its files lie tells nothing either. */
function choosesRows(theirs: Contract, ours: Contract): boolean {
  const changes = compareRules(theirs, ours, () => null);
  return tellsRows(
    changes.filter(({ name }) => !/^(task|data\.(sources|roles\.(label|positive|leaks)))(\.|$)/.test(name)),
  );
}
