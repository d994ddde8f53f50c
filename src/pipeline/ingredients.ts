import { join, relative, sep } from "node:path";
import { ensure, mismatch } from "../artifacts/ensure.ts";
import { pointedVersion, type Version } from "../artifacts/version.ts";
import { canonical } from "../core/artifacts/canonical.ts";
import { digestOf, isLegacy, type Sha256 } from "../core/artifacts/digest.ts";
import type { Ingredient, Json, Kind } from "../core/artifacts/ingredient.ts";
import type { Lock } from "../core/artifacts/lock.ts";
import { type Place as Position, UserError } from "../errors.ts";
import { VERSION } from "../version.ts";
import type { Project } from "./work.ts";

/** What the helpers need of a project. */
type Place = Pick<
  Project,
  | "root"
  | "folder"
  | "files"
  | "cache"
  | "remote"
  | "contractRemote"
  | "repo"
  | "history"
  | "progress"
  | "alone"
  | "lock"
>;

/**
 * The data files that a path or glob of the contract names.
 *
 * A file that is not there but has a pointer need not be fetched to know whether it changed: the
 * pointer's md5, found in the lock, says which sha256 it had.
 *
 * @param path relative to the contract's folder
 * @param at where the contract names it
 * @throws {UserError} where no file matches, or one is not what its pointer says
 */
export async function dataIngredients(
  project: Place,
  path: string,
  at?: Position,
): Promise<readonly Ingredient[]> {
  const names = await dataFiles(project, path, at);
  return Promise.all(names.map((name) => dataIngredient(project, name, at)));
}

/** The data files that a path or glob stands for, there or only pointed to; relative to the contract's folder, sorted. */
export async function dataFiles(
  { files, folder }: Place,
  path: string,
  at?: Position,
): Promise<readonly string[]> {
  const found = await files.find(folder, [path, `${path}.dvc`]);
  const names = new Set(
    found.map((name) => (name.endsWith(".dvc") && !path.endsWith(".dvc") ? name.slice(0, -4) : name)),
  );
  if (names.size > 0) return [...names].sort();
  if (!/[*?[\]{}()!]/.test(path)) return [path]; // inside of a directory with a pointer, or missing
  const message = `no file matches "${path}" in ${folder}, and no pointer file does`;
  throw new UserError(message, at === undefined ? {} : { at });
}

/** One data file; see `dataIngredients`. */
async function dataIngredient(project: Place, path: string, at?: Position): Promise<Ingredient> {
  const { files, folder, root, lock } = project;
  const whole = join(folder, path);
  const ingredient = { kind: "data" as const, name: path, reason: "the rows are read from it" };
  const version = await pointedVersion(project, whole);
  if (version !== undefined && relative(root, whole).split(sep).join("/") === version.path) {
    const there = await files.content(whole);
    if (there !== undefined && there.md5 !== version.name) throw mismatch(version, there.md5);
    const long = there === undefined ? knownSha256(lock, version) : there.sha256;
    const size = there?.size ?? version.size;
    const short = there?.md5 ?? version.name;
    if (long !== undefined && !isLegacy(short)) {
      return { ...ingredient, md5: short, sha256: long, ...(size === undefined ? {} : { size }) };
    }
  }
  if (version === undefined && !(await files.liesBelow(join(whole, "x"), root))) {
    throw new UserError(
      `"${path}" is or lies below a link that leads out of the repository; copy the data into it`,
    );
  }
  if (version === undefined && at !== undefined && !(await files.exists(whole)))
    throw new UserError(`"${path}" is not there, and no "${path}.dvc" names a version of it`, { at });
  await ensure(project, whole);
  const content = await files.content(whole);
  if (content === undefined) throw new UserError(`"${path}" is not there`);
  return { ...ingredient, md5: content.md5, sha256: content.sha256, size: content.size };
}

/** The sha256 that a lock's data of this md5 had. */
function knownSha256(lock: Lock, { name }: Version): Sha256 | undefined {
  for (const stage of lock.values()) {
    const same = stage.in.find((one) => one.kind === "data" && one.md5 === name);
    if (same?.sha256 !== undefined) return same.sha256;
  }
  return undefined;
}

/**
 * Code files, one ingredient each, so that the reason can name the one that changed.
 *
 * @param globs relative to the contract's folder; where they are left out, all files that Git tracks
 *   below it but documentation, pointers, locks and contracts
 * @throws {UserError} where a glob matches nothing, since a change of what it should have meant would go unseen
 */
export async function codeIngredients(
  project: Place,
  globs?: readonly string[],
): Promise<readonly Ingredient[]> {
  const names = globs === undefined ? await trackedCode(project) : await globbedCode(project, globs);
  return Promise.all(
    names.map((name) => fileIngredient(project, "code", name, "the training command may run it")),
  );
}

async function globbedCode({ files, folder }: Place, globs: readonly string[]): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const glob of globs) {
    const found = await files.find(folder, [glob]);
    if (found.length === 0) throw new UserError(`no file matches "${glob}" under train.code`);
    for (const name of found) names.add(name);
  }
  return [...names].sort();
}

/** Never code: what people read, and what is an ingredient of another kind. */
const NOT_CODE =
  /(\.(md|rst|txt|adoc|dvc)|(^|\/)(trainyard\.(lock|ya?ml)|LICENSE|\.gitignore|\.dvcignore))$|(^|\/)(docs|\.dvc|\.github|dvclive)\//i;

async function trackedCode({ files, folder, repo }: Place): Promise<readonly string[]> {
  if (repo === undefined) {
    throw new UserError(
      "outside of a Git repository nobody knows which files are code; name them under train.code",
    );
  }
  const prefix = relative(repo.root, folder).split(sep).join("/");
  const tracked = await repo.tracked([prefix === "" ? "**" : `${prefix}/**`]);
  const names = tracked.map((path) => (prefix === "" ? path : path.slice(prefix.length + 1)));
  const there = await Promise.all(names.map((name) => files.exists(join(folder, name))));
  return names.filter((name, index) => there[index] === true && !NOT_CODE.test(name));
}

/** The file that fixes the environment, such as `uv.lock`. @throws {UserError} where it is not there */
export async function environmentIngredient(project: Place, file: string): Promise<Ingredient> {
  return fileIngredient(project, "environment", file, "it fixes the versions that the command runs with");
}

async function fileIngredient(
  { files, folder }: Place,
  kind: Kind,
  name: string,
  reason: string,
): Promise<Ingredient> {
  const content = await files.content(join(folder, name));
  if (content === undefined) throw new UserError(`"${name}" is not there`);
  return { kind, name, md5: content.md5, sha256: content.sha256, size: content.size, reason };
}

/**
 * Parameters as values, one ingredient for each leaf, so that a lock shows what they were and a
 * status says what changed. Lists of plain values are leaves.
 *
 * @param prefix where the value stands in the contract: `features`
 *
 * @example parameterIngredients([{ scale: ["age"] }], "features", "r").map(({ name }) => name) // => ["features.0.scale"]
 * @example parameterIngredients({ a: { b: 1 }, c: [] }, "train", "r").map(({ name }) => name) // => ["train.a.b", "train.c"]
 */
export function parameterIngredients(value: unknown, prefix: string, reason: string): readonly Ingredient[] {
  if (value === undefined) return [];
  const parts = Object.entries((value ?? {}) as object);
  const isLeaf =
    typeof value !== "object" || parts.length === 0 || (Array.isArray(value) && value.every(isPlain));
  if (!isLeaf) return parts.flatMap(([key, part]) => parameterIngredients(part, `${prefix}.${key}`, reason));
  const leaf = value as Json;
  const text = canonical(leaf);
  if (text.length <= LARGEST_VALUE) return [{ kind: "parameters", name: prefix, value: leaf, reason }];
  return [{ kind: "parameters", name: prefix, sha256: digestOf(text).sha256, size: text.length, reason }];
}

/** Longer values are in the lock by their digest: it is read by people. */
const LARGEST_VALUE = 2000;

function isPlain(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

/** What computes: `tensorflow.js 4.22.0 (wasm)`, `duckdb 1.5.6`. */
export function backendIngredient(name: string): Ingredient {
  return { kind: "backend", name, value: name, reason: "another one rounds differently" };
}

/** Trainyard itself. */
export function toolIngredient(): Ingredient {
  return {
    kind: "tool",
    name: "trainyard",
    value: VERSION,
    reason: "another version may compute differently",
  };
}
