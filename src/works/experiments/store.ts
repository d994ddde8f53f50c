import { join, relative, sep } from "node:path";
import {
  contentDigits,
  type Experiment,
  named,
  parseExperiment,
  printExperiment,
  type Unnamed,
} from "../../core/experiments/record.ts";
import { ignoreOwn } from "../../pipeline/perform.ts";
import type { Workspace } from "../../ports/workspace.ts";

/** Where a contract's folder keeps its experiments; Git ignores it. */
export const EXPERIMENTS = ".trainyard/experiments";

/** A workspace and a contract's folder in it. */
export interface Place extends Pick<Workspace, "files"> {
  readonly folder: string;
}

/** Writes an experiment down; the file stands whole or not at all. */
export async function keep(place: Place, one: Unnamed): Promise<Experiment> {
  return keepAs(place, named(one));
}

/** Writes down an experiment that has its id from elsewhere. */
export async function keepAs(place: Place, whole: Experiment): Promise<Experiment> {
  await ignoreOwn(place);
  await place.files.write(pathOf(place, whole.id), printExperiment(whole));
  return whole;
}

/** Whether the same experiment, made at whatever time, is written down already. */
export async function isKept(place: Place, one: Unnamed): Promise<boolean> {
  const digits = contentDigits(one);
  return (await place.files.find(join(place.folder, EXPERIMENTS), [`*-${digits}.json`])).length > 0;
}

/** The experiments of a contract's folder, in no order, and names of files that are none. */
export async function kept({
  files,
  folder,
}: Place): Promise<{ readonly experiments: readonly Experiment[]; readonly unreadable: readonly string[] }> {
  const place = join(folder, EXPERIMENTS);
  const unreadable: string[] = [];
  const experiments: Experiment[] = [];
  for (const name of await files.find(place, ["*.json"])) {
    const found = parseExperiment((await files.read(join(place, name))) ?? "");
    if (found === undefined || `${found.id}.json` !== name) unreadable.push(name);
    else experiments.push(found);
  }
  return { experiments, unreadable };
}

/** Takes an experiment's file away. */
export async function forget({ files, folder }: Place, id: string): Promise<void> {
  await files.remove(pathOf({ folder }, id));
}

/** An experiment's file. */
export const pathOf = ({ folder }: Pick<Place, "folder">, id: string): string =>
  join(folder, EXPERIMENTS, `${id}.json`);

/** A contract's folder as it is written down: from the repository's top, `.` for the top itself. */
export const below = (top: string, folder: string): string =>
  relative(top, folder).split(sep).join("/").slice(0, 500) || ".";
