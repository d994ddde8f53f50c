import { basename, join, relative, resolve, sep } from "node:path";
import { ensure } from "../../artifacts/ensure.ts";
import { type Draft, draftContract } from "../../core/drafts/contract.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { inferExpectations } from "../../tables/infer.ts";
import { profile } from "../../tables/profile.ts";
import { loadFile } from "../../tables/sources.ts";

/** What a person said of the contract to draft; the rest is found out. */
export interface Told {
  readonly data: string;
  readonly label: string | undefined;
  readonly positive: string | undefined;
  readonly name: string | undefined;
}

/** Drafts a contract from a table, which is brought first where only its pointer is there. */
export async function draftFrom(ports: Ports, { data, label, positive, name }: Told): Promise<Draft> {
  const workspace = await ports.workspace(ports.folder);
  const given = resolve(ports.folder, data.replace(/\.dvc$/, ""));
  const path = relative(ports.folder, given).split(sep).join("/");
  if (path.startsWith("../"))
    throw new UserError(`"${data}" is outside of this folder; data live beside the contract`);
  if (!(await workspace.files.exists(given)) && (await workspace.files.exists(`${given}.dvc`))) {
    await bring(workspace, join(ports.folder, path), path);
  }
  const engine = await ports.engine();
  await loadFile(engine, "data", path, ports.folder);
  const described = await profile(engine, "data");
  return draftContract({
    model: name ?? modelName(path),
    data: path,
    label,
    positive,
    profile: described,
    expectations: inferExpectations(described),
  });
}

/** A remote that only DVC can read yet is no reason to give up: its data need to be here once. */
async function bring(workspace: Workspace, at: string, path: string): Promise<void> {
  try {
    await ensure(workspace, at);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `"${path}" is not here, and only its pointer is: ${error.message}; where DVC itself can fetch it, run \`dvc pull ${path}\` first`,
      { cause: error },
    );
  }
}

const modelName = (path: string): string =>
  basename(path)
    .replace(/\..*$/, "")
    .replace(/[^a-z0-9-_]+/gi, "-")
    .replace(/^-+|-+$/g, "") || "model";
