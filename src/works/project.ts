import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Contract } from "../config/contract.ts";
import { type ParsedContract, parseContract } from "../config/parse.ts";
import type { Waiver } from "../config/waivers.ts";
import { UserError } from "../errors.ts";
import { readLock } from "../pipeline/lock-file.ts";
import type { Project } from "../pipeline/work.ts";
import type { Ports } from "../ports/ports.ts";
import { CONTRACT, contractPaths } from "./contract-paths.ts";
import { readWaivers } from "./waivers-file.ts";

/** A project whose works may reach the outside world. */
export interface StageProject extends Project {
  readonly parsed: ParsedContract;
  readonly ports: Ports;
  /** The contract's path for a person: relative to where the command was called. */
  readonly name: string;
  /** A revision that the caller names as the base; else it is found, see `baseline.ts`. */
  readonly base: string | undefined;
  /** The label's classes in the order of the scores, where the rows that are held out do not say theirs. */
  readonly classes?: readonly string[];
  /** What `waivers.yaml` beside the contract says here; only what the base has of it holds. */
  readonly waivers: readonly Waiver[];
  /**
   * The metrics that the base's contract defines, where it judges: of those that a change brings, none is
   * measured. Absent on a laptop, which measures what its contract says.
   */
  readonly agreed?: Contract["evaluate"]["custom"];
  /** The pull request that is judged; undefined on a laptop and in a merge queue. */
  readonly pull?: number | undefined;
}

export interface ProjectOptions {
  /** Contract file or its folder; every contract below the folder called from where absent. */
  readonly contract?: string | undefined;
  /** `train.params.epochs=5` */
  readonly set?: readonly string[];
  readonly base?: string | undefined;
}

/** Opens the contracts that a command speaks of, in the order of their paths. */
export async function openProjects(ports: Ports, options: ProjectOptions): Promise<StageProject[]> {
  const paths = await contractPaths(ports, options.contract);
  return await Promise.all(paths.map((path) => openProject(ports, path, options)));
}

/** Opens one contract. @throws {UserError} with the place of what is wrong in it, or in its lock */
export async function openProject(
  ports: Ports,
  path: string,
  options: ProjectOptions,
): Promise<StageProject> {
  const { workspace, folder, parsed, name } = await openContract(ports, path, options.set ?? []);
  const lock = await readLock(workspace, folder);
  return {
    ...workspace,
    folder,
    contract: parsed.contract,
    lock,
    parsed,
    ports,
    name,
    base: options.base,
    waivers: await readWaivers(workspace.files, folder, name, parsed.contract),
  };
}

/** Reads one contract and nothing beside it. @throws {UserError} with the place of what is wrong in it */
export async function openContract(ports: Ports, path: string, set: readonly string[]) {
  const folder = dirname(path);
  const workspace = await ports.workspace(folder);
  const name = relative(ports.folder, path) || CONTRACT;
  const text = await workspace.files.read(path);
  if (text === undefined)
    throw new UserError(`there is no contract "${name}"; create one with \`trainyard init\``);
  const parsed = parseContract(text, name, set, referencedFile(folder));
  return { workspace, folder, name, parsed, contract: parsed.contract };
}

/** Reads what `train.params: params.yaml#train` names; the parser has made sure that it stays in the folder. */
function referencedFile(folder: string): (path: string) => string {
  return (path) => readFileSync(join(folder, path), "utf8");
}
