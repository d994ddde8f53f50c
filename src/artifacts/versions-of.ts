import { basename, dirname, posix } from "node:path";
import { ignoring } from "../core/artifacts/dvc-ignore.ts";
import { parseDvcLock } from "../core/artifacts/dvc-lock.ts";
import { parseDvcYaml, valueFiles } from "../core/artifacts/dvc-yaml.ts";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import { joinPath, placeFrom, unsafePath } from "../core/artifacts/path.ts";
import { parsePointer } from "../core/artifacts/pointer.ts";
import { compareText } from "../core/text/order.ts";
import { UserError } from "../errors.ts";
import type { Tree } from "./tree.ts";
import type { Version } from "./version.ts";

const POINTERS = "**/*.dvc";
const LOCKS = `**/${LOCK_FILE}`;
const DVC_LOCKS = "**/dvc.lock";
const PIPELINES = "**/dvc.yaml";
const IGNORES = "**/.dvcignore";
/** What makes a folder a repository of its own, in which the one around it names nothing. */
const REPOSITORIES = "**/.dvc/config";

/**
 * Every version that a tree's pointer files and locks name, by path; also those whose bytes Git keeps
 * (`cached` is false). What nothing was hashed of yet has no version.
 *
 * @throws {UserError} at line and column of what is wrong
 */
export async function versionsOf(tree: Tree): Promise<readonly Version[]> {
  const found = await tree.files([POINTERS, LOCKS, DVC_LOCKS, PIPELINES, IGNORES, REPOSITORIES]);
  const others = found.flatMap((path) => /^(.+)\/\.dvc\/config$/.exec(path)?.[1] ?? []);
  const texts = await tree.readAll(found.filter((path) => !/(^|\/)\.dvc\//.test(path)));
  const ignores = [...texts].filter(([path]) => basename(path) === ".dvcignore");
  const out = ignoring(
    ignores.map(([path, text]) => ({ folder: folderOf(path), text })),
    others,
  );
  const own = [...texts.keys()].filter((path) => !out(path, false));
  const values = await valuesOf(tree, texts);
  const versions: Version[] = [];
  for (const file of own) versions.push(...(await versionsIn(file, texts, values)));
  return distinct(versions).sort((a, b) => compareText(a.path, b.path));
}

/** Texts of the files that pipelines take values from. */
async function valuesOf(
  tree: Tree,
  texts: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...texts].flatMap(([file, text]) =>
    basename(file) === "dvc.yaml" && texts.has(lockBeside(file))
      ? valueFiles(text, file).map((path) => posix.join(dirname(file), path))
      : [],
  );
  const safe = [...new Set(wanted)].filter((path) => unsafePath(path) === undefined);
  return safe.length === 0 ? new Map() : tree.readAll(safe);
}

async function versionsIn(
  file: string,
  texts: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, string>,
): Promise<readonly Version[]> {
  const text = texts.get(file) ?? "";
  if (file.endsWith(".dvc")) return versionsOfPointer(file, text);
  if (basename(file) === LOCK_FILE) return versionsOfLock(file, text);
  const lock = basename(file) === "dvc.yaml" ? texts.get(lockBeside(file)) : undefined;
  return lock === undefined ? [] : versionsOfPipeline(file, text, lock, values);
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

async function versionsOfLock(file: string, text: string): Promise<readonly Version[]> {
  const { parseLock } = await import("../core/artifacts/lock.ts"); // most repositories of data have none
  const folder = folderOf(file);
  return [...parseLock(text, file)].flatMap(([stage, { out }]) =>
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
      stage,
    })),
  );
}

/** The versions that the pipeline of one folder names. */
export async function versionsOfPipelineIn(tree: Tree, folder: string): Promise<readonly Version[]> {
  const file = posix.join(folder, "dvc.yaml");
  const texts = await tree.readAll([file, lockBeside(file)]);
  return texts.size < 2 ? [] : versionsIn(file, texts, await valuesOf(tree, texts));
}

/** Of what `dvc.lock` says that which `dvc.yaml` still declares, with the options that it has there. */
function versionsOfPipeline(
  file: string,
  text: string,
  lock: string,
  values: ReadonlyMap<string, string>,
): readonly Version[] {
  const namedBy = lockBeside(file);
  const locked = parseDvcLock(lock, namedBy);
  const stages = parseDvcYaml(text, file, (path) => values.get(posix.join(dirname(file), path)));
  return [...stages].flatMap(([name, { wdir, outs }]) => {
    const known = new Map(locked.get(name)?.outs.map((out) => [out.path, out]));
    return outs.flatMap(({ path, cached, pushed, remote }) => {
      const found = known.get(path);
      if (found?.name === undefined || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return [];
      const place = placeFrom([dirname(file), wdir], path);
      if ("reason" in place) {
        throw new UserError(`the stage "${name}" has the output "${path}", which ${place.reason}`, {
          at: { file },
        });
      }
      return {
        ...found,
        name: found.name,
        path: place.path,
        cached,
        pushed,
        ...(remote === undefined ? {} : { remote }),
        namedBy,
        stage: name,
      };
    });
  });
}

function lockBeside(pipeline: string): string {
  return posix.join(dirname(pipeline), "dvc.lock");
}

function folderOf(file: string): string {
  return dirname(file) === "." ? "" : dirname(file);
}
