import { dirname } from "node:path";
import { parseDvcLock } from "../core/artifacts/dvc-lock.ts";
import { LOCK_FILE, parseLock } from "../core/artifacts/lock.ts";
import { joinPath, placeFrom } from "../core/artifacts/path.ts";
import { parsePointer } from "../core/artifacts/pointer.ts";
import { compareText } from "../core/text/order.ts";
import { UserError } from "../errors.ts";
import type { Tree } from "./tree.ts";
import type { Version } from "./version.ts";

const POINTERS = "**/*.dvc";
const LOCKS = `**/${LOCK_FILE}`;
const DVC_LOCKS = "**/dvc.lock";
/** What makes a folder a repository of its own, in which the one around it names nothing. */
const REPOSITORIES = "**/.dvc/config";

/**
 * Every version that a tree's pointer files and locks name, by path; also those whose bytes Git keeps
 * (`cached` is false). What nothing was hashed of yet has no version.
 *
 * @throws {UserError} at line and column of what is wrong
 */
export async function versionsOf(tree: Tree): Promise<readonly Version[]> {
  const found = await tree.files([POINTERS, LOCKS, DVC_LOCKS, REPOSITORIES]);
  const others = found.flatMap((path) => /^(.+\/)\.dvc\/config$/.exec(path)?.[1] ?? []);
  const own = found.filter(
    (path) => !/(^|\/)\.dvc\//.test(path) && !others.some((other) => path.startsWith(other)),
  );
  const texts = await tree.readAll(own);
  const versions = own.flatMap((file) => versionsIn(file, texts.get(file) ?? ""));
  return distinct(versions).sort((a, b) => compareText(a.path, b.path));
}

/** The versions that one file names. @throws {UserError} at line and column of what is wrong */
export function versionsIn(file: string, text: string): readonly Version[] {
  if (file.endsWith(".dvc")) return versionsOfPointer(file, text);
  return file.endsWith(LOCK_FILE) ? versionsOfLock(file, text) : versionsOfDvcLock(file, text);
}

/** A model is named by its pointer file and by the lock; where they agree, the lock knows more. */
function distinct(versions: readonly Version[]): Version[] {
  const locked = new Set(
    versions.filter(({ sha256 }) => sha256 !== undefined).map(({ path, name }) => `${name} ${path}`),
  );
  return versions.filter(({ sha256, path, name }) => sha256 !== undefined || !locked.has(`${name} ${path}`));
}

/** The versions that a pointer file names. */
export function versionsOfPointer(file: string, text: string): readonly Version[] {
  return parsePointer(text, file).outs.flatMap((out) => {
    const { path, name, executable, cached, pushed, size, nfiles, remote, cloud, files } = out;
    if (name === undefined) return [];
    return {
      path,
      name,
      executable,
      cached,
      pushed,
      namedBy: file,
      ...(size === undefined ? {} : { size }),
      ...(nfiles === undefined ? {} : { nfiles }),
      ...(remote === undefined ? {} : { remote }),
      ...(cloud === undefined ? {} : { cloud }),
      ...(files === undefined ? {} : { files }),
    };
  });
}

function versionsOfLock(file: string, text: string): readonly Version[] {
  const folder = folderOf(file);
  return [...parseLock(text, file).values()].flatMap(({ out }) =>
    out.map(({ path, md5, sha256, size, nfiles }) => ({
      path: joinPath(folder, path),
      name: md5,
      sha256,
      size,
      ...(nfiles === undefined ? {} : { nfiles }),
      executable: false,
      cached: true,
      pushed: true,
      namedBy: file,
    })),
  );
}

function versionsOfDvcLock(file: string, text: string): readonly Version[] {
  const folder = folderOf(file);
  return [...parseDvcLock(text, file).values()].flatMap(({ outs }) =>
    outs.flatMap(({ path, name, ...entry }) => {
      if (name === undefined || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return [];
      const place = placeFrom([folder], path);
      if ("reason" in place) {
        throw new UserError(`names the output "${path}", which ${place.reason}`, { at: { file } });
      }
      return { path: place.path, name, ...entry, cached: true, pushed: true, namedBy: file };
    }),
  );
}

function folderOf(file: string): string {
  return dirname(file) === "." ? "" : dirname(file);
}
