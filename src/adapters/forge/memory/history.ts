import { createHash } from "node:crypto";
import type { MemoryWorld } from "./world.ts";

/** A commit: its parents and the whole tree, bytes by path. */
export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author?: string | undefined;
  readonly tree: ReadonlyMap<string, Uint8Array>;
}

/** Puts a commit on a branch, which is made where there is none. @returns its name of 40 digits */
export function commitTo(
  world: MemoryWorld,
  branch: string,
  change: {
    readonly message: string;
    readonly author?: string;
    readonly write?: Readonly<Record<string, string | Uint8Array>>;
    readonly remove?: readonly string[];
  },
): string {
  const parent = world.branches.get(branch);
  const tree = new Map(parent === undefined ? [] : world.commits.get(parent)?.tree);
  for (const [path, content] of Object.entries(change.write ?? {})) tree.set(path, Buffer.from(content));
  for (const path of change.remove ?? []) tree.delete(path);

  const hash = createHash("sha1").update(`${world.commits.size} ${parent} ${change.message}`);
  for (const [path, bytes] of [...tree].sort()) hash.update(`\0${path}\0`).update(bytes);
  const sha = hash.digest("hex");
  world.commits.set(sha, {
    sha,
    parents: parent === undefined ? [] : [parent],
    message: change.message,
    author: change.author,
    tree,
  });
  world.branches.set(branch, sha);
  return sha;
}

/** A commit by its name or its branch's. */
export function commitAt(world: MemoryWorld, ref: string): Commit | undefined {
  return world.commits.get(world.branches.get(ref) ?? ref);
}

/** The newest commit that is in both histories. */
export function mergeBaseOf(world: MemoryWorld, base: string, head: string): string | undefined {
  const known = new Set(historyOf(world, base));
  return historyOf(world, head).find((sha) => known.has(sha));
}

/** Paths whose bytes differ between two commits. */
export function changedPaths(world: MemoryWorld, from: string, to: string): string[] {
  const before = commitAt(world, from)?.tree ?? new Map<string, Uint8Array>();
  const after = commitAt(world, to)?.tree ?? new Map<string, Uint8Array>();
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => !same(before.get(path), after.get(path)))
    .sort();
}

function historyOf(world: MemoryWorld, ref: string): string[] {
  const found = new Set<string>();
  let next = [commitAt(world, ref)];
  while (next.length > 0) {
    next = next.flatMap((commit) => {
      if (commit === undefined || found.has(commit.sha)) return [];
      found.add(commit.sha);
      return commit.parents.map((parent) => world.commits.get(parent));
    });
  }
  return [...found];
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
