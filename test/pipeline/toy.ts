import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import type { Contract } from "../../src/config/contract.ts";
import type { Verdict } from "../../src/core/gates/verdict.ts";
import { dataIngredients, parameterIngredients } from "../../src/pipeline/ingredients.ts";
import { readLock } from "../../src/pipeline/lock-file.ts";
import type { Project, Work } from "../../src/pipeline/work.ts";
import type { Progress } from "../../src/ports/progress.ts";
import { silent } from "../artifacts/temporary.ts";

/** What the toy's works are told: a pipeline of text files in place of a model. */
export interface Toy extends Project {
  readonly settings: {
    readonly data?: string;
    readonly features?: unknown;
    readonly epochs?: number;
    readonly verdict?: Verdict;
    /** How long a work takes, in milliseconds. */
    readonly takes?: number;
    /** A file in the folder, until which works go on. */
    readonly waitsFor?: string;
    readonly during?: (work: string) => void | Promise<void>;
  };
}

export async function openToy(
  folder: string,
  settings: Toy["settings"] = {},
  progress: Progress = silent(),
): Promise<Toy> {
  const workspace = await openWorkspace(folder, progress);
  return {
    ...workspace,
    folder,
    contract: {} as Contract,
    lock: await readLock(workspace, folder),
    settings,
  };
}

/** Every performed work leaves its name here, so that tests can count. */
export const JOURNAL = "journal.txt";

async function begin({ folder, settings }: Toy, work: string): Promise<void> {
  appendFileSync(join(folder, JOURNAL), `${work}\n`);
  await setTimeout(settings.takes ?? 0);
  while (settings.waitsFor !== undefined && !existsSync(join(folder, settings.waitsFor)))
    await setTimeout(10);
  await settings.during?.(work);
}

export function journal(folder: string): readonly string[] {
  try {
    return readFileSync(join(folder, JOURNAL), "utf8").trimEnd().split("\n");
  } catch {
    return [];
  }
}

const ingest: Work<Toy> = {
  name: "ingest",
  needs: [],
  ingredients: (project) => dataIngredients(project, project.settings.data ?? "data/in.txt"),
  outputs: () => [{ path: ".trainyard/rows.txt", kind: "work" }],
  async perform(project, draft) {
    await begin(project, "ingest");
    const text = readFileSync(join(project.folder, "data/in.txt"), "utf8");
    writeFileSync(draft.path(".trainyard/rows.txt"), text.toUpperCase());
    return { facts: { rows: text.split("\n").length } };
  },
};

const validate: Work<Toy> = {
  name: "validate",
  needs: ["ingest"],
  stops: true,
  ingredients: async ({ settings }) =>
    parameterIngredients(settings.verdict ?? "pass", "data.expect", "says what must hold"),
  outputs: () => [],
  async perform(project) {
    await begin(project, "validate");
    return { facts: { checks: 1 }, verdict: project.settings.verdict ?? "pass" };
  },
};

const features: Work<Toy> = {
  name: "features",
  needs: ["ingest"],
  ingredients: async ({ settings }) =>
    parameterIngredients(settings.features ?? [{ scale: ["age"] }], "features", "says what enters"),
  outputs: () => [{ path: ".trainyard/features.txt", kind: "work" }],
  async perform(project, draft) {
    await begin(project, "features");
    const rows = readFileSync(join(project.folder, ".trainyard/rows.txt"), "utf8");
    const text = JSON.stringify(project.settings.features ?? "").replaceAll("same", "");
    writeFileSync(draft.path(".trainyard/features.txt"), rows + text);
    return { facts: {} };
  },
};

const train: Work<Toy> = {
  name: "train",
  needs: ["features"],
  ingredients: async ({ settings }) =>
    parameterIngredients({ epochs: settings.epochs ?? 1 }, "train", "says how it learns"),
  outputs: () => [{ path: "models/toy", kind: "model" }],
  async perform(project, draft) {
    await begin(project, "train");
    const model = draft.path("models/toy");
    mkdirSync(join(model, "weights"), { recursive: true });
    const rows = readFileSync(join(project.folder, ".trainyard/features.txt"), "utf8");
    writeFileSync(join(model, "model.json"), JSON.stringify({ rows, epochs: project.settings.epochs ?? 1 }));
    writeFileSync(join(model, "weights", "1.bin"), Buffer.alloc(1000, project.settings.epochs ?? 1));
    return { facts: { loss: 0.5 } };
  },
};

export const WORKS: readonly Work<Toy>[] = [ingest, validate, features, train];
