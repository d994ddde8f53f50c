import { join } from "node:path";
import { parsePointer } from "../../core/artifacts/pointer.ts";
import { isTable, type Surroundings } from "../../core/drafts/surroundings.ts";
import { compareText } from "../../core/text/order.ts";
import { UserError } from "../../errors.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { CONTRACT } from "../../works/contract-paths.ts";

/** Looks what stands in a folder: a contract, a DVC repository, tables. */
export async function lookAround({ files, root }: Workspace, folder: string): Promise<Surroundings> {
  const beside = await files.find(folder, ["*", "data/*"]);
  const pointers = await files.find(folder, ["**/*.dvc"]);
  const pointed: string[] = [];
  for (const pointer of pointers) {
    const text = (await files.read(join(folder, pointer))) ?? "";
    for (const { path } of outsOf(text, pointer)) pointed.push(path);
  }
  return {
    contract: await files.exists(join(folder, CONTRACT)),
    dvc: await files.exists(join(root, ".dvc", "config")),
    tables: [...new Set([...pointed, ...beside].filter(isTable))].sort(compareText),
  };
}

/** A pointer file that cannot be read names nothing to begin with; `pull` says what is wrong with it. */
function outsOf(text: string, file: string): readonly { readonly path: string }[] {
  try {
    return parsePointer(text, file).outs;
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
