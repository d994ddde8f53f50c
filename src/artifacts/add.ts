import { basename, dirname, join, relative } from "node:path";
import { isDirectory, isLegacy, type Named, type ObjectName } from "../core/artifacts/digest.ts";
import type { FileEntry } from "../core/artifacts/entry.ts";
import { unsafePath } from "../core/artifacts/path.ts";
import { parsePointer } from "../core/artifacts/pointer.ts";
import { type KeptFile, printCloud } from "../core/artifacts/print-cloud.ts";
import { printPointer } from "../core/artifacts/print-pointer.ts";
import { UserError } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";
import { ignore } from "./ignore.ts";
import { keptBefore } from "./places.ts";
import { pointedVersion, within } from "./version.ts";

/** What `add` did; what its `--json` prints. */
export interface Added extends Named {
  /** Relative to the workspace's root. */
  readonly path: string;
  readonly pointer: string;
  /** Whether the pointer file says something new. */
  readonly changed: boolean;
  /** The `.gitignore` that was changed. */
  readonly gitignore?: string;
  /** What makes it another one on every machine. */
  readonly odd?: readonly string[];
}

/**
 * Gives a file or directory a version: its bytes go to the cache, and a pointer file that Git keeps
 * takes its place.
 *
 * @param path absolute, or relative to the root
 * @throws {UserError} where it is not there, Git tracks it, or another pointer covers it
 */
export async function add(workspace: Workspace, path: string): Promise<Added> {
  const { files, cache, root } = workspace;
  const below = within(workspace, path);
  const whole = join(root, below);
  await refuse(workspace, path, below, whole);

  const pointer = `${whole}.dvc`;
  const before = await files.read(pointer);
  const pointed = before === undefined ? undefined : parsePointer(before, `${below}.dvc`);
  if (pointed?.imported === true) {
    throw new UserError(`"${path}" was imported; bring it up to date with \`trainyard update ${below}.dvc\``);
  }
  const legacy = pointed?.outs.find((out) => out.path === below)?.name;
  if (legacy !== undefined && isLegacy(legacy) && (await stands(workspace, whole, legacy))) {
    const named = await files.named(whole);
    if (named !== undefined) return { path: below, pointer: `${below}.dvc`, ...named, changed: false };
  }
  const { odd, ...content } = await cache.add(whole, (relpath) => refusePointer(path, relpath));
  if (odd.length > 0) workspace.progress.say(`${below} holds ${odd.join(", and ")}: is that meant?`);
  const out = pointed?.outs.find((one) => one.path === below);
  const options = {
    executable: await files.isExecutable(whole),
    ...(before === undefined ? {} : { before }),
    ...(out?.files === undefined ? {} : { listed: out.files }),
  };
  const isSame = before !== undefined && out?.files !== undefined && out.name === content.md5;
  const text = isSame ? before : await printAdded(workspace, basename(below), content, options);
  if (text !== before) await files.write(pointer, text);
  const gitignore = await ignore(workspace, whole);
  return {
    path: below,
    pointer: `${below}.dvc`,
    ...content,
    changed: text !== before,
    ...(gitignore === undefined ? {} : { gitignore: relative(root, gitignore) }),
    ...(odd.length === 0 ? {} : { odd }),
  };
}

/**
 * A pointer file that listed the files of a directory with what a remote calls them goes on doing so, as in
 * DVC: of files that are what they were, the remote has their versions.
 */
async function printAdded(
  { cache }: Workspace,
  path: string,
  content: Named,
  { listed = [], ...options }: Parameters<typeof printPointer>[2] & { listed?: readonly FileEntry[] },
): Promise<string> {
  const text = printPointer(path, content, options);
  const remote = listed.find(({ cloud }) => cloud?.remote !== undefined)?.cloud?.remote;
  if (remote === undefined || !isDirectory(content.md5)) return text;
  const known = keptBefore(listed, remote);
  const files = (await cache.manifest(content.md5)).map(
    ({ relpath, md5 }): KeptFile => ({
      relpath,
      md5,
      ...(known(relpath, md5) ?? { size: cache.open(md5).size }),
    }),
  );
  if (!files.some(({ kept }) => kept !== undefined)) return text;
  return printCloud(text, path, remote, files, `${path}.dvc`);
}

/** What DVC 2 named, and nobody has changed since, keeps its name, as DVC 3 leaves it. */
async function stands({ files, cache }: Workspace, whole: string, name: ObjectName): Promise<boolean> {
  return (await cache.complete(name)) && (await files.holds(whole, name));
}

function refusePointer(path: string, inside: string): void {
  if (!inside.endsWith(".dvc")) return;
  throw new UserError(
    `"${path}" holds "${inside}", so a part of it has a version of its own; move that out or remove it`,
  );
}

async function refuse(workspace: Workspace, path: string, below: string, whole: string): Promise<void> {
  const { files, repo, root } = workspace;
  if (!(await files.exists(whole))) throw new UserError(`"${path}" is not there`);
  const reason = unsafePath(below);
  if (reason !== undefined) throw new UserError(`"${path}" ${reason}; give a file or folder of data`);
  if (below.endsWith(".dvc"))
    throw new UserError(`"${path}" is itself a pointer file; give what it points to`);
  const isOurs = await files.liesBelow(join(whole, "x"), root);
  if (!isOurs && !(await files.liesBelow(join(whole, "x"), workspace.cache.url))) {
    throw new UserError(`"${path}" is a link out of the repository; copy here what it leads to`);
  }
  const own = await pointedVersion(workspace, whole);
  if (own?.namedBy.endsWith("dvc.lock") === true) {
    throw new UserError(
      `"${path}" is an output of the pipeline beside ${own.namedBy}; make it anew with \`dvc repro\`, or take it as it is with \`dvc commit\``,
    );
  }
  const around = await pointedVersion(workspace, dirname(whole));
  if (around !== undefined) {
    throw new UserError(
      `"${path}" lies inside "${around.path}", which has a version as a whole; run \`trainyard add ${around.path}\``,
    );
  }
  if (repo === undefined) return;
  const name = relative(repo.root, whole).replace(/[[\]*?\\]/g, "\\$&");
  const [tracked] = await repo.tracked([name, `${name}/**`]);
  if (tracked !== undefined) {
    throw new UserError(
      `"${path}" is tracked by Git; run \`git rm -r --cached ${below}\`, so that only its pointer is, and add it again`,
    );
  }
}
