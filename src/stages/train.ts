import { join, resolve } from "node:path";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { trainHandedOver } from "../works/given-training.ts";
import { contractInputs } from "./contract-inputs.ts";
import { flag, text } from "./inputs.ts";
import { runUntil } from "./run-stage.ts";
import { defineStage, type Result } from "./stage.ts";

/** `trainyard train`, on the contracts here or on what `hand-over` wrote. */
export default defineStage({
  name: "train",
  summary: "Train the model on the training rows.",
  action: { icon: "cpu", color: "purple" },
  inputs: {
    ...contractInputs,
    force: flag("Perform train even where it stands"),
    handover: text("A folder that `trainyard hand-over` wrote: train what it asks for, with what it holds", {
      placeholder: "folder",
    }),
    out: text("With --handover: the folder to write the models to", { placeholder: "folder" }),
  },
  outputs: {
    verdict: "pass, warn, waived, inconclusive or fail, where something was judged",
    trained: "With --handover: how many models were trained",
  },
  examples: [
    "trainyard train",
    "trainyard train --contract models/wages --json",
    "trainyard train --handover /tmp/handover --out /tmp/trained",
  ],

  async run({ force, handover, out, ...options }, ports): Promise<Result<"verdict" | "trained">> {
    if (handover === undefined) {
      if (out !== undefined) throw new UserError("--out goes with --handover", { exit: EXIT.usage });
      const result = await runUntil("train", options, force, ports);
      return { ...result, outputs: { ...result.outputs, trained: "" } };
    }
    if (out === undefined) {
      throw new UserError("--out is missing: the folder to write the models to", { exit: EXIT.usage });
    }
    return trainFrom(resolve(ports.folder, handover), resolve(ports.folder, out), ports);
  },
});

async function trainFrom(from: string, out: string, ports: Ports): Promise<Result<"verdict" | "trained">> {
  const trained = await trainHandedOver(ports, from, out);
  const { models, failed } = trained;
  return {
    ...(failed.length > 0 ? { exit: EXIT.failed } : {}),
    outputs: { verdict: "", trained: String(models.length) },
    text: [
      ...models.map(
        ({ model, folder, digest }) => `trained  ${model} (${folder}): ${digest.sha256.slice(0, 12)}`,
      ),
      ...failed.map(({ model, folder, message }) => `failed   ${model} (${folder}): ${message}`),
      `wrote ${join(out, "trained.json")}`,
    ].join("\n"),
    json: trained,
  };
}
