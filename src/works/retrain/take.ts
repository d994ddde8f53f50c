import { copyFile, lstat, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { add } from "../../artifacts/add.ts";
import { ensure } from "../../artifacts/ensure.ts";
import { send } from "../../artifacts/transfer.ts";
import { pointedVersion } from "../../artifacts/version.ts";
import { isDirectory, type Md5 } from "../../core/artifacts/digest.ts";
import { unsafePath } from "../../core/artifacts/path.ts";
import { parseRefreshed } from "../../core/retrain/documents.ts";
import type { ChangedSource } from "../../core/retrain/pull.ts";
import { formatBytes } from "../../core/text/bytes.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { openContract } from "../project.ts";
import { fromTop, sourceFiles } from "./sources.ts";

/** Larger files have no place in Git. */
const MOST_IN_GIT = 5e6;

/** What was taken, and the files that a commit is to hold. */
export interface Taken {
  readonly model: string;
  readonly changed: readonly ChangedSource[];
  readonly write: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** What the refresh took away; it is left as it was. */
  readonly gone: readonly string[];
}

/**
 * Takes refreshed data as data: only files that the contract of the default branch names as its sources,
 * each in its place, each with a new pointer where DVC keeps it. Their bytes are sent to the remote and
 * read back before anything names them.
 *
 * @param path the contract's, absolute, in a tree of the default branch
 * @param handed absolute path of what was handed over
 * @throws {UserError} where something else was handed over
 */
export async function takeRefreshed(ports: Ports, path: string, handed: string): Promise<Taken> {
  const { contract, folder, workspace } = await openContract(ports, path, []);
  const { files } = workspace;
  const top = workspace.repo?.root ?? ports.folder;
  const given = parseRefreshed(await files.read(join(handed, "refreshed.json")));
  if (given.model !== contract.model) {
    throw new UserError(`rows for "${given.model}" were handed over, and "${contract.model}" is retrained`);
  }
  const drafts = await files.draft();
  try {
    for (const [index, { path: name }] of given.files.entries()) {
      const unsafe = unsafePath(name);
      if (unsafe !== undefined) throw new UserError(`"${name}" was handed over, which ${unsafe}`);
      const from = join(handed, "files", String(index));
      if (!(await isFile(from)))
        throw new UserError(`"${name}" was handed over as something else than a file`);
      await mkdir(dirname(join(drafts, name)), { recursive: true });
      await copyFile(from, join(drafts, name));
    }
    const below = fromTop(top, folder);
    const named = new Set(
      (await sourceFiles(workspace, join(drafts, below), contract)).map((one) =>
        fromTop(drafts, join(drafts, below, one)),
      ),
    );
    const foreign = given.files.find(({ path: name }) => !named.has(name));
    if (foreign !== undefined) {
      throw new UserError(`"${foreign.path}" was handed over, and is no source of "${contract.model}"`);
    }
    const changed: ChangedSource[] = [];
    const write = new Map<string, Uint8Array>();
    for (const { path: name } of given.files) {
      const one = await takeOne(workspace, top, join(drafts, name), name);
      if (one === undefined) continue;
      changed.push(one.source);
      for (const file of one.write) write.set(file, await readFile(join(top, file)));
    }
    return {
      model: contract.model,
      changed,
      write: [...write].map(([file, bytes]) => ({ path: file, bytes })),
      gone: given.gone,
    };
  } finally {
    await files.remove(drafts);
  }
}

/** Whether a regular file lies there, and no link to one. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Puts one file into its place; undefined where it is what was there. */
async function takeOne(
  workspace: Workspace,
  top: string,
  from: string,
  name: string,
): Promise<{ readonly source: ChangedSource; readonly write: readonly string[] } | undefined> {
  const { files } = workspace;
  const place = join(top, name);
  if (!(await files.liesBelow(place, top))) throw new UserError(`"${name}" lies behind a link`);
  const content = await files.content(from);
  if (content === undefined) throw new UserError(`"${name}" was handed over and is gone`);
  const version = await pointedVersion(workspace, place);
  const around = version !== undefined && join(workspace.root, version.path) !== place;
  if (around) await ensure(workspace, version.path); // the rest of the folder belongs to the new version
  const before = version !== undefined && !around ? version.name : (await files.content(place))?.md5;
  if (before === content.md5) return undefined;
  const source = { path: name, bytes: (await lstat(from)).size, md5: content.md5, before };
  const inGit = version === undefined && !(await hasPointersBeside(workspace, place));
  if (inGit && source.bytes > MOST_IN_GIT) {
    throw new UserError(
      `"${name}" has ${formatBytes(source.bytes)} and is kept in Git itself; give it a version with \`trainyard add ${name}\` first`,
    );
  }
  await files.replace(from, place);
  if (inGit) return { source, write: [name] };
  const added = await add(workspace, around ? join(workspace.root, version.path) : place);
  await publish(workspace, added.md5, version?.remote);
  const written = [added.pointer, ...(added.gitignore === undefined ? [] : [added.gitignore])];
  return { source, write: written.map((file) => fromTop(top, join(workspace.root, file))) };
}

/** Whether DVC keeps the neighbours of a new file: then it keeps that one, too. */
async function hasPointersBeside({ files }: Workspace, path: string): Promise<boolean> {
  return (await files.find(dirname(path), ["*.dvc"])).length > 0;
}

/** Sends a version and reads all of it back, so that no pointer names what nobody can fetch. */
async function publish(workspace: Workspace, name: Md5, remoteName: string | undefined): Promise<void> {
  const { cache } = workspace;
  const remote = await workspace.remote(remoteName);
  await send(name, cache, remote);
  const children = isDirectory(name) ? (await cache.manifest(name)).map(({ md5 }) => md5) : [];
  for (const one of [...children, name]) {
    for await (const bytes of remote.read(one)) void bytes; // damaged bytes throw
  }
}
