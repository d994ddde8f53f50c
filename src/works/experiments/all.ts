import { dirname } from "node:path";
import { type Experiment, parseExperiment } from "../../core/experiments/record.ts";
import { UserError } from "../../errors.ts";
import type { ForgeAccess } from "../../ports/forge.ts";
import type { Ports } from "../../ports/ports.ts";
import { contractPaths } from "../contract-paths.ts";
import { fetchedRecords } from "../lineage/fetched-ledger.ts";
import { below, kept } from "./store.ts";

/** Every experiment that is known here. */
export interface Known {
  readonly experiments: readonly Experiment[];
  /** What could not be looked at, one sentence each. */
  readonly notes: readonly string[];
}

/** What is looked at. */
export interface Where {
  readonly contract?: string | undefined;
  /** How the forge is asked for its ledger; else the ledger as it was last fetched. */
  readonly access?: ForgeAccess | undefined;
}

/** So many of the ledger's are read; there is one for each judged state of a pull request. */
const MOST = 5000;

/**
 * Experiments of the contracts that are spoken of: those of this machine, on whatever branch they were
 * made, and those that were judged on the forge.
 */
export async function knownExperiments(ports: Ports, { contract, access }: Where): Promise<Known> {
  const found = new Map<string, Experiment>();
  const notes: string[] = [];
  const folders = new Set<string>();
  for (const path of await contractPaths(ports, contract)) {
    const folder = dirname(path);
    const { files, repo, root } = await ports.workspace(folder);
    folders.add(below(repo?.root ?? root, folder));
    const { experiments, unreadable } = await kept({ files, folder });
    for (const one of experiments) found.set(one.id, one);
    if (unreadable.length > 0) {
      notes.push(`left out as no experiments of this version: ${unreadable.slice(0, 5).join(", ")}`);
    }
  }
  const judged = await judgedOnes(ports, access, notes);
  for (const one of judged) {
    if (folders.has(one.folder) && !found.has(one.id)) found.set(one.id, one);
  }
  return { experiments: [...found.values()], notes };
}

async function judgedOnes(
  ports: Ports,
  access: ForgeAccess | undefined,
  notes: string[],
): Promise<readonly Experiment[]> {
  const { repo } = await ports.workspace(ports.folder);
  if (repo === undefined) return [];
  try {
    const texts =
      access === undefined ? await fetchedRecords(repo, "experiments", MOST) : await asked(ports, access);
    return [...texts].flatMap((text) => parseExperiment(text) ?? []);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    notes.push(`the ledger could not be read: ${error.message}`);
    return [];
  }
}

async function asked(ports: Ports, access: ForgeAccess): Promise<readonly string[]> {
  const ledger = await ports.ledger(access);
  const paths = (await ledger.list("experiments")).slice(-MOST);
  const texts: string[] = [];
  for (const path of paths) texts.push((await ledger.read(path)) ?? "");
  return texts;
}
