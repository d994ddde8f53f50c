import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { soundPart } from "../config/sound-part.ts";
import { readYaml } from "../config/yaml/read.ts";
import { parseRecipe } from "../core/features/recipe.ts";
import type { RulesChange } from "../core/proposal/documents.ts";
import { movesRows } from "../core/proposal/rules.ts";
import { answerColumns, labelColumns } from "../core/tables/labels.ts";
import { usedColumns } from "../tables/leaks.ts";
import { CONTRACT } from "./contract-paths.ts";
import { RECIPE } from "./features.ts";
import type { BaseContract, BaseContracts } from "./given-base.ts";
import type { GivenTree } from "./given-tree.ts";
import type { Holder } from "./hand-over-rows.ts";
import type { StageProject } from "./project.ts";
import { choosesBy } from "./row-conditions.ts";
import { rulesBetween } from "./rules.ts";
import { type DataFiles, readData, sharedFiles } from "./same-data.ts";

/** What is known of the change and of its base. */
interface Trees {
  readonly head: GivenTree;
  readonly base: GivenTree;
  readonly bases: BaseContracts;
}

/** What other contracts of the base branch, over the same data, keep from a training of the change. */
export interface Others {
  /** Those whose held-out rows are to be held back from it, too. */
  readonly holders: readonly Holder[];
  /** Sentences about contracts of which it cannot be told. */
  readonly unknown: readonly string[];
  /** Why nothing may be trained: it would be shown as a feature what one of them holds back. */
  readonly forbidden: string | undefined;
}

/** The base's own contract of a change's model: of its rows all are held back. */
export function ownHolder({ contract }: StageProject, base: StageProject): Holder {
  const answers = answerColumns(base.contract.data.roles);
  const unseen = choosesBy(contract.prepare.rows, answers, base.contract.prepare.rows);
  return { project: base, unseen };
}

const NONE: Others = { holders: [], unknown: [], forbidden: undefined };

/**
 * Tells which other contracts of the base have a say in what a training of the change is shown. What a
 * contract keeps to itself are the answers of the rows that it holds out: its label, and what it says knows
 * that. Any other contract over the same data may show these to its training, as a label or as a feature.
 *
 * Of a model that the base has, what the base's own contract of it shows already was agreed to, and stays:
 * two contracts over one table are nothing strange. So only what a change adds to that is asked about. A
 * model that is new was shown nothing yet. A contract that shares no file with this one is left alone.
 *
 * @param project of the change, whose features were made
 * @param own the base's contract of the same model; undefined where the model is new
 */
export async function otherContracts(
  trees: Trees,
  project: StageProject,
  own: BaseContract | undefined,
): Promise<Others> {
  const { head, base, bases } = trees;
  const before = own?.project;
  const rules =
    before === undefined ? [] : await rulesBetween({ tree: head, project }, { tree: base, project: before });
  const now = await shownBy(project);
  const shown = before === undefined ? undefined : agreed(before.contract);
  const added = [...now.taught, ...now.open].some((name) => shown?.has(name) !== true);
  if (before !== undefined && !added && !rules.some(ofRows)) return NONE;

  const asked: Asked = {
    now,
    shown,
    files: await readData(head, readerOf(project)),
    filesBefore: before === undefined ? undefined : await readData(base, readerOf(before)),
    table: rules.some(ofTable),
    rows: movesRows(rules) || rules.some(ofSources),
  };
  const holders: Holder[] = [];
  const unknown: string[] = [];
  let forbidden: string | undefined;
  for (const other of bases.all.filter((one) => one !== own)) {
    const { project: theirs } = other;
    if (theirs === undefined) {
      const reason = await ofBroken(base, other, asked);
      if (reason !== undefined) unknown.push(reason);
      continue;
    }
    const told = toldOf(asked, await readData(base, readerOf(theirs)), theirs.contract);
    const steps = [...(before?.contract.prepare.rows ?? []), ...theirs.contract.prepare.rows];
    const answers = answerColumns(theirs.contract.data.roles);
    const unseen = told.shares && choosesBy(project.contract.prepare.rows, answers, steps);
    forbidden ??= told.open === undefined ? undefined : openSentence(told.open, theirs.contract.model);
    if (told.counts === "no" && !unseen) continue;
    holders.push({
      project: theirs,
      unseen,
      other: { taught: told.taught, given: told.counts === "new rows" ? before : undefined },
    });
  }
  return { holders, unknown, forbidden };
}

/** The columns that a training is shown: of the rows that it learns from, and of all rows. */
interface Shown {
  readonly taught: readonly string[];
  readonly open: readonly string[];
}

interface Asked {
  readonly now: Shown;
  /** By the base's contract of the same model; undefined where there is none. */
  readonly shown: ReadonlySet<string> | undefined;
  readonly files: DataFiles;
  readonly filesBefore: DataFiles | undefined;
  /** Whether the rows are those of another table. */
  readonly table: boolean;
  /** Whether rows may be shown that were not before. */
  readonly rows: boolean;
}

interface Told {
  /** Whether they are of the same data at all. */
  readonly shares: boolean;
  /** A feature that is an answer of theirs. */
  readonly open: string | undefined;
  /** Whether what is learnt is an answer of theirs, by its name. */
  readonly taught: boolean;
  /** Whether the rows that they hold out are to be held back; `new rows`: of those that were not shown before. */
  readonly counts: "no" | "all" | "new rows";
}

function toldOf(asked: Asked, theirs: DataFiles, rest: Contract): Told {
  const { now, shown, files, filesBefore, table, rows } = asked;
  const shared = sharedFiles(files, theirs);
  if (shared.size === 0) return { shares: false, open: undefined, taught: false, counts: "no" };
  const sharedBefore = filesBefore === undefined ? new Set() : sharedFiles(filesBefore, theirs);
  const anew = [...shared].some((path) => !sharedBefore.has(path));
  const answers = answerColumns(rest.data.roles);
  const isAdded = (name: string): boolean => answers.includes(name) && (anew || shown?.has(name) !== true);
  const open = now.open.find(isAdded);
  const taught = now.taught.some((name) => answers.includes(name));
  if (anew || now.taught.some(isAdded) || (taught && table))
    return { shares: true, open, taught, counts: "all" };
  return { shares: true, open, taught, counts: taught && rows ? "new rows" : "no" };
}

/** Why it cannot be told what a broken contract holds back; undefined where it has to do with other data. */
async function ofBroken(
  base: GivenTree,
  { folder, broken }: BaseContract,
  { now, shown, files, filesBefore }: Asked,
): Promise<string | undefined> {
  const name = folder === "." ? CONTRACT : `${folder}/${CONTRACT}`;
  const sources = soundSources((await base.read(name)) ?? "", name);
  const added = now.taught.some((column) => shown?.has(column) !== true);
  const reason = `the base's contract "${name}" is broken: ${broken}`;
  if (sources === undefined) return added ? reason : undefined;
  const theirs = await readData(base, { folder: join(base.top, folder), sources, lock: new Map() });
  const shared = sharedFiles(files, theirs);
  const sharedBefore = filesBefore === undefined ? new Set() : sharedFiles(filesBefore, theirs);
  const anew = [...shared].some((path) => !sharedBefore.has(path));
  return shared.size > 0 && (anew || added) ? reason : undefined;
}

/** What a broken contract says of its data, where that much of it can be read. */
function soundSources(text: string, name: string): Contract["data"]["sources"] | undefined {
  const { root, issues } = readYaml(text, name);
  if (root?.kind !== "map" || issues.length > 0) return undefined;
  const part = soundPart(root);
  const lost = part?.broken.some(
    ([first, second]) => first === "data" && (second ?? "sources") === "sources",
  );
  return lost === true ? undefined : part?.contract.data.sources;
}

const readerOf = ({ folder, contract, lock }: StageProject) => ({
  folder,
  sources: contract.data.sources,
  lock,
});

/** Labels and weights are shown of the rows to learn from alone, features and ids of all. */
async function shownBy({ folder, contract }: StageProject): Promise<Shown> {
  const { inputs } = parseRecipe(await readFile(join(folder, RECIPE), "utf8"));
  return { taught: taughtBy(contract), open: [...inputs.map(({ name }) => name), ...idOf(contract)] };
}

function agreed(contract: Contract): ReadonlySet<string> {
  return new Set([...taughtBy(contract), ...usedColumns(contract), ...idOf(contract)]);
}

function taughtBy({ data: { roles } }: Contract): readonly string[] {
  return [...labelColumns(roles), ...(roles.weight === undefined ? [] : [roles.weight])];
}

const idOf = ({ data: { roles } }: Contract): readonly string[] =>
  roles.id === undefined || roles.id === "row_hash" ? [] : [roles.id];

const ofSources = ({ kind, name }: RulesChange): boolean =>
  kind === "contract" && /^data\.(sources|table)(\.|$)/.test(name);

/** Whether a change of rules may show rows that were not shown before. */
const ofRows = (change: RulesChange): boolean =>
  change.kind === "data" || movesRows([change]) || ofSources(change);

const ofTable = ({ kind, name }: RulesChange): boolean =>
  kind === "contract" && /^data\.(table$|sources\.[^.]+(\.path)?$)/.test(name);

const openSentence = (column: string, model: string): string =>
  `its training would be shown "${column}" of all rows, which by the base's contract of "${model}" over the same data knows the answer (data.roles); let a code owner bring that into the base branch first`;
