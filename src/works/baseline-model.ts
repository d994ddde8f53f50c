import { join } from "node:path";
import { fetch } from "../artifacts/transfer.ts";
import type { Contract } from "../config/contract.ts";
import { canonical } from "../core/artifacts/canonical.ts";
import type { Lock } from "../core/artifacts/lock.ts";
import type { Scored } from "../core/measures/scored.ts";
import type { Report } from "../core/report/report.ts";
import { UserError } from "../errors.ts";
import { readLock } from "../pipeline/lock-file.ts";
import type { Engine } from "../ports/engine.ts";
import { ObjectMissing } from "../ports/remote.ts";
import type { Baseline } from "./baseline.ts";
import { type OpenBundle, openBundle } from "./bundles.ts";
import type { StageProject } from "./project.ts";
import { type Side, scoreSide } from "./score.ts";

/** The baseline's scores on the holdout rows, or why there are none. */
export interface BaselineAnswer {
  readonly answer: Report["baseline"];
  readonly scored?: Scored;
  /** The same for the validation rows, where slices are searched and it answers for any row. */
  readonly validation?: Scored;
}

/** Asks the baseline, with its own recipe, about the candidate's holdout rows. */
export async function askBaseline(
  project: StageProject,
  engine: Engine,
  baseline: Baseline | undefined,
  candidate: OpenBundle,
): Promise<BaselineAnswer> {
  if (baseline === undefined) return { answer: { state: "none", reason: null, commit: null, digest: null } };
  const { md5, sha256 } = baseline.model;
  const named = { commit: baseline.commit, digest: { md5, sha256 } };
  try {
    const reason = seen(project.contract, await readLock(project, project.folder), baseline.lock);
    if (reason !== undefined) return { answer: { state: "not comparable", reason, ...named } };
    const model = await openBundle(project.ports, engine, await checkedOut(project, baseline));
    try {
      const different = differs(candidate, model);
      if (different !== undefined)
        return { answer: { state: "not comparable", reason: different, ...named } };
      const ask = (side: Side) => scoreSide(engine, model, project.contract, side, candidate.bundle.classes);
      const scored = await ask("holdout");
      const searched = project.contract.evaluate.slices !== undefined && model.general;
      return {
        answer: { state: "compared", reason: null, ...named },
        scored,
        ...(searched ? { validation: await ask("validation") } : {}),
      };
    } finally {
      await model.close();
    }
  } catch (error) {
    // The base may name columns that are gone, or bytes that nobody has: an answer, not a failure.
    if (error instanceof UserError)
      return { answer: { state: "not comparable", reason: error.message, ...named } };
    throw error;
  }
}

/** The baseline's folder, fetched by digest and checked on the way. */
async function checkedOut(project: StageProject, { model }: Baseline): Promise<string> {
  const { cache, folder } = project;
  const path = join(folder, ".trainyard", "baselines", model.md5.slice(0, 32));
  if (!(await cache.complete(model.md5))) {
    const remote = await project.remote().catch(() => undefined);
    if (remote === undefined) throw new ObjectMissing(model.md5, cache.url);
    await fetch(model.md5, cache, remote);
  }
  await cache.checkout(model.md5, path);
  return path;
}

/** Why the baseline may have been trained on rows that are held back now; null where it was not. */
function seen({ split }: Contract, lock: Lock, base: Lock): string | undefined {
  const rules = (from: Lock): string =>
    canonical(
      (from.get("prepare")?.in ?? [])
        .filter(
          ({ name }) => name.startsWith("split.") || name === "data.roles.group" || name === "data.roles.id",
        )
        .map(({ name, value }) => [name, value ?? null]),
    );
  if (rules(lock) !== rules(base))
    return "the split is another one, so it may have been trained on these rows";
  const rows = (from: Lock): string => from.get("prepare")?.out[0]?.sha256 ?? "";
  if (split.by === "random" && rows(lock) !== rows(base)) {
    return "the rows changed and the split is random, so it may have been trained on these rows";
  }
  return undefined;
}

function differs({ bundle }: OpenBundle, { bundle: base }: OpenBundle): string | undefined {
  if (base.task !== bundle.task) return `its task is ${base.task}`;
  if (base.label !== bundle.label) return `it predicts "${base.label}"`;
  if (base.classes.join("\0") !== bundle.classes.join("\0")) return "its classes are others";
  return undefined;
}
