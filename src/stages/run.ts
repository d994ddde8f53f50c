import { renderTerminal } from "../core/report/terminal.ts";
import { contractInputs } from "./contract-inputs.ts";
import { flag } from "./inputs.ts";
import { foundBy, resultOf, runContracts } from "./run-stage.ts";
import { defineStage } from "./stage.ts";
import { statusOf } from "./status-of-works.ts";

/** `trainyard run` */
export default defineStage({
  name: "run",
  summary: "Run every stage in order, skipping what stands.",
  inputs: {
    ...contractInputs,
    force: flag("Perform every stage, even those that stand"),
    dryRun: flag("Say what would run, and why, as `trainyard status` does"),
  },
  outputs: { verdict: "pass, warn, waived, inconclusive or fail" },
  action: { icon: "play", color: "purple" },
  examples: ["trainyard run", "trainyard run --set train.params.epochs=5", "trainyard run --json"],

  async run({ force, dryRun, ...options }, ports) {
    if (dryRun) {
      const { text, json } = await statusOf(options, ports);
      return { outputs: { verdict: "" }, text, json };
    }
    const runs = await runContracts(ports, options, { force });
    const texts = await Promise.all(
      runs.map((one) =>
        one.report === undefined
          ? foundBy(one.run.stoppedBy ?? "run", one, ports)
          : renderTerminal(one.report, ports.screen),
      ),
    );
    return resultOf(runs, texts.join("\n\n"));
  },
});
