import { rmSync } from "node:fs";
import { join } from "node:path";
import type { World, WorldOptions } from "../../local/world.ts";
import { openForge } from "../../src/adapters/forge/github.ts";
import type { Forge } from "../../src/ports/forge.ts";

/** A model that is trained in a moment, on rows of which `told` tells the label. */
export interface Tiny {
  /** What stands before the data. */
  readonly plan?: string;
  readonly features: string;
  readonly epochs: number;
  readonly seed?: number;
  /** Conditions, each of which may be undecided. */
  readonly gates?: readonly string[];
  /** What else the contract says. */
  readonly rest?: string;
}

/** The contract of such a model. */
export const contractOf = ({
  plan = "",
  features,
  epochs,
  seed,
  gates = [],
  rest = "",
}: Tiny): string => `model: wages
task: binary-classification
owner: "@acme/ml-team"
${plan}data:
  sources: { rows: data/rows.csv }
  roles: { label: y, positive: 1, id: id }
split: { by: hash, holdout: 30%, validation: 20% }
features:
${features}train:
  with: logistic
  params: { epochs: ${epochs}, learning_rate: 0.01, batch_size: 32 }
${seed === undefined ? "" : `  seed: ${seed}\n`}evaluate:
  decision: { threshold: 0.5 }
  metrics: [roc_auc]
  bootstrap: { resamples: 50 }
${gates.length === 0 ? "" : "  gates:\n"}${gates.map((gate) => `    - gate: ${gate}\n      when_inconclusive: warn\n`).join("")}${rest}`;

/** Rows for it. @param header the columns' names @param row the values of one */
export const rowsOf = (
  header: string,
  count: number,
  row: (number: number) => readonly (string | number)[],
): string =>
  `${[header, ...Array.from({ length: count }, (_, number) => row(number).join(","))].join("\n")}\n`;

/** Replaces the starter's contract and data. */
export async function beginTiny(
  start: Parameters<NonNullable<WorldOptions["begin"]>>[0],
  contract: string,
  rows: string,
): Promise<void> {
  for (const path of ["data", "high_wage.sql"]) rmSync(join(start.folder, path), { recursive: true });
  await start.write("trainyard.yaml", contract);
  await start.write("data/rows.csv", rows);
}

/** Does something as a workflow of the default branch, with the token of a job of it. */
export async function asWorkflow<T>(
  world: World,
  path: string,
  permissions: Readonly<Record<string, "read" | "write">>,
  work: (forge: Forge) => Promise<T>,
): Promise<T> {
  const [event] = world.github.events;
  if (event === undefined) throw new Error("nothing has happened yet");
  const run = world.github.runs.start({ name: path, path: `.github/workflows/${path}`, event });
  const token = world.github.jobToken(world.repository, run, { ...permissions, metadata: "read" });
  const environment = {
    GITHUB_API_URL: world.github.apiUrl,
    GITHUB_GRAPHQL_URL: world.github.graphqlUrl,
    GITHUB_REPOSITORY: world.repository,
    GITHUB_ACTIONS: "true",
  };
  const done = await work(await openForge({ token }, environment));
  world.github.runs.finish(run, "success");
  return done;
}
