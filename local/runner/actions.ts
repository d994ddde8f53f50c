import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame, JobState } from "./job-state.ts";
import { parseAction } from "./parser.ts";
import type { Source } from "./sources.ts";
import { unsupportedSteps } from "./unsupported.ts";
import { otherSource, readUses } from "./uses.ts";
import { isMapping, type Mapping, text } from "./value.ts";
import type { Step } from "./workflow.ts";

/** An action, ready to run. */
export interface Action {
  readonly name: string;
  /** Where its `action.yml` is. */
  readonly folder: string;
  /** Whose files `$/` speaks of in it; undefined for one of the workspace, which has no version. */
  readonly source: Source | undefined;
  readonly inputs: Mapping;
  readonly outputs: Mapping;
  readonly runs: NodeRuns | CompositeRuns;
}

export interface NodeRuns {
  readonly using: "node";
  readonly main: string;
  readonly pre?: string;
  readonly "pre-if"?: string;
  readonly post?: string;
  readonly "post-if"?: string;
}

export interface CompositeRuns {
  readonly using: "composite";
  readonly steps: readonly Step[];
}

interface Home {
  readonly folder: string;
  readonly source: Source | undefined;
}

/** The folder that a `uses` speaks of. */
async function homeOf(uses: string, frame: Frame, job: JobState): Promise<Home> {
  const read = readUses(uses);
  if (read.kind === "workspace") return { folder: join(job.machine.workspace, read.path), source: undefined };
  const source = read.kind === "self" ? frame.source : otherSource(read, job.known);
  const place = join(job.machine.actions, source.repository, source.sha === "" ? "tree" : source.sha);
  const tree = source.sha !== "" && existsSync(place) ? place : await source.folder(place);
  return { folder: join(tree, read.path), source };
}

/** Finds the action of a step and reads its `action.yml`. @throws where there is none that this runner can run */
export async function loadAction(uses: string, frame: Frame, job: JobState): Promise<Action> {
  const { folder, source } = await homeOf(uses, frame, job);
  const file = ["action.yml", "action.yaml"].map((name) => join(folder, name)).find(existsSync);
  if (file === undefined) {
    const hint = existsSync(join(folder, "Dockerfile")) ? "; containers are not known to this runner" : "";
    throw new Error(`Can't find 'action.yml' or 'action.yaml' for "${uses}"${hint}`);
  }
  const { problems, value } = parseAction(file, readFileSync(file, "utf8"));
  if (problems.length > 0 || !isMapping(value)) {
    const lines = problems.map(({ message, line }) => `${uses}/action.yml:${line ?? 1}: ${message}`);
    throw new Error(`the action is not valid. ${lines.join(" ")}`);
  }
  const { name = uses, inputs, outputs, runs } = value;
  return {
    name: text(name),
    folder,
    source,
    inputs: isMapping(inputs) ? inputs : {},
    outputs: isMapping(outputs) ? outputs : {},
    runs: runsOf(uses, isMapping(runs) ? runs : {}),
  };
}

function runsOf(uses: string, runs: Mapping): NodeRuns | CompositeRuns {
  const using = text(runs.using);
  if (/^node\d+$/.test(using)) return { ...(runs as unknown as NodeRuns), using: "node" };
  if (using !== "composite")
    throw new Error(`"${uses}" runs using ${using}, which this runner does not know`);
  const steps = runs.steps as unknown as readonly Step[];
  const strange = unsupportedSteps(steps);
  if (strange.length > 0)
    throw new Error(`"${uses}": ${strange.join(", ")}, which this runner does not know`);
  return { using: "composite", steps };
}
