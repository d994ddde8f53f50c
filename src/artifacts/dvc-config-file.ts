import { join } from "node:path";
import { type DvcConfig, parseDvcConfig } from "../core/artifacts/dvc-config.ts";
import type { Workspace } from "../ports/workspace.ts";

/** Which of a repository's own configuration files: the one that Git keeps, or the one that it does not. */
export type ConfigLevel = "repo" | "local";

const FILES: Readonly<Record<ConfigLevel, string>> = { repo: ".dvc/config", local: ".dvc/config.local" };

/** The path of a configuration file, below the workspace's root. */
export function dvcConfigFile(level: ConfigLevel): string {
  return FILES[level];
}

/** What one of the files says; nothing where it is not there. */
export async function readDvcConfig({ files, root }: Workspace, level: ConfigLevel): Promise<DvcConfig> {
  return parseDvcConfig((await files.read(join(root, FILES[level]))) ?? "", FILES[level]);
}

/**
 * Changes one of the configuration files; what is written can be read again, or nothing is written.
 *
 * @param edit made of `setSetting` and its neighbours
 * @returns whether anything changed
 */
export async function editDvcConfig(
  workspace: Workspace,
  level: ConfigLevel,
  edit: (text: string) => string,
): Promise<boolean> {
  const { files, root } = workspace;
  const path = join(root, FILES[level]);
  return workspace.alone("dvc-config", async () => {
    const before = await files.read(path);
    const text = edit(before ?? "");
    if (text === (before ?? "")) return false;
    parseDvcConfig(text, FILES[level]);
    await files.write(path, text);
    return true;
  });
}
