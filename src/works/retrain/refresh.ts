import { copyFile, lstat, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RefreshedFiles } from "../../core/retrain/documents.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import { openContract } from "../project.ts";
import { fromTop, sourceContents } from "./sources.ts";

/**
 * Runs a contract's `retrain.refresh` where the contract lies, and says which files of its sources are
 * others now. The command is given no secrets.
 *
 * @param path the contract's, absolute
 * @throws {UserError} where there is no such command, or it fails
 */
export async function refresh(ports: Ports, path: string): Promise<RefreshedFiles> {
  const { contract, folder, workspace, parsed } = await openContract(ports, path, []);
  const { refresh: line } = contract.retrain;
  if (line === undefined) {
    throw new UserError(
      `"${contract.model}" has no command that brings the newest rows; say "retrain: { refresh: … }" in its contract`,
      { at: parsed.place(["retrain"]) },
    );
  }
  const top = workspace.repo?.root ?? ports.folder;
  const before = await sourceContents(workspace, top, folder, contract);
  await ports.commands({
    line,
    folder,
    environment: { TRAINYARD_MODEL: contract.model },
    called: "retrain.refresh",
    signal: ports.signal,
  });
  const after = await sourceContents(workspace, top, folder, contract);
  return {
    schema: "trainyard/refreshed/1",
    model: contract.model,
    folder: fromTop(top, folder),
    files: [...after]
      .filter(([name, { md5 }]) => before.get(name)?.md5 !== md5)
      .map(([name]) => ({ path: name })),
    gone: [...before.keys()].filter((name) => !after.has(name)),
  };
}

/** Writes what a refresh found for the next job. @param out absolute, not there yet */
export async function writeRefreshed(top: string, found: RefreshedFiles, out: string): Promise<void> {
  await mkdir(join(out, "files"), { recursive: true });
  for (const [index, { path }] of found.files.entries()) {
    const from = join(top, path);
    if (!(await lstat(from)).isFile())
      throw new UserError(`"${path}" is no regular file; data are handed over as such`);
    await copyFile(from, join(out, "files", String(index)));
  }
  await writeFile(join(out, "refreshed.json"), `${JSON.stringify(found, undefined, 2)}\n`);
}
