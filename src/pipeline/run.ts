import { join, relative, sep } from "node:path";
import { bring } from "../artifacts/bring.ts";
import type { LockedOutput, StageLock } from "../core/artifacts/lock.ts";
import { EXIT, UserError } from "../errors.ts";
import { assess, remoteOf, upTo } from "./assess.ts";
import { readLock, writeLock } from "./lock-file.ts";
import { perform } from "./perform.ts";
import type { Project, RunOptions, RunResult, Work, WorkResult } from "./work.ts";

/**
 * Runs works in order and skips those that stand. After each that was performed the lock is written,
 * so that a run that ends at any moment is taken up after the last finished work.
 *
 * One run at a time in a workspace; another one waits.
 */
export async function runWorks<P extends Project>(
  works: readonly Work<P>[],
  project: P,
  options: RunOptions = {},
): Promise<RunResult> {
  const chosen = upTo(works, options.until);
  return project.alone("run", async () => {
    const lock = new Map(await readLock(project, project.folder));
    const made = new Map<string, readonly LockedOutput[]>();
    const results: WorkResult[] = [];
    const absent = new Map<string, readonly LockedOutput[]>();
    let stoppedBy: string | undefined;

    const end = (result: WorkResult): void => {
      results.push(result);
      options.onStage?.({ type: "ends", result });
    };

    for (const work of chosen) {
      const { name } = work;
      if (options.signal?.aborted === true) throw new UserError("interrupted", { exit: EXIT.interrupted });
      if (stoppedBy !== undefined) {
        end({ work: name, outcome: "blocked", why: [`${stoppedBy} failed`], facts: {}, outputs: [] });
        continue;
      }
      const now = { ...project, lock };
      const found = await assess(work, now, lock, made);
      const why = found.entry !== undefined && isForced(name, options) ? ["was asked for"] : found.why;
      let entry = found.entry;
      if (entry === undefined || why.length > 0) {
        options.onStage?.({ type: "begins", work: name, why });
        for (const need of work.needs) {
          await restore(project, absent.get(need) ?? []);
          absent.delete(need);
        }
        entry = await perform(work, now, found, lock, made);
        lock.set(name, entry);
        await writeLock(project.files, project.folder, inOrder(works, lock));
        end(resultOf(name, "performed", why, entry));
      } else {
        const wanted = found.absent.filter(({ kind }) => kind !== "work");
        if (wanted.length > 0)
          options.onStage?.({
            type: "begins",
            work: name,
            why: wanted.map(({ path }) => `${path} is fetched by its digest`),
          });
        await restore(project, wanted);
        absent.set(
          name,
          found.absent.filter(({ kind }) => kind === "work"),
        );
        end(resultOf(name, wanted.length > 0 ? "restored" : "stood", [], entry));
      }
      made.set(name, entry.out);
      if (work.stops === true && entry.verdict === "fail") stoppedBy = name;
    }
    return { works: results, lock: inOrder(works, lock), ...(stoppedBy === undefined ? {} : { stoppedBy }) };
  });
}

function isForced(name: string, { force }: RunOptions): boolean {
  return force === true || (Array.isArray(force) && force.includes(name));
}

/** Puts outputs back as they were made. */
async function restore(project: Project, outputs: readonly LockedOutput[]): Promise<void> {
  for (const { path, md5, sha256, size } of outputs) {
    const below = relative(project.root, join(project.folder, path)).split(sep).join("/");
    const version = {
      path: below,
      name: md5,
      sha256,
      size,
      executable: false,
      cached: true,
      pushed: true,
      namedBy: "trainyard.lock",
    };
    const remote = await remoteOf(project);
    const brought = await bring(project, version, {
      force: true,
      ...(remote === undefined ? {} : { remote: async () => remote }),
    });
    if (brought.outcome === "missing") throw new UserError(`"${path}": ${brought.reason}`);
  }
}

/** Entries of works that there are, in the works' order. */
function inOrder<P extends Project>(
  works: readonly Work<P>[],
  lock: ReadonlyMap<string, StageLock>,
): Map<string, StageLock> {
  const ordered = new Map<string, StageLock>();
  for (const { name } of works) {
    const entry = lock.get(name);
    if (entry !== undefined) ordered.set(name, entry);
  }
  return ordered;
}

function resultOf(
  work: string,
  outcome: WorkResult["outcome"],
  why: readonly string[],
  { facts, verdict, out }: StageLock,
): WorkResult {
  return { work, outcome, why, facts, outputs: out, ...(verdict === undefined ? {} : { verdict }) };
}
