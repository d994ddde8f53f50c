import { join } from "node:path";
import {
  type Desired,
  desiredPath,
  environmentOf,
  parseDesired,
  writeDesired,
} from "../core/deployments/desired.ts";
import { lastEnvironments } from "../core/deployments/environments.ts";
import { type Step, stepBack, stepName, stepsNamed, stepsOf } from "../core/deployments/rollback.ts";
import { nearest } from "../core/text/nearest.ts";
import { EXIT, UserError } from "../errors.ts";
import type { ForgeAccess } from "../ports/forge.ts";
import type { Ports } from "../ports/ports.ts";
import type { Repo } from "../ports/repo.ts";
import type { Workspace } from "../ports/workspace.ts";
import { CONTRACT } from "./contract-paths.ts";
import { deploymentsOf } from "./ledger-records.ts";
import { openContract } from "./project.ts";

/** What somebody wants back. */
export interface RollbackAsked {
  readonly model: string;
  readonly environment: string | undefined;
  /** A version or the first digits of a sha256; what was there before where absent. */
  readonly to: string | undefined;
  /** How the ledger is asked; undefined where it is not. */
  readonly access: ForgeAccess | undefined;
}

/** A rollback that can be made. */
export interface RollbackPlan {
  readonly model: string;
  readonly environment: string;
  /** From the repository's top. */
  readonly path: string;
  readonly to: Step;
  /** The desired state with these bytes. */
  readonly text: string;
  /** Who says that they were there. */
  readonly source: "ledger" | "history";
  /** Sentences that whoever rolls back must know. */
  readonly notes: readonly string[];
}

/** A repository with desired states. */
export interface RollbackPlace {
  readonly ports: Ports;
  readonly workspace: Workspace;
  readonly repo: Repo;
}

/** @throws {UserError} outside of a repository */
export async function rollbackPlace(ports: Ports): Promise<RollbackPlace> {
  const workspace = await ports.workspace(ports.folder);
  const { repo } = workspace;
  if (repo === undefined)
    throw new UserError("this is no Git repository; desired states are in one", { exit: EXIT.usage });
  return { ports, workspace, repo };
}

/**
 * Finds the bytes to go back to: in the ledger, which knows what served; where it is not asked or cannot be
 * read, in the history of the desired state. No contract is needed, and a broken one is in nobody's way.
 *
 * @param read the desired state as it is now; the working tree's where absent
 * @throws {UserError} where there is nothing to go back to, or nobody can tell to what
 */
export async function planRollback(
  place: RollbackPlace,
  asked: RollbackAsked,
  read?: (path: string) => Promise<string | undefined>,
): Promise<RollbackPlan> {
  const { model } = asked;
  const environment = asked.environment ?? (await environmentFor(place, model));
  const path = desiredPath(environment, model);
  if (environmentOf(path) === undefined) {
    const wrong = environmentOf(desiredPath("production", model)) === undefined;
    const what = wrong ? `"${model}" is not a model's name` : `"${environment}" is not an environment's name`;
    throw new UserError(what, { exit: EXIT.usage });
  }
  const here = (name: string) => place.workspace.files.read(join(place.repo.root, name));
  const current = stateIn(await (read ?? here)(path), path);
  const found = await stepsFor(place, asked.access, environment, model, path);
  const to = chosen(found.steps, asked, current, `${model} in ${environment}`);
  const text = writeDesired({ model, digest: to.digest, version: to.version });
  return { model, environment, path, to, text, source: found.source, notes: found.notes };
}

/** What was there, and who says so. */
async function stepsFor(
  { ports, repo }: RollbackPlace,
  access: ForgeAccess | undefined,
  environment: string,
  model: string,
  path: string,
): Promise<Pick<RollbackPlan, "source" | "notes"> & { readonly steps: readonly Step[] }> {
  const notes: string[] = [];
  if (access !== undefined) {
    try {
      const steps = stepsOf(await deploymentsOf(await ports.ledger(access), environment, model));
      if (steps.length > 0) return { steps, source: "ledger", notes };
      notes.push("the ledger knows no deployment there, so that the file's history was asked");
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notes.push(`the ledger could not be read, so that the file's history was asked: ${error.message}`);
    }
  }
  return { steps: await stepsInHistory(repo, path), source: "history", notes };
}

/** What the file named, commit by commit, the oldest first; what cannot be read is passed over. */
async function stepsInHistory(repo: Repo, path: string): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const commit of await repo.history(path)) {
    const bytes = await repo.show(commit, path);
    const state = stateIn(bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8"), path);
    if (state === undefined) continue;
    const { digest, version } = state;
    steps.unshift({ digest, version, pull: undefined, at: undefined });
  }
  return steps;
}

function chosen(
  steps: readonly Step[],
  { to }: RollbackAsked,
  current: Desired | undefined,
  where: string,
): Step {
  if (to === undefined) {
    const step = stepBack(steps, current?.digest.sha256);
    if (step !== undefined) return step;
    const now = current === undefined ? "nothing" : stepName(current);
    throw new UserError(
      `nothing is known of ${where} from before ${now}; fetch the whole history, hand a token over to ask the ledger, or name the bytes with --to`,
    );
  }
  const found = stepsNamed(steps, to);
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    throw new UserError(
      `"${to}" is more than one there: ${found.map(({ digest }) => digest.sha256.slice(0, 12)).join(", ")}`,
      { exit: EXIT.usage },
    );
  }
  const known = [...new Set([...steps].reverse().map(stepName))];
  const near = nearest(to, known);
  const meant = near === undefined ? "" : ` did you mean "${near}"?`;
  const list = known.length === 0 ? "nothing" : known.slice(0, 10).join(", ");
  throw new UserError(`"${to}" was not in ${where};${meant} what was there: ${list}`, { exit: EXIT.usage });
}

/** A desired state; undefined where there is none that can be read: it is replaced whole. */
export function stateIn(text: string | undefined, path: string): Desired | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDesired(text, path);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/**
 * The environment that is meant where none is named: the only one with such a state, else the one that
 * comes after all others, as far as a contract can be read.
 */
async function environmentFor(place: RollbackPlace, model: string): Promise<string> {
  const { workspace, repo } = place;
  const paths = await workspace.files.find(repo.root, ["deployments/*/*.yaml"]);
  const all = paths.flatMap((path) => environmentOf(path) ?? []);
  const own = all.filter((one) => one.model === model).map(({ environment }) => environment);
  const [only] = own;
  if (only !== undefined && own.length === 1) return only;
  if (only === undefined) {
    const near = nearest(model, new Set(all.map((one) => one.model)));
    const meant = near === undefined ? "" : `; did you mean "${near}"?`;
    throw new UserError(`there is no deployments/ENVIRONMENT/${model}.yaml${meant}`, { exit: EXIT.usage });
  }
  const last = (await lastOf(place, model)).filter((environment) => own.includes(environment));
  const [end] = last;
  if (end !== undefined && last.length === 1) return end;
  throw new UserError(`${model} has a desired state in ${own.join(", ")}; say in which with --environment`, {
    exit: EXIT.usage,
  });
}

async function lastOf({ ports, workspace, repo }: RollbackPlace, model: string): Promise<readonly string[]> {
  for (const path of await workspace.files.find(repo.root, [`**/${CONTRACT}`])) {
    try {
      const { contract } = await openContract(ports, join(repo.root, path), []);
      if (contract.model === model) return lastEnvironments(contract.deploy);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return [];
}
