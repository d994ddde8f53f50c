import { dirname } from "node:path";
import type { Experiment } from "../../core/experiments/record.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import { contractPaths } from "../contract-paths.ts";
import { forget, kept, type Place } from "./store.ts";

/** An experiment of this machine, and where its file is. */
export interface Here {
  readonly one: Experiment;
  readonly place: Place;
}

/** The experiments of this machine, of every contract that is spoken of; the newest first. */
export async function experimentsHere(ports: Ports, contract: string | undefined): Promise<readonly Here[]> {
  const found: Here[] = [];
  for (const path of await contractPaths(ports, contract)) {
    const folder = dirname(path);
    const place = { files: (await ports.workspace(folder)).files, folder };
    for (const one of (await kept(place)).experiments) found.push({ one, place });
  }
  return found.sort((a, b) => (a.one.id < b.one.id ? 1 : -1));
}

/**
 * Takes files of experiments away.
 *
 * @throws {UserError} where one is not of this machine: nothing is removed then
 */
export async function removeHere(here: readonly Here[], wanted: readonly Experiment[]): Promise<void> {
  const found = wanted.map(({ id, source }) => {
    const there = here.find(({ one }) => one.id === id);
    if (there !== undefined) return there;
    throw new UserError(
      `${id} is ${source === "judge" ? "a record of the ledger, which is only added to" : "not of this machine"}; it stays`,
    );
  });
  for (const { one, place } of found) await forget(place, one.id);
}
