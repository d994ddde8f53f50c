import { findExperiment } from "../core/experiments/find.ts";
import { showExperiment } from "../core/experiments/show.ts";
import { experimentInputs, openExperiments } from "./experiments-scene.ts";
import { required } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard experiments show ID` */
export default defineStage({
  name: "experiments show",
  summary: "Show all of one experiment.",
  inputs: {
    id: required("Its id, the first digits of it, those after its time, or last for the newest", {
      positional: true,
    }),
    ...experimentInputs,
  },
  outputs: { id: "Its id" },
  examples: ["trainyard experiments show last", "trainyard experiments show 20261122 --json"],

  async run({ id, ...place }, ports) {
    const { experiments } = await openExperiments(ports, place);
    const one = findExperiment(experiments, id);
    return { outputs: { id: one.id }, text: showExperiment(one, ports.screen), json: one };
  },
});
