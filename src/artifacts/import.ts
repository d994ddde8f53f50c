import { basename, join } from "node:path";
import type { Named } from "../core/artifacts/digest.ts";
import { unsafePath } from "../core/artifacts/path.ts";
import { parsePointer } from "../core/artifacts/pointer.ts";
import { printImport } from "../core/artifacts/print-pointer.ts";
import { UserError } from "../errors.ts";
import type { Elsewhere } from "../ports/elsewhere.ts";
import type { Workspace } from "../ports/workspace.ts";
import { bringFrom, nameThere } from "./bring-from.ts";
import { ignore } from "./ignore.ts";
import { workingTree } from "./tree.ts";
import { within } from "./version.ts";

/** What `import` and `update` did; what their `--json` prints. */
export interface Imported {
  /** Below the workspace's root. */
  readonly path: string;
  readonly pointer: string;
  readonly md5: string;
  readonly size: number;
  readonly nfiles?: number;
  readonly commit: string;
  /** Whether the pointer says something new. */
  readonly changed: boolean;
}

export interface ImportRequest {
  /** As it is written to the pointer. */
  readonly url: string;
  readonly revision?: string;
  /** In the other repository. */
  readonly path: string;
  /** Absolute. */
  readonly to: string;
  readonly force: boolean;
}

/**
 * Brings a file or directory of another repository here, and writes down where it came from.
 *
 * @throws {UserError} where something else is in its place
 */
export async function importFrom(
  workspace: Workspace,
  from: Elsewhere,
  { url, revision, path, to, force }: ImportRequest,
): Promise<Imported> {
  const { files, cache, root } = workspace;
  const below = within(workspace, to);
  const reason = unsafePath(below);
  if (reason !== undefined) throw new UserError(`"${below}" ${reason}; give another place with --out`);
  if (!(await files.liesBelow(to, root))) {
    throw new UserError(`"${below}" lies below a link out of the repository; give another place with --out`);
  }
  const pointer = `${to}.dvc`;
  const before = await files.read(pointer);
  const foreign = before === undefined || !parsePointer(before, `${below}.dvc`).imported;
  const taken = (): UserError =>
    new UserError(`there is a "${below}" already; --force overwrites it, --out gives it another place`);
  if (!force && foreign && before !== undefined) throw taken();
  const isThere = await files.exists(to);
  const there = await files.named(to);
  if (!force && before === undefined && isThere) {
    // An import that was killed leaves the whole without a pointer: the next one goes on.
    if (there === undefined || there.md5 !== (await nameThere(from, path, cache))) throw taken();
  }
  const known =
    before === undefined || foreign ? undefined : parsePointer(before, `${below}.dvc`).outs[0]?.name;
  if (!force && before !== undefined && there !== undefined && there.md5 !== known) {
    throw new UserError(`"${below}" was changed here; --force overwrites it`);
  }
  if (isThere) await bringFrom(from, path, to, workspace);
  else await bringWhole(workspace, from, path, to);
  const { odd: _odd, ...content }: Named & { odd: readonly string[] } = await cache.add(to);
  const text = printImport({
    path: basename(below),
    content,
    executable: await files.isExecutable(to),
    from: {
      path,
      repo: { url, ...(revision === undefined ? {} : { rev: revision }), revLock: from.commit },
    },
    frozen: true,
    ...(foreign || before === undefined ? {} : { before }),
  });
  if (text !== before) await files.write(pointer, text);
  await ignore(workspace, to);
  return { path: below, pointer: `${below}.dvc`, ...content, commit: from.commit, changed: text !== before };
}

/** As `bringFrom`, and nothing is there before all of it is. */
async function bringWhole(workspace: Workspace, from: Elsewhere, path: string, to: string): Promise<void> {
  const { files } = workspace;
  const folder = await files.draft();
  try {
    const draft = join(folder, "whole");
    await bringFrom(from, path, draft, workspace);
    await files.replace(draft, to);
  } finally {
    await files.remove(folder);
  }
}

/** An import of the working tree. */
export interface KnownImport {
  readonly pointer: string;
  /** Absolute path of what it points to. */
  readonly to: string;
  readonly url: string;
  readonly path: string;
  readonly revision?: string;
}

/**
 * The imports from other repositories, all or those of some pointers.
 *
 * @param targets pointers or what they point to, below the root; all where there are none
 * @throws {UserError} where one of them is none
 */
export async function knownImports(
  workspace: Workspace,
  targets: readonly string[],
): Promise<readonly KnownImport[]> {
  const tree = workingTree(workspace);
  const found: KnownImport[] = [];
  for (const [pointer, text] of await tree.readAll(await tree.files(["**/*.dvc"]))) {
    const { deps, outs } = parsePointer(text, pointer);
    const [dep, out] = [deps[0], outs[0]];
    if (dep?.repo === undefined || dep.path === undefined || out === undefined) continue;
    found.push({
      pointer,
      to: join(workspace.root, out.path),
      url: dep.repo.url,
      path: dep.path,
      ...(dep.repo.rev === undefined ? {} : { revision: dep.repo.rev }),
    });
  }
  if (targets.length === 0) return found;
  return targets.map((target) => {
    const path = within(workspace, target);
    const one = found.find(({ pointer, to }) => pointer === path || to === join(workspace.root, path));
    if (one !== undefined) return one;
    throw new UserError(
      `"${target}" was not imported from another repository; \`trainyard add\` is for what was made here`,
    );
  });
}
