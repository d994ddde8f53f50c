import { join, resolve } from "node:path";
import { fetch } from "../../artifacts/transfer.ts";
import { monitoredEnvironment } from "../../core/deployments/environments.ts";
import type { Reference } from "../../core/drift/reference.ts";
import type { Measurement } from "../../core/triage/measurement.ts";
import { UserError } from "../../errors.ts";
import type { Forge } from "../../ports/forge.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { driftSettings, measure, referenceOf, windowOf } from "../monitor-measure.ts";
import type { StageProject } from "../project.ts";
import { checkoutSource, forgeSource, type Target } from "../serve/source.ts";

/** What serves in the environment that a contract has looked at, and what it was trained on. */
export interface Approved {
  readonly environment: string;
  readonly served: Measurement["served"];
  /** Undefined where nothing serves, or the model was packaged without one. */
  readonly reference: Reference | undefined;
  /** Who says so, for messages. */
  readonly source: string;
}

/**
 * Finds what was approved to serve; its reference comes out of those very bytes, found by their digest.
 *
 * @param forge says what was approved; this checkout's `deployments/` where absent
 * @throws {UserError} where the contract names no environment, or the bytes are not to be had
 */
export async function approvedFor(project: StageProject, forge: Forge | undefined): Promise<Approved> {
  const { contract, ports, repo, files } = project;
  const { model } = contract;
  const environment = monitoredEnvironment(contract);
  if (environment === undefined) {
    throw new UserError(
      `"${model}" is deployed nowhere that could be looked at; say where with \`deploy:\`, or \`monitor: { environment: … }\``,
      { at: project.parsed.place(["monitor"]) },
    );
  }
  const source =
    forge === undefined
      ? checkoutSource({ root: repo?.root ?? ports.folder, files }, environment)
      : forgeSource(async () => forge, { repository: forge.repository, environment, by: [] });
  const target = await source.wanted(model);
  return {
    environment,
    served: target === undefined ? null : { sha256: target.digest.sha256, version: target.version ?? null },
    reference: target === undefined ? undefined : await referenceAt(project, target),
    source: source.name,
  };
}

/** Looks at what a model was asked where its contract says, beside what it was trained on. */
export async function look(project: StageProject, approved: Approved): Promise<Measurement> {
  const { contract, folder, ports } = project;
  const { model, monitor } = contract;
  if (monitor === undefined) throw new UserError(`"${model}" has no \`monitor:\` in its contract`);
  const { environment, served, reference, source } = approved;
  const measured = await measure(ports, {
    log: resolve(folder, monitor.predictions),
    reference,
    model,
    environment,
    served,
    window: windowOf(monitor.window),
    now: ports.now(),
    settings: driftSettings(monitor),
  });
  if (served !== null) return measured;
  return { ...measured, why: `nothing of "${model}" is served yet, by ${source}` };
}

/** The reference of the approved bytes, and of no others. */
async function referenceAt(workspace: Workspace, { digest }: Target): Promise<Reference | undefined> {
  const { cache, files } = workspace;
  if (!(await cache.complete(digest.md5))) await fetch(digest.md5, cache, await workspace.remote());
  const drafts = await files.draft();
  try {
    const model = join(drafts, "model");
    await cache.checkout(digest.md5, model, { sha256: digest.sha256 });
    return await referenceOf(model);
  } finally {
    await files.remove(drafts);
  }
}
