import { openWorld, type World, type WorldOptions } from "../../local/world.ts";
import { beginTiny, contractOf, rowsOf } from "./tiny.ts";

/** The starter's contract, for rows that are judged in a moment. */
const CONTRACT = contractOf({
  plan: `plan:
  problem: Does a worker earn above the median hourly wage?
  costs: { false_positive: 1, false_negative: 2 }
`,
  features: "  - scale: [told, noise]\n",
  epochs: 60,
  seed: 7,
  gates: ["roc_auc >= 0.65", "roc_auc >= baseline - 0.05"],
});

/** Rows of which `told` tells the label, and `noise` nothing. */
const ROWS = rowsOf("id,told,noise,y", 420, (row) => [
  `r${row}`,
  row % 7,
  (row * 31) % 11,
  row % 7 > 3 ? 1 : 0,
]);

/** A team's world whose trainings and verdicts take a moment. */
export async function openTeam({
  contract = "",
  begin,
  ...options
}: Omit<WorldOptions, "template"> & {
  /** What the contract says beside what all of them say. */
  readonly contract?: string;
} = {}): Promise<World> {
  return openWorld({
    ...options,
    template: "wages",
    async begin(start) {
      await beginTiny(start, `${CONTRACT}${contract}`, ROWS);
      await begin?.(start);
    },
  });
}
