import { basename, join, relative, resolve, sep } from "node:path";
import { ensure } from "../../artifacts/ensure.ts";
import { type Draft, draftContract } from "../../core/drafts/contract.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
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
    await ensure(workspace, join(ports.folder, path));
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

const modelName = (path: string): string =>
  basename(path)
    .replace(/\..*$/, "")
    .replace(/[^a-z0-9-_]+/gi, "-")
    .replace(/^-+|-+$/g, "") || "model";
