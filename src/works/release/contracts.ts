import { dirname, join, sep } from "node:path";
import type { Contract } from "../../config/contract.ts";
import { UserError } from "../../errors.ts";
import { CONTRACT } from "../contract-paths.ts";
import { openContract } from "../project.ts";
import type { Scene } from "./scene.ts";

/** A contract of the tree. */
export interface Deploying {
  readonly model: string;
  /** Its folder, relative to the top, with `/`; `.` is the top itself. */
  readonly folder: string;
  readonly contract: Contract;
}

/** The contracts of a tree, and what kept others from being read. */
export interface Contracts {
  readonly all: readonly Deploying[];
  readonly broken: readonly { readonly folder: string; readonly error: UserError }[];
}

/** Reads every contract of the tree; one that is broken keeps none of the others from being released. */
export async function contractsOf({ ports, workspace, top }: Scene): Promise<Contracts> {
  const all: Deploying[] = [];
  const broken: { folder: string; error: UserError }[] = [];
  for (const path of await workspace.files.find(top, [`**/${CONTRACT}`])) {
    const folder = dirname(path).split(sep).join("/");
    try {
      const { contract } = await openContract(ports, join(top, path), []);
      all.push({ model: contract.model, folder, contract });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      broken.push({ folder, error });
    }
  }
  return { all, broken };
}

/** The one contract of a model; a sentence where there is none, or not one alone. */
export function contractOf({ all, broken }: Contracts, model: string): Deploying | string {
  const own = all.filter((one) => one.model === model);
  const [first] = own;
  if (own.length > 1) {
    return `there are several models of that name, in ${own.map(({ folder }) => `"${folder}"`).join(" and ")}`;
  }
  if (first !== undefined) return first;
  const [unread] = broken;
  return unread === undefined
    ? "there is no contract of that model"
    : `no contract that can be read is of that model, and that in "${unread.folder}" cannot be read`;
}
