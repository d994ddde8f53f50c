import { resolve } from "node:path";
import { UserError } from "../errors.ts";
import { contractInputs } from "./contract-inputs.ts";
import { flag, text } from "./inputs.ts";
import { foundBy, resultOf, runContracts } from "./run-stage.ts";
import { defineStage } from "./stage.ts";

/** `trainyard report` */
export default defineStage({
  name: "report",
  summary: "Write the report as Markdown, as a page and as JSON.",
  inputs: {
    ...contractInputs,
    force: flag("Perform report even where it stands"),
    card: text("Write the model card to this file, too, as Hugging Face reads it", { placeholder: "file" }),
  },
  outputs: { verdict: "pass, warn, waived, inconclusive or fail, where something was judged" },
  action: { icon: "file-text", color: "green" },
  examples: [
    "trainyard report",
    "trainyard report --contract models/wages --json",
    "trainyard report --card README.model.md",
  ],

  async run({ force, card, ...options }, ports) {
    const runs = await runContracts(ports, options, { until: "report", force: force ? ["report"] : false });
    const texts = await Promise.all(runs.map((one) => foundBy("report", one, ports)));
    if (card !== undefined) texts.push(await writeCard(runs, card));
    return resultOf(runs, texts.join("\n\n"));

    async function writeCard(all: typeof runs, path: string): Promise<string> {
      const [one, ...more] = all;
      if (one?.report === undefined || more.length > 0) {
        throw new UserError(
          more.length > 0
            ? "there are several contracts, and a card is of one model; name it with --contract"
            : "there is no report to make a card of; the run was stopped before it",
        );
      }
      const { files } = one.project;
      const { localCard } = await import("../works/card.ts"); // of most reports no card is made
      await files.write(resolve(ports.folder, path), await localCard(one.project, one.report));
      return `wrote ${path}`;
    }
  },
});
