import { basename, dirname, join, relative, sep } from "node:path";
import { withIgnored } from "../core/artifacts/gitignore.ts";
import type { Workspace } from "../ports/workspace.ts";

/**
 * Keeps a file or directory out of Git, as DVC does: by a line in its own folder's `.gitignore`,
 * where Git does not ignore it yet.
 *
 * @param path absolute
 * @returns the `.gitignore` that was changed
 */
export async function ignore(workspace: Workspace, path: string): Promise<string | undefined> {
  const { repo, files } = workspace;
  if (repo === undefined) return undefined;
  return workspace.alone("gitignore", async () => {
    if (await repo.ignores(relative(repo.root, path).split(sep).join("/"))) return undefined;
    const file = join(dirname(path), ".gitignore");
    await files.write(file, withIgnored((await files.read(file)) ?? "", basename(path)));
    return file;
  });
}
