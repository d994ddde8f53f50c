import { basename, join } from "node:path";
import { isDirectory, type Md5, type ObjectName } from "../core/artifacts/digest.ts";
import type { Manifest } from "../core/artifacts/manifest.ts";
import type { Favour, Sides } from "../core/artifacts/merge.ts";
import { manifestsWanted, mergePointer } from "../core/artifacts/merge-pointer.ts";
import { mergeStages } from "../core/artifacts/merge-stages.ts";
import { UserError } from "../errors.ts";
import type { History } from "../ports/history.ts";
import { ObjectDamaged, ObjectMissing } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";

/** What became of one file. */
export interface MergedFile {
  /** Below the root of the Git repository. */
  readonly path: string;
  readonly merged: boolean;
  /** A sentence for each collision. */
  readonly conflicts: readonly string[];
}

/** Files whose merging is ours: pointers and locks. */
export function isOurs(path: string): boolean {
  return path.endsWith(".dvc") || ["dvc.lock", "trainyard.lock"].includes(basename(path));
}

/**
 * Decides the pointers and locks that `git merge` left undecided. What collides is left with Git's marks
 * around it.
 *
 * @param options.paths only these, below the root of the Git repository: pointers, locks, the data that
 *   pointers name, or folders with any of them; else all
 * @throws {UserError} for a path with nothing undecided, where something else is
 */
export async function mergeUndecided(
  workspace: Workspace,
  options: { readonly favour?: Favour; readonly paths: readonly string[] },
): Promise<readonly MergedFile[]> {
  const { repo, files } = workspace;
  const history = historyOf(workspace);
  const merged: MergedFile[] = [];
  const undecided = (await history.undecided()).filter(({ path }) => isOurs(path));
  refuseOthers(
    options.paths,
    undecided.map(({ path }) => path),
  );
  for (const { path, base, ours, theirs } of undecided) {
    if (options.paths.length > 0 && !options.paths.some((asked) => isMeant(path, asked))) continue;
    if (ours === undefined || theirs === undefined) {
      merged.push({ path, merged: false, conflicts: [removed(path, ours === undefined)] });
      continue;
    }
    const { text, conflicts } = await mergeTexts(workspace, { base, ours, theirs }, path, options.favour);
    const file = join(repo?.root ?? workspace.root, path);
    const there = await files.read(file);
    if (options.favour === undefined && there !== undefined && isByHand(there, [text, base, ours, theirs])) {
      merged.push({ path, merged: false, conflicts: [decided(path)] });
      continue;
    }
    await files.write(file, text);
    if (conflicts.length === 0) await history.decide(path);
    merged.push({ path, merged: conflicts.length === 0, conflicts });
  }
  return merged;
}

/** Whether somebody who says `asked` means this pointer or lock. */
function isMeant(path: string, asked: string): boolean {
  return asked === "" || path === asked || path === `${asked}.dvc` || path.startsWith(`${asked}/`);
}

/** A path that is mistyped must not look as if it had been decided. */
function refuseOthers(paths: readonly string[], undecided: readonly string[]): void {
  const other = paths.find((asked) => !undecided.some((path) => isMeant(path, asked)));
  if (other === undefined || undecided.length === 0) return;
  throw new UserError(`"${other}" is not undecided; undecided: ${undecided.join(", ")}`);
}

/** Whether somebody made of a file what neither Git nor we leave there. */
function isByHand(there: string, left: readonly (string | undefined)[]): boolean {
  return !left.includes(there) && !/^<{7} /m.test(there);
}

const decided = (path: string): string =>
  `it was changed by hand; take that with \`git add ${path}\`, or begin anew with \`git checkout -m ${path}\``;

function removed(path: string, here: boolean): string {
  const [gone, kept] = here ? ["ours", "theirs"] : ["theirs", "ours"];
  return `it was removed in ${gone} and changed in ${kept}; keep it with \`git add ${path}\`, or remove it with \`git rm ${path}\``;
}

/**
 * Merges the three texts of one file, as Git's merge driver does.
 *
 * @returns the merged text or, with sentences about the collisions, one with Git's marks around them
 */
export async function mergeTexts(
  workspace: Workspace,
  sides: Sides<string>,
  path: string,
  favour?: Favour,
): Promise<{ readonly text: string; readonly conflicts: readonly string[] }> {
  const history = historyOf(workspace);
  if (!path.endsWith(".dvc")) {
    const { text, collisions, left } = mergeStages(sides, path, favour);
    if (collisions.length === 0) return { text, conflicts: [] };
    const [run, names] = [
      path.endsWith("dvc.lock") ? "dvc repro" : "trainyard run",
      collisions.map((c) => c.path),
    ];
    return {
      text: await history.marked({ ...left, base: left.base ?? "" }),
      conflicts: [
        `both sides ran ${names.join(", ")} to different ends; keep either side's, then \`${run}\` says what still stands`,
      ],
    };
  }
  const manifests = await manifestsOf(workspace, manifestsWanted(sides, path));
  const merged = mergePointer(sides, path, manifests, favour);
  if (merged.conflicts.length > 0) {
    const { base = "", ours, theirs } = sides;
    return { text: await history.marked({ base, ours, theirs }), conflicts: merged.conflicts };
  }
  for (const { name, text } of merged.manifests) await keep(workspace, name, text);
  return { text: merged.text, conflicts: [] };
}

/** The manifests that are to be had, from the cache or the remote; no data is fetched. */
async function manifestsOf(
  { cache, remote }: Workspace,
  names: readonly Md5[],
): Promise<ReadonlyMap<string, Manifest>> {
  const missing: ObjectName[] = [];
  for (const name of names) if (isDirectory(name) && !(await cache.has(name))) missing.push(name);
  if (missing.length > 0) {
    try {
      const from = await remote();
      const there = await from.present(missing);
      await from.receive([...there], (name, incoming) => cache.receive(name, incoming));
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // without a remote, what is missing is said
    }
  }
  const found = new Map<string, Manifest>();
  for (const name of names) {
    try {
      found.set(name, await cache.manifest(name));
    } catch (error) {
      if (!(error instanceof ObjectMissing || error instanceof ObjectDamaged)) throw error;
    }
  }
  return found;
}

async function keep({ cache }: Workspace, name: Md5, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  await cache.receive(name, async function* (from = 0) {
    yield bytes.subarray(from);
  });
}

const ATTRIBUTES = [
  "*.dvc merge=trainyard",
  "dvc.lock merge=trainyard",
  "trainyard.lock merge=trainyard",
  ".gitignore merge=union",
];
const DRIVER = "trainyard merge-driver %O %A %B %P";

/** Has `git merge` itself ask us: in `.gitattributes` for everybody, in the configuration for this clone. */
export async function installDriver(workspace: Workspace): Promise<{ readonly changed: readonly string[] }> {
  const history = historyOf(workspace);
  const root = workspace.repo?.root ?? workspace.root;
  await history.configure("merge.trainyard.name", "Trainyard: pointers and locks");
  await history.configure("merge.trainyard.driver", DRIVER);
  const path = join(root, ".gitattributes");
  const before = (await workspace.files.read(path)) ?? "";
  const there = before.split(/\r?\n/);
  const missing = ATTRIBUTES.filter((line) => !there.includes(line));
  if (missing.length === 0) return { changed: [] };
  const end = before === "" || before.endsWith("\n") ? "" : "\n";
  await workspace.files.write(path, `${before}${end}${missing.join("\n")}\n`);
  return { changed: [".gitattributes"] };
}

function historyOf({ root, history }: Workspace): History {
  if (history !== undefined) return history;
  throw new UserError(`${root} is not in a Git repository; there is nothing to merge`);
}
