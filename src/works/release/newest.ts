import { parseDesired } from "../../core/deployments/desired.ts";
import { UserError } from "../../errors.ts";
import type { Scene } from "./scene.ts";

/**
 * What the default branch's newest commit wants instead of these bytes; undefined where it wants them. A
 * run that waited for an approval, or is run again, must not set back what came since.
 *
 * @param path of the desired state
 */
export async function wantedByNow(
  { forge, commit }: Scene,
  path: string,
  sha256: string,
): Promise<string | undefined> {
  const { defaultBranch } = await forge.repositoryInfo();
  const newest = await forge.branch(defaultBranch);
  if (newest === undefined || newest === commit) return undefined;
  const text = await forge.file(path, newest);
  if (text === undefined) return "nothing";
  try {
    const { digest, version } = parseDesired(text, path);
    return digest.sha256 === sha256 ? undefined : (version ?? `sha256 ${digest.sha256.slice(0, 12)}`);
  } catch (error) {
    if (error instanceof UserError) return "what nobody can read";
    throw error;
  }
}
