import { dueModels } from "../../core/schedule/due.ts";
import { EXIT, UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import { openProjects, type StageProject } from "../../works/project.ts";

/** The contracts that a run is for. */
export interface DueProjects {
  readonly projects: readonly StageProject[];
  /** What is wrong with the workflow's schedule. */
  readonly note: string | undefined;
}

/**
 * The contracts with `monitor:` that a run is for: one that was named, those of the schedule's line, or
 * all.
 *
 * @throws {UserError} exit 2 where there is none
 */
export async function dueProjects(
  ports: Ports,
  contract: string | undefined,
  asked: string | undefined,
): Promise<DueProjects> {
  const all = (await openProjects(ports, { contract })).filter((one) => one.contract.monitor !== undefined);
  if (all.length === 0) {
    throw new UserError(
      "no contract here says how production is looked at; say `monitor: { predictions: … }`",
      { exit: EXIT.usage },
    );
  }
  const known = all.map(({ contract: { model, monitor } }) => ({ model, every: monitor?.every ?? "daily" }));
  const { models, note } = dueModels(ports.host.event, known, "monitor", asked);
  const projects = all.filter((one) => models.includes(one.contract.model));
  if (projects.length > 0) return { projects, note };
  const names = known.map(({ model }) => model).join(", ");
  throw new UserError(`no contract with \`monitor:\` is of the model that was named; there are ${names}`, {
    exit: EXIT.usage,
  });
}
