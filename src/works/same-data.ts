import { join, relative, sep } from "node:path";
import { pointedVersion, type Version } from "../artifacts/version.ts";
import type { Contract } from "../config/contract.ts";
import { digitsOf } from "../core/artifacts/digest.ts";
import type { Lock } from "../core/artifacts/lock.ts";
import { joinPath } from "../core/artifacts/path.ts";
import { parsePointer } from "../core/artifacts/pointer.ts";
import { dataFiles } from "../pipeline/ingredients.ts";
import type { GivenTree } from "./given-tree.ts";
import { softly } from "./softly.ts";

/** A contract as far as it reads data. */
export interface Reader {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly sources: Contract["data"]["sources"];
  /** What a run before this one read; empty where it is not believed. */
  readonly lock: Lock;
}

/** By what a data file is known again. */
interface Signs {
  /** Its path, its digests, and where it was imported from: `path data/a.csv`, `md5 0f…`, `from URL a.csv`. */
  readonly own: ReadonlySet<string>;
  /** The folders and the versions of folders that it lies in, for those of whom no more is known: `in data`. */
  readonly around: ReadonlySet<string>;
}

/** The data files of a contract with their signs, by their paths from the tree's top. */
export type DataFiles = ReadonlyMap<string, Signs>;

/**
 * Tells which data files a contract reads, and by what they are known again under another path. Nothing is
 * fetched: of a file that is not here, its pointer and the lock say what it is.
 */
export async function readData(tree: GivenTree, { folder, sources, lock }: Reader): Promise<DataFiles> {
  const found = new Map<string, Signs>();
  const below = relative(tree.top, folder).split(sep).join("/");
  for (const { path } of Object.values(sources)) {
    const names = await softly(() => dataFiles({ ...tree.workspace, folder, lock }, path));
    if (names === undefined) found.set(joinPath(below, path), await signsOfGlob(tree, folder, path));
    for (const name of names ?? []) found.set(joinPath(below, name), await signsOf(tree, join(folder, name)));
  }
  for (const { kind, name, md5 } of lock.get("ingest")?.in ?? []) {
    if (kind !== "data") continue;
    const path = joinPath(below, name);
    const known = found.get(path) ?? { own: new Set([`path ${path}`]), around: new Set() };
    found.set(path, { ...known, own: new Set([...known.own, ...(md5 === undefined ? [] : [`md5 ${md5}`])]) });
  }
  return found;
}

/**
 * The paths of their files that are read here as well: under the same path, with the same bytes, or from the
 * same place elsewhere.
 */
export function sharedFiles(ours: DataFiles, theirs: DataFiles): ReadonlySet<string> {
  const known = new Set([...ours.values()].flatMap(({ own, around }) => [...own, ...around]));
  const shared = [...theirs].filter(([, { own }]) => [...own].some((sign) => known.has(sign)));
  return new Set(shared.map(([path]) => path));
}

async function signsOf(tree: GivenTree, whole: string): Promise<Signs> {
  const { files } = tree.workspace;
  const path = fromTop(tree, whole);
  const pointed = await versionAround(tree, whole);
  const own = new Set([`path ${path}`]);
  for (const sign of pointed?.signs ?? []) own.add(sign);
  const content = await files.content(whole);
  if (content !== undefined) own.add(`md5 ${content.md5}`);
  const parts = path.split("/").slice(0, -1);
  const around = new Set(["in .", ...parts.map((_, index) => `in ${parts.slice(0, index + 1).join("/")}`)]);
  if (pointed !== undefined && pointed.inner !== "") around.add(`in ${digitsOf(pointed.version.name)}`);
  return { own, around };
}

/** Of a glob whose files are not here: whatever lies where its first sign begins may be one of them. */
async function signsOfGlob(tree: GivenTree, folder: string, glob: string): Promise<Signs> {
  const parts = glob.split("/");
  const start = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  const whole = join(folder, ...parts.slice(0, Math.max(start, 0)));
  const own = new Set([`in ${fromTop(tree, whole) || "."}`]);
  const pointed = await versionAround(tree, join(whole, "x"));
  if (pointed !== undefined) own.add(`in ${digitsOf(pointed.version.name)}`);
  return { own, around: new Set() };
}

interface Pointed {
  readonly version: Version;
  /** What of the path lies inside of it, with `/` before it; empty for the version itself. */
  readonly inner: string;
  readonly signs: readonly string[];
}

async function versionAround({ workspace }: GivenTree, whole: string): Promise<Pointed | undefined> {
  const version = await softly(() => pointedVersion(workspace, whole));
  if (version === undefined) return undefined;
  const inside = relative(join(workspace.root, version.path), whole).split(sep).join("/");
  const inner = inside === "" ? "" : `/${inside}`;
  const text = version.namedBy.endsWith(".dvc")
    ? await workspace.files.read(join(workspace.root, version.namedBy))
    : undefined;
  const deps = text === undefined ? [] : parsePointer(text, version.namedBy).deps;
  const from = deps.flatMap(({ path, repo }) =>
    path === undefined ? [] : [`from ${repo?.url ?? ""} ${path}${inner}`],
  );
  return { version, inner, signs: [`md5 ${digitsOf(version.name)}${inner}`, ...from] };
}

const fromTop = ({ top }: GivenTree, whole: string): string => relative(top, whole).split(sep).join("/");
