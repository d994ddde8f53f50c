import { join } from "node:path";
import { isWithin } from "../artifacts/transfer.ts";
import { compareIngredients } from "../core/artifacts/changes.ts";
import type { Sha256 } from "../core/artifacts/digest.ts";
import { fingerprint } from "../core/artifacts/fingerprint.ts";
import type { Ingredient } from "../core/artifacts/ingredient.ts";
import type { Lock, LockedOutput, StageLock } from "../core/artifacts/lock.ts";
import { UserError } from "../errors.ts";
import type { Remote } from "../ports/remote.ts";
import type { Output, Project, Work } from "./work.ts";

/** What goes into a work now, and whether the lock knows what comes out of that. */
export interface Assessment {
  readonly ingredients: readonly Ingredient[];
  readonly fingerprint: Sha256;
  /** Why it must be performed; empty where it stands. */
  readonly why: readonly string[];
  /** The lock's entry, where it stands. */
  readonly entry?: StageLock;
  /** Outputs that stand in the lock but not in the folder; all of them can be fetched. */
  readonly absent: readonly (LockedOutput & Pick<Output, "kind">)[];
}

/** What the works before one left, by the names of the works. */
export type Made = ReadonlyMap<string, readonly LockedOutput[]>;

/** Compares what goes into a work with the lock. Reads no file that did not change. */
export async function assess<P extends Project>(
  work: Work<P>,
  project: P,
  lock: Lock,
  made: Made,
): Promise<Assessment> {
  const ingredients = [
    ...(await work.ingredients(project)),
    ...work.needs.flatMap((need) => fromWork(need, made)),
  ];
  const outputs = work.outputs(project);
  const print = fingerprint(
    work.name,
    ingredients,
    outputs.map(({ path }) => path),
  );
  const known = { ingredients, fingerprint: print };
  const entry = lock.get(work.name);
  if (entry === undefined) return { ...known, why: ["was never run"], absent: [] };
  if (entry.fingerprint !== print) {
    const changes = compareIngredients(entry.in, ingredients).map(({ text }) => text);
    return { ...known, why: changes.length > 0 ? changes : ["its outputs were to be elsewhere"], absent: [] };
  }
  const { absent, lost } = await lookFor(project, entry.out, outputs);
  return lost.length > 0 ? { ...known, why: lost, absent: [] } : { ...known, why: [], entry, absent };
}

function fromWork(need: string, made: Made): readonly Ingredient[] {
  return (made.get(need) ?? []).map(({ path, md5, sha256, size }) => ({
    kind: "stage",
    name: `${need}: ${path}`,
    md5,
    sha256,
    size,
    reason: `${need} makes it`,
  }));
}

async function lookFor(
  project: Project,
  locked: readonly LockedOutput[],
  outputs: readonly Output[],
): Promise<{ absent: Assessment["absent"]; lost: readonly string[] }> {
  const absent: Assessment["absent"][number][] = [];
  const lost: string[] = [];
  for (const one of locked) {
    const there = await project.files.content(join(project.folder, one.path));
    if (there?.sha256 === one.sha256) continue;
    const kind = outputs.find(({ path }) => path === one.path)?.kind ?? "work";
    if (await isWithin(one.md5, project.cache, await remoteOf(project))) absent.push({ ...one, kind });
    else
      lost.push(
        `${one.path} is ${there === undefined ? "missing" : "not what was made"}, and no cache or remote has it`,
      );
  }
  return { absent, lost };
}

/** The remote, where one is configured that we can use. */
export async function remoteOf(project: Pick<Project, "remote">): Promise<Remote | undefined> {
  try {
    return await project.remote();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The works up to one, in order, with all that it needs; all of them without a name. */
export function upTo<P extends Project>(
  works: readonly Work<P>[],
  until: string | undefined,
): readonly Work<P>[] {
  const seen = new Set<string>();
  for (const { name, needs } of works) {
    const unknown = needs.find((need) => !seen.has(need));
    if (unknown !== undefined) throw new Error(`${name} needs ${unknown}, which does not come before it`);
    seen.add(name);
  }
  if (until === undefined) return works;
  if (!seen.has(until)) {
    throw new UserError(`no stage "${until}"; there are ${[...seen].join(", ")}`, { exit: 2 });
  }
  const wanted = new Set([until]);
  for (const { name, needs } of [...works].reverse()) {
    if (wanted.has(name)) for (const need of needs) wanted.add(need);
  }
  return works.filter(({ name }) => wanted.has(name));
}
