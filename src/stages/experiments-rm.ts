import { findExperiment } from "../core/experiments/find.ts";
import { EXIT, UserError } from "../errors.ts";
import { experimentsHere, removeHere } from "../works/experiments/remove.ts";
import { experimentInputs, openExperiments } from "./experiments-scene.ts";
import { flag, list } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard experiments rm ID…` */
export default defineStage({
  name: "experiments rm",
  summary: "Remove experiments of this machine; the model's bytes stay in the cache until `trainyard gc`.",
  inputs: {
    ids: list("Their ids", { positional: true }),
    dryRun: flag("Only say what would go"),
    contract: experimentInputs.contract,
  },
  outputs: { removed: "How many are removed" },
  examples: ["trainyard experiments rm 20261122T010203 --dry-run"],

  async run({ ids, dryRun, contract }, ports) {
    if (ids.length === 0) {
      throw new UserError("no experiment is named; `trainyard experiments gc` removes the old ones", {
        exit: EXIT.usage,
      });
    }
    const { experiments } = await openExperiments(ports, { contract, token: undefined });
    const wanted = [...new Set(ids.map((id) => findExperiment(experiments, id)))];
    if (!dryRun) await removeHere(await experimentsHere(ports, contract), wanted);
    const names = wanted.map(({ id }) => id);
    return {
      outputs: { removed: String(dryRun ? 0 : names.length) },
      text: names.map((id) => `${dryRun ? "would go" : "removed"}  ${id}`).join("\n"),
      json: { removed: !dryRun, experiments: names },
    };
  },
});
