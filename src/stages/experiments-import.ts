import { resolve } from "node:path";
import { terminalText } from "../core/report/escape.ts";
import { counted } from "../core/report/numbers.ts";
import type { Ports } from "../ports/ports.ts";
import { importMlflow } from "../works/experiments/import-mlflow.ts";
import { importDvclive } from "../works/experiments/live.ts";
import { oneContract } from "../works/experiments/one-contract.ts";
import { isKept, keep } from "../works/experiments/store.ts";
import { experimentInputs, openExperiments } from "./experiments-scene.ts";
import { choice, flag, text } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

/** `trainyard experiments import --from mlflow` */
export default defineStage({
  name: "experiments import",
  summary:
    "Bring an MLflow tracking server's runs, or what DVCLive left, into the list of experiments, each once.",
  inputs: {
    from: choice("What they are imported from", ["mlflow", "dvclive"], "mlflow"),
    uri: text("The server's address; else MLFLOW_TRACKING_URI", { placeholder: "url" }),
    experiment: text("The experiment's name there; else MLFLOW_EXPERIMENT_NAME, or the model's name", {
      placeholder: "name",
    }),
    path: text("With --from dvclive: DVCLive's folder", { placeholder: "folder", default: "dvclive" }),
    dryRun: flag("Only say what would be imported"),
    contract: experimentInputs.contract,
  },
  outputs: { imported: "How many were written down just now" },
  examples: ["trainyard experiments import --from mlflow --uri http://127.0.0.1:5000 --experiment wages"],

  async run({ from, path = "dvclive", ...given }, ports) {
    return from === "dvclive" ? fromDvclive(given, path, ports) : fromMlflow(given, ports);
  },
});

interface Given {
  readonly uri: string | undefined;
  readonly experiment: string | undefined;
  readonly dryRun: boolean;
  readonly contract: string | undefined;
}

async function fromDvclive(
  { dryRun, contract }: Given,
  path: string,
  ports: Ports,
): Promise<Result<"imported">> {
  const { place, ...into } = await oneContract(ports, contract);
  const one = await importDvclive(ports, resolve(ports.folder, path), into);
  const there = await isKept(place, one);
  const kept = there || dryRun ? undefined : await keep(place, one);
  const said = there ? "is here already" : dryRun ? "would be imported" : `is experiment ${kept?.id}`;
  return {
    outputs: { imported: kept === undefined ? "0" : "1" },
    text: `what DVCLive left in ${path} ${said}`,
    json: { folder: path, imported: kept === undefined ? [] : [kept.id], there: there ? 1 : 0 },
  };
}

async function fromMlflow(
  { uri, experiment, dryRun, contract }: Given,
  ports: Ports,
): Promise<Result<"imported">> {
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
}
