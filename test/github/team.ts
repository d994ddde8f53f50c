import { rmSync } from "node:fs";
import { join } from "node:path";
import { openWorld, type World, type WorldOptions } from "../../local/world.ts";

/** The starter's contract, for rows that are judged in a moment. */
const CONTRACT = `model: wages
task: binary-classification
owner: "@acme/ml-team"
plan:
  problem: Does a worker earn above the median hourly wage?
  costs: { false_positive: 1, false_negative: 2 }
data:
  sources: { rows: data/rows.csv }
  roles: { label: y, positive: 1, id: id }
split: { by: hash, holdout: 30%, validation: 20% }
features:
  - scale: [told, noise]
train:
  with: logistic
  params: { epochs: 60, learning_rate: 0.01, batch_size: 32 }
  seed: 7
evaluate:
  decision: { threshold: 0.5 }
  metrics: [roc_auc]
  bootstrap: { resamples: 50 }
  gates:
    - gate: roc_auc >= 0.65
      when_inconclusive: warn
    - gate: roc_auc >= baseline - 0.05
      when_inconclusive: warn
`;

/** Rows of which `told` tells the label, and `noise` nothing. */
function rows(): string {
  const lines = Array.from(
    { length: 420 },
    (_, row) => `r${row},${row % 7},${(row * 31) % 11},${row % 7 > 3 ? 1 : 0}`,
  );
  return `id,told,noise,y\n${lines.join("\n")}\n`;
}

/** A team's world whose trainings and verdicts take a moment. */
export async function openTeam({
  contract = "",
  ...options
}: Omit<WorldOptions, "template" | "begin"> & {
  /** What the contract says beside what all of them say. */
  readonly contract?: string;
} = {}): Promise<World> {
  return openWorld({
    ...options,
    template: "wages",
    async begin(start) {
      for (const path of ["data", "high_wage.sql"]) rmSync(join(start.folder, path), { recursive: true });
      await start.write("trainyard.yaml", `${CONTRACT}${contract}`);
      await start.write("data/rows.csv", rows());
    },
  });
}
