import { assess, type Made, upTo } from "./assess.ts";
import { readLock } from "./lock-file.ts";
import type { Project, Work, WorkStatus } from "./work.ts";

/**
 * What a run would do to each work, and why, without doing it. Data files that only a pointer names
 * are fetched where the lock does not know them.
 */
export async function plan<P extends Project>(
  works: readonly Work<P>[],
  project: P,
  options: { readonly until?: string } = {},
): Promise<readonly WorkStatus[]> {
  const lock = await readLock(project, project.folder);
  const made = new Map<string, Made extends ReadonlyMap<string, infer Out> ? Out : never>();
  const statuses: WorkStatus[] = [];
  const stateOf = (name: string): WorkStatus["state"] | undefined =>
    statuses.find(({ work }) => work === name)?.state;
  let stoppedBy: string | undefined;

  for (const work of upTo(works, options.until)) {
    const { name } = work;
    if (stoppedBy !== undefined) {
      statuses.push({ work: name, state: "blocked", why: [`${stoppedBy} failed`] });
      continue;
    }
    // Of works that run, the lock's outputs stand for those to come: they may well be the same.
    const { why, entry, absent } = await assess(work, { ...project, lock }, lock, made);
    made.set(name, entry?.out ?? lock.get(name)?.out ?? []);
    const before = work.needs.filter((need) => ["runs", "depends"].includes(stateOf(need) ?? ""));
    if (entry === undefined) {
      statuses.push({ work: name, state: "runs", why });
      continue;
    }
    const verdict = entry.verdict === undefined ? {} : { verdict: entry.verdict };
    if (before.length > 0) {
      statuses.push({
        work: name,
        state: "depends",
        why: before.map((need) => `${need} may make something else`),
      });
      continue;
    }
    const fetched = absent.map(({ path }) => `${path} is fetched by its digest`);
    const state = absent.some(({ kind }) => kind !== "work") ? "restores" : "stands";
    statuses.push({ work: name, state, why: fetched, ...verdict });
    if (work.stops === true && entry.verdict === "fail") stoppedBy = name;
  }
  return statuses;
}
