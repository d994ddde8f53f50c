import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  agreedRemote,
  artifactsRemote,
  type RemoteLine,
  type TrustedRemote,
} from "../../core/artifacts/artifacts-remote.ts";
import { NoRemoteSet } from "../../core/artifacts/dvc-config.ts";
import { registryAddress } from "../../core/artifacts/registry-address.ts";
import { UserError } from "../../errors.ts";
import type { Files } from "../../ports/files.ts";
import type { Remote } from "../../ports/remote.ts";
import type { Repo } from "../../ports/repo.ts";
import type { Environment } from "./open.ts";

/** In a laid-out commit's `.git`, where no commit can write: the remote that is in force. */
export const TRUSTED = "trainyard-remote.json";
const CONTRACTS = ["trainyard.yaml", "**/trainyard.yaml"];

/**
 * The remote that the contracts name. In a commit that was laid out to be judged it is the one that its
 * base names, whatever the commit says.
 *
 * @throws {NoRemoteSet} where there is none
 * @throws {UserError} where contracts differ
 */
export async function contractRemote({
  root,
  files,
  repo,
}: {
  readonly root: string;
  readonly files: Files;
  readonly repo: Repo | undefined;
}): Promise<RemoteLine> {
  const top = repo?.root ?? root;
  const trusted = join(top, ".git", TRUSTED);
  if (existsSync(trusted)) {
    const said = JSON.parse(readFileSync(trusted, "utf8")) as TrustedRemote;
    if (said.remote !== null) return said.remote;
    throw said.set ? new UserError(said.why) : new NoRemoteSet(said.why);
  }
  const found =
    repo === undefined ? await files.find(top, CONTRACTS) : await repo.tracked(CONTRACTS, "untracked");
  const said: RemoteLine[] = [];
  for (const path of new Set(found)) {
    if (/(^|\/)(\.trainyard|node_modules)\//.test(path)) continue;
    const text = await files.read(join(top, path));
    const one = text === undefined ? undefined : artifactsRemote(text, path);
    if (one !== undefined) said.push(one);
  }
  return agreedRemote(said);
}

/** Opens it; what is known of it is kept below `own`. */
export async function openRegistry(
  { value, at }: RemoteLine,
  own: string,
  environment: Environment,
): Promise<Remote> {
  const address = registryAddress(value, at);
  const { registryRemote } = await import("./oci/remote.ts");
  const name = createHash("sha256").update(address.url).digest("hex").slice(0, 16);
  return registryRemote(address, environment, join(own, "registry", name));
}
