import { join } from "node:path";
import { NoRemoteSet } from "../../core/artifacts/dvc-config.ts";
import { isRegistry } from "../../core/artifacts/registry-address.ts";
import { repositoryIn } from "../../core/doctor/origin.ts";
import { packagesOf, withRemote } from "../../core/drafts/remote.ts";
import { UserError } from "../../errors.ts";
import type { TemplateFile } from "../../ports/templates.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { CONTRACT } from "../../works/contract-paths.ts";

/** The files of a start, with a place for their bytes where there is none yet and the repository has one to give. */
export async function placed(
  made: readonly TemplateFile[],
  workspace: Workspace,
): Promise<readonly TemplateFile[]> {
  const url = await remoteFor(workspace);
  if (url === undefined) return made;
  return made.map((file) => {
    if (!isContract(file.path)) return file;
    const text = new TextDecoder().decode(file.bytes);
    return /^artifacts:/m.test(text)
      ? file
      : { ...file, bytes: new TextEncoder().encode(withRemote(text, url)) };
  });
}

const isContract = (path: string): boolean => path === CONTRACT || path.endsWith(`/${CONTRACT}`);

/** What other contracts here say, or else the packages of the repository that `origin` names on GitHub. */
async function remoteFor(workspace: Workspace): Promise<string | undefined> {
  const { files, repo } = workspace;
  try {
    const { url } = await workspace.remote();
    return isRegistry(url) ? url : undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!(error instanceof NoRemoteSet) || repo === undefined) return undefined;
  }
  const config = (await files.read(join(repo.root, ".git", "config"))) ?? "";
  const repository = repositoryIn(config);
  return repository === undefined ? undefined : packagesOf(repository);
}
