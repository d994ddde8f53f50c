import { parseContract } from "../config/parse.ts";
import { cronLines, type Scheduled } from "../core/schedule/cron.ts";
import { type ScheduleLine, withSchedule } from "../core/schedule/workflow.ts";
import { UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { TemplateFile } from "../ports/templates.ts";
import { CONTRACT, contractPaths } from "./contract-paths.ts";
import { openContract } from "./project.ts";

/** Which models of a repository are looked at and retrained, and how often. */
export interface Schedules {
  readonly monitored: readonly Scheduled[];
  readonly retrained: readonly Scheduled[];
  /** Whether there is a model that can be retrained at all, if only when asked for. */
  readonly retrainable: boolean;
}

type Said = Pick<Awaited<ReturnType<typeof openContract>>["contract"], "model" | "monitor" | "retrain">;

/** The schedules that the contracts here ask for, and those that are about to be written. */
export async function schedulesOf(ports: Ports, made: readonly TemplateFile[]): Promise<Schedules> {
  const contracts: Said[] = made
    .filter(({ path }) => path === CONTRACT)
    .map(({ path, bytes }) => parseContract(new TextDecoder().decode(bytes), path).contract);
  for (const path of await pathsHere(ports)) contracts.push(...(await saidBy(ports, path)));
  return {
    monitored: contracts.flatMap(({ model, monitor }) =>
      monitor === undefined ? [] : [{ model, every: monitor.every }],
    ),
    retrained: contracts.flatMap(({ model, retrain: { refresh, every } }) =>
      refresh === undefined || every === "never" ? [] : [{ model, every }],
    ),
    retrainable: contracts.some(({ retrain }) => retrain.refresh !== undefined),
  };
}

/** A contract that is broken asks for nothing; whoever runs it is told. */
async function saidBy(ports: Ports, path: string): Promise<readonly Said[]> {
  try {
    return [(await openContract(ports, path, [])).contract];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

async function pathsHere(ports: Ports): Promise<readonly string[]> {
  const { repo } = await ports.workspace(ports.folder);
  try {
    return await contractPaths(ports, repo?.root);
  } catch (error) {
    if (error instanceof UserError) return []; // there is none yet
    throw error;
  }
}

const MONITOR = "trainyard-monitor.yml";
const RETRAIN = "trainyard-retrain.yml";

/** The workflow files that these schedules need, with their lines; the others of the templates as they are. */
export function scheduledWorkflows(
  files: readonly TemplateFile[],
  { monitored, retrained, retrainable }: Schedules,
): readonly TemplateFile[] {
  return files.flatMap((file) => {
    if (file.path === MONITOR) {
      return monitored.length === 0 ? [] : [scheduled(file, linesOf(monitored, "monitor"))];
    }
    if (file.path === RETRAIN) return retrainable ? [scheduled(file, linesOf(retrained, "retrain"))] : [];
    return [file];
  });
}

function linesOf(models: readonly Scheduled[], purpose: string): readonly ScheduleLine[] {
  const lines = cronLines(models, purpose);
  return models.map(({ model, every }) => ({ cron: lines.get(model) ?? "", note: `${model}, ${every}` }));
}

const scheduled = ({ path, bytes }: TemplateFile, lines: readonly ScheduleLine[]): TemplateFile => ({
  path,
  bytes: new TextEncoder().encode(withSchedule(new TextDecoder().decode(bytes), lines)),
});
