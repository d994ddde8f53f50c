import { join, posix } from "node:path";
import { digitsOf, isDirectory, isLegacy, legacyMd5, type ObjectName } from "../core/artifacts/digest.ts";
import { manifestOf } from "../core/artifacts/entry.ts";
import { unsafePath } from "../core/artifacts/path.ts";
import { UserError } from "../errors.ts";
import type { Cache } from "../ports/cache.ts";
import type { Elsewhere } from "../ports/elsewhere.ts";
import { ObjectMissing, type Remote } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { fetchAll } from "./fetch-all.ts";
import { knowing } from "./places.ts";
import { treeAt } from "./tree.ts";
import type { Version } from "./version.ts";
import { versionsOf } from "./versions-of.ts";

/** One file of what is wanted: an object, or a file that Git keeps there. */
interface Part {
  /** Below the outcome; empty where that is a file. */
  readonly relpath: string;
  readonly object?: ObjectName;
  readonly git?: string;
  readonly executable?: boolean;
}

/** What is wanted of another repository. */
interface Wanted {
  readonly path: string;
  /** A whole version: one name is enough. */
  readonly whole?: Version;
  readonly parts: readonly Part[];
  readonly remotes: readonly Remote[];
}

/**
 * Writes a file or directory of another repository to a path of this machine.
 *
 * @param to absolute
 * @param cache through which objects pass: they stay there
 * @throws {UserError} where there is no such path, or its bytes are nowhere
 */
export async function bringFrom(
  from: Elsewhere,
  path: string,
  to: string,
  { cache, files }: Pick<Workspace, "cache" | "files">,
): Promise<void> {
  const wanted = await find(from, path, cache);
  await fetchObjects(wanted, cache);
  if (wanted.whole !== undefined) {
    const { name, executable, sha256 } = wanted.whole;
    await cache.checkout(name, to, { executable, ...(sha256 === undefined ? {} : { sha256 }) });
    return;
  }
  for (const { relpath } of wanted.parts) {
    const reason = relpath === "" ? undefined : unsafePath(relpath);
    if (reason !== undefined) throw new UserError(`${JSON.stringify(relpath)} of "${path}" there ${reason}`);
  }
  const folder = await files.draft();
  try {
    const draft = join(folder, "out");
    for (const { relpath, object, git, executable } of wanted.parts) {
      const place = relpath === "" ? draft : join(draft, relpath);
      if (object !== undefined) await cache.checkout(object, place, { executable: executable === true });
      else await writeBytes(from, git ?? "", place);
    }
    await files.replace(draft, to);
  } finally {
    await files.remove(folder);
  }
}

/** What another repository calls the bytes at a path, where one name is enough; no data is fetched. */
export async function nameThere(
  from: Elsewhere,
  path: string,
  cache: Cache,
): Promise<ObjectName | undefined> {
  return (await find(from, path, cache)).whole?.name;
}

async function writeBytes(from: Elsewhere, path: string, to: string): Promise<void> {
  const bytes = await from.workspace.repo?.show(from.commit, path);
  if (bytes === undefined) throw new UserError(`"${path}" is not in ${from.commit}`);
  await from.workspace.files.write(to, bytes);
}

/** What stands for a path there: a version, a part of one, files that Git keeps, or a folder with all of them. */
async function find(from: Elsewhere, given: string, cache: Cache): Promise<Wanted> {
  const { workspace, commit } = from;
  const path = posix.normalize(given.replace(/\\/g, "/")).replace(/\/$/, "");
  const reason = path === "." ? undefined : unsafePath(path);
  if (reason !== undefined) throw new UserError(`"${given}" ${reason}; it is a path of the other repository`);
  const tree = await treeAt(workspace, commit);
  const versions = await versionsOf(tree);
  const cached = versions.filter((one) => one.cached);
  const exact = cached.find((one) => one.path === path);
  const all = (await workspace.repo?.files(commit)) ?? [];
  if (exact === undefined && all.includes(path)) {
    return { path, parts: [{ relpath: "", git: path }], remotes: [] }; // Git keeps it: no remote is asked
  }
  const remotes = await remotesOf(from, cached, exact);
  if (exact !== undefined) return { path, whole: exact, parts: [], remotes };
  const around = cached.find((one) => isDirectory(one.name) && path.startsWith(`${one.path}/`));
  if (around !== undefined) {
    const own = await remotesOf(from, cached, around);
    const parts = await partsOf(around, path.slice(around.path.length + 1), own, cache);
    if (parts.length > 0) return { path, parts, remotes: own };
  }
  const below = path === "." ? "" : `${path}/`;
  const parts: Part[] = all
    .filter((file) => file.startsWith(below) && !isKept(file))
    .map((file) => ({ relpath: file.slice(below.length), git: file }));
  for (const version of cached.filter((one) => one.path.startsWith(below))) {
    for (const part of await partsOf(version, "", remotes, cache)) {
      parts.push({ ...part, relpath: posix.join(version.path.slice(below.length), part.relpath) });
    }
  }
  if (parts.length > 0) return { path, parts, remotes };
  throw new UserError(`there is no "${given}" in ${commit.slice(0, 7)} of the other repository`);
}

/** What Git and DVC need there, and nobody here. */
const isKept = (path: string): boolean =>
  /(^|\/)(\.dvc\/|\.gitignore$|\.dvcignore$)/.test(path) || path.endsWith(".dvc");

/** The files of a version at or below a path of it. */
async function partsOf(
  version: Version,
  below: string,
  remotes: readonly Remote[],
  cache: Cache,
): Promise<readonly Part[]> {
  const { name, executable, files } = version;
  if (!isDirectory(name)) return [{ relpath: "", object: name, executable }];
  const listed = files && manifestOf(files);
  if (listed === undefined) await fetchInto(cache, [name], remotes, "manifests");
  const manifest = listed ?? (await cache.manifest(name));
  return manifest.flatMap(({ relpath, md5 }) => {
    const object = isLegacy(name) ? legacyMd5(digitsOf(md5)) : md5;
    if (object === undefined) return [];
    if (relpath === below) return { relpath: "", object };
    if (below === "") return { relpath, object };
    return relpath.startsWith(`${below}/`) ? { relpath: relpath.slice(below.length + 1), object } : [];
  });
}

/** Where its bytes may be: the version's own remote, else the default one; and the cache beside it. */
async function remotesOf(
  from: Elsewhere,
  versions: readonly Version[],
  version?: Version,
): Promise<readonly Remote[]> {
  const remotes: Remote[] = [];
  try {
    remotes.push(knowing(await from.workspace.remote(version?.remote), versions));
  } catch (error) {
    if (from.cache === undefined || !(error instanceof UserError)) throw error;
  }
  return from.cache === undefined ? remotes : [from.cache, ...remotes];
}

async function fetchObjects({ whole, parts, remotes }: Wanted, cache: Cache): Promise<void> {
  const names = whole === undefined ? parts.flatMap(({ object }) => object ?? []) : [whole.name];
  await fetchInto(cache, names, remotes, "all");
}

/** Fetches from the first remote that has it. @throws {ObjectMissing} where none has */
async function fetchInto(
  cache: Cache,
  names: readonly ObjectName[],
  remotes: readonly Remote[],
  what: "all" | "manifests",
): Promise<void> {
  let wanted: ObjectName[] = [];
  for (const name of names) if (!(await cache.complete(name))) wanted.push(name);
  let reason: UserError | undefined;
  for (const remote of remotes) {
    if (wanted.length === 0) return;
    if (what === "manifests") {
      const there = await remote.present(wanted);
      await remote.receive([...there], (name, incoming) => cache.receive(name, incoming));
      wanted = wanted.filter((name) => !there.has(name));
    } else {
      const { failed } = await fetchAll(
        wanted.map((name) => ({ name })),
        cache,
        remote,
      );
      wanted = wanted.filter((name) => failed.has(name));
      reason = [...failed.values()][0];
      if (reason !== undefined && !(reason instanceof ObjectMissing)) throw reason;
    }
  }
  const [lost] = wanted;
  if (lost === undefined) return;
  throw reason ?? new ObjectMissing(lost, remotes.map(({ url }) => url).join(" and ") || "any remote");
}
