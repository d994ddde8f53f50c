import { resolve } from "node:path";
import type { Choice } from "../artifacts/chosen.ts";
import { EXIT, UserError } from "../errors.ts";
import { flag, list, number, text, type Values } from "./inputs.ts";

/** What every stage that asks a remote is told; names and letters are DVC's. */
export const transferInputs = {
  paths: list("Files, folders, pointer files or stages; else all that have versions", { positional: true }),
  remote: text("Name of the remote in .dvc/config; else its default", { placeholder: "name", short: "r" }),
  jobs: number("So many requests at once; else what is best for the remote", { short: "j" }),
  allBranches: flag("Also what all branches name", { short: "a" }),
  allTags: flag("Also what all tags name", { short: "T" }),
  allCommits: flag("Also what any commit names", { short: "A" }),
};

/** The same as functions of ours take it. @throws {UserError} exit 2 where `jobs` is no number of requests */
export function choiceOf(inputs: Values<typeof transferInputs>, folder: string): Choice {
  const { paths, remote, jobs, allBranches, allTags, allCommits } = inputs;
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs >= 1)) {
    throw new UserError(`--jobs is ${jobs}; it takes a whole number from 1 on`, { exit: EXIT.usage });
  }
  return {
    paths: paths.map((path) => resolve(folder, path)),
    ...(remote === undefined ? {} : { remote }),
    ...(jobs === undefined ? {} : { jobs }),
    allBranches,
    allTags,
    allCommits,
  };
}
