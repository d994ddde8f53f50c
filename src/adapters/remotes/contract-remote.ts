import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  agreedPack,
  agreedRemote,
  artifactsPack,
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
export async function contractRemote(place: Place): Promise<RemoteLine> {
  const trusted = trustedIn(place);
  if (trusted !== undefined) {
    if (trusted.remote !== null) return trusted.remote;
    throw trusted.set ? new UserError(trusted.why) : new NoRemoteSet(trusted.why);
  }
  const said = await contractsIn(place);
  return agreedRemote(said.flatMap(({ text, file }) => artifactsRemote(text, file) ?? []));
}

/**
 * Below how many bytes files travel packed, as the contracts say; for a commit that was laid out to be
 * judged, as those of its base do. Undefined where nobody says so.
 *
 * @throws {UserError} where contracts differ
 */
export async function contractPack(place: Place): Promise<number | undefined> {
  const trusted = trustedIn(place);
  if (trusted !== undefined) return trusted.pack;
  const said = await contractsIn(place);
  return agreedPack(said.flatMap(({ text, file }) => artifactsPack(text, file) ?? []));
}

interface Place {
  readonly root: string;
  readonly files: Files;
  readonly repo: Repo | undefined;
}

function trustedIn({ root, repo }: Place): TrustedRemote | undefined {
  const trusted = join(repo?.root ?? root, ".git", TRUSTED);
  return existsSync(trusted) ? (JSON.parse(readFileSync(trusted, "utf8")) as TrustedRemote) : undefined;
}

async function contractsIn({ root, files, repo }: Place) {
  const top = repo?.root ?? root;
  const found =
    repo === undefined ? await files.find(top, CONTRACTS) : await repo.tracked(CONTRACTS, "untracked");
  const contracts: { readonly text: string; readonly file: string }[] = [];
  for (const file of new Set(found)) {
    if (/(^|\/)(\.trainyard|node_modules)\//.test(file)) continue;
    const text = await files.read(join(top, file));
    if (text !== undefined) contracts.push({ text, file });
  }
  return contracts;
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
