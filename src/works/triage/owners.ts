import { join } from "node:path";
import type { Contract } from "../../config/contract.ts";
import { ownersOf } from "../../core/doctor/code-owners.ts";
import type { Workspace } from "../../ports/workspace.ts";

/** Where GitHub looks for code owners, in this order. */
const FILES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/**
 * Who answers for a model: as the contract says, else the code owners of the contract.
 *
 * @param top the repository's folder
 * @param path the contract's path from there
 */
export async function modelOwners(
  { files }: Pick<Workspace, "files">,
  top: string,
  path: string,
  { owner }: Pick<Contract, "owner">,
): Promise<readonly string[]> {
  if (owner !== undefined) return owner.split(/\s+/).filter((name) => name !== "");
  for (const file of FILES) {
    const text = await files.read(join(top, file));
    if (text !== undefined) return ownersOf(text, path);
  }
  return [];
}
