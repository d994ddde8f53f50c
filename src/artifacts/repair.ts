import { join } from "node:path";
import {
  digitsOf,
  hashing,
  isDirectory,
  isLegacy,
  type ObjectName,
  type Sha256,
} from "../core/artifacts/digest.ts";
import { legacyHashing } from "../core/artifacts/legacy-hash.ts";
import { UserError } from "../errors.ts";
import { ObjectDamaged, ObjectMissing, type Remote, type VersionStore } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { keepVersions } from "./keep-versions.ts";
import { knowing } from "./places.ts";
import { sendAll } from "./send-all.ts";
import { fetch } from "./transfer.ts";
import type { Version } from "./version.ts";

/** An object that is not as it should be. */
export interface Finding {
  readonly name: ObjectName;
  /**
   * `damaged`: bytes of another name. `forged`: of this md5, and not the sha256 that was vouched for.
   * `unreadable`: what vouches for it is no voucher.
   */
  readonly kind: "damaged" | "missing" | "forged" | "unreadable";
  /** What names it, where the working tree does. */
  readonly path?: string;
  readonly repaired: boolean;
}

/** The sha256 of bytes that are those of their name; undefined where they are not. */
export async function hashOf(
  name: ObjectName,
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): Promise<Sha256 | undefined> {
  const hash = hashing();
  const legacy = isLegacy(name) ? legacyHashing() : undefined;
  try {
    for await (const chunk of bytes) {
      hash.update(chunk);
      legacy?.update(chunk);
      onBytes(chunk.length);
    }
  } catch (error) {
    if (error instanceof ObjectDamaged || error instanceof ObjectMissing) return undefined;
    throw error;
  }
  const { md5, sha256 } = hash.digest();
  const digits = digitsOf(name).slice(0, 32);
  const found = legacy === undefined ? [md5] : legacy.digest().map((one) => digitsOf(one));
  return found.some((one) => one.slice(0, 32) === digits) ? sha256 : undefined;
}

/** What the working tree names. */
export interface Known {
  /** By object, a path. */
  readonly named: ReadonlyMap<ObjectName, string>;
  readonly versions: readonly Version[];
}

/** Puts right what can be put right from the other side or from the working tree. */
export async function repairAll(
  workspace: Workspace,
  remote: Remote | undefined,
  findings: readonly Finding[],
  known: Known,
): Promise<Finding[]> {
  const { named } = known;
  const done: Finding[] = [];
  // Files before manifests: whoever sees a manifest relies on its files.
  for (const one of [...findings].sort((a, b) => Number(isDirectory(a.name)) - Number(isDirectory(b.name)))) {
    const repaired =
      one.kind !== "forged" &&
      one.kind !== "unreadable" &&
      (remote === undefined
        ? await repairCache(workspace, one, known)
        : await repairRemote(workspace, remote, one, named));
    done.push({ ...one, repaired });
  }
  return done;
}

/** The same in a remote of versions. A version stays what it is: another one of the same bytes takes its place in the pointer file. */
export async function keepAnew(
  workspace: Workspace,
  remote: Remote,
  store: VersionStore,
  findings: readonly Finding[],
  versions: readonly Version[],
): Promise<Finding[]> {
  const wrong = new Set(findings.map(({ name }) => name));
  const touched = versions.filter(
    ({ name, files = [] }) => wrong.has(name) || files.some((file) => file.name && wrong.has(file.name)),
  );
  const { lacking } = await keepVersions(workspace, remote, store, touched, { anew: wrong });
  const lost = new Set([...lacking].flat());
  return findings.map((one) => ({ ...one, repaired: !lost.has(one.name) }));
}

/** From the working tree, else from the remote. */
async function repairCache(
  workspace: Workspace,
  { name, kind }: Finding,
  { named, versions }: Known,
): Promise<boolean> {
  const { cache } = workspace;
  if (kind === "damaged") cache.drop(name);
  if (await fromWorkingTree(workspace, name, named.get(name))) return true;
  try {
    await fetch(name, cache, knowing(await workspace.remote(), versions));
    return await cache.has(name);
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** From the cache, where it is whole; else from the working tree. */
async function repairRemote(
  workspace: Workspace,
  remote: Remote,
  { name, kind }: Finding,
  named: ReadonlyMap<ObjectName, string>,
): Promise<boolean> {
  const { cache } = workspace;
  const good = async (): Promise<boolean> =>
    (await cache.has(name)) && (await hashOf(name, cache.open(name).bytes(), () => {})) !== undefined;
  if (!(await good())) {
    cache.drop(name);
    if (!(await fromWorkingTree(workspace, name, named.get(name))) || !(await good())) return false;
  }
  if (kind === "damaged") await remote.remove([name]);
  const { lacking } = await sendAll([{ name }], cache, remote);
  return lacking.size === 0;
}

/** Takes what is damaged in again, where the working files still hold it. */
async function fromWorkingTree(
  { cache, files, root }: Workspace,
  name: ObjectName,
  path: string | undefined,
): Promise<boolean> {
  if (path === undefined || isLegacy(name)) return false;
  const whole = join(root, path);
  if (!(await files.exists(whole))) return false;
  await cache.add(whole);
  return cache.has(name);
}
