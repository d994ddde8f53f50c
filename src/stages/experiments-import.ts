import { terminalText } from "../core/report/escape.ts";
import { counted } from "../core/report/numbers.ts";
import { importMlflow } from "../works/experiments/import-mlflow.ts";
import { oneContract } from "../works/experiments/one-contract.ts";
import { experimentInputs, openExperiments } from "./experiments-scene.ts";
import { choice, flag, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard experiments import --from mlflow` */
export default defineStage({
  name: "experiments import",
  summary: "Bring the runs of an MLflow tracking server into the list of experiments, each once.",
  inputs: {
    from: choice("What they are imported from", ["mlflow"], "mlflow"),
    uri: text("The server's address; else MLFLOW_TRACKING_URI", { placeholder: "url" }),
    experiment: text("The experiment's name there; else MLFLOW_EXPERIMENT_NAME, or the model's name", {
      placeholder: "name",
    }),
    dryRun: flag("Only say what would be imported"),
    contract: experimentInputs.contract,
  },
  outputs: { imported: "How many were written down just now" },
  examples: ["trainyard experiments import --from mlflow --uri http://127.0.0.1:5000 --experiment wages"],

  async run({ uri, experiment, dryRun, contract }, ports) {
    const tracking = await ports.tracking(uri);
    const { place, model, below } = await oneContract(ports, contract);
    const { experiments: known } = await openExperiments(ports, { contract, token: undefined });
    const name = experiment ?? tracking.experimentName ?? model;
    const { imported, there, running } = await importMlflow(tracking, place, {
      name,
      model,
      below,
      known,
      dryRun,
    });
    const left = running === 0 ? "" : `; ${counted(running, "run")} not ended yet`;
    const said = dryRun
      ? `${counted(imported.length, "run")} would be imported`
      : `imported ${imported.length}`;
    return {
      outputs: { imported: String(dryRun ? 0 : imported.length) },
      text: `${said} of "${terminalText(name, 100)}" from ${tracking.address}; ${there} here already${left}`,
      json: {
        address: tracking.address,
        experiment: name,
        imported: imported.map(({ id }) => id),
        there,
        running,
      },
    };
  },
});
