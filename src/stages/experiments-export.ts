import { resolve } from "node:path";
import { findExperiment } from "../core/experiments/find.ts";
import { select } from "../core/experiments/select.ts";
import { counted } from "../core/report/numbers.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { exportMlflow } from "../works/experiments/export-mlflow.ts";
import { exportDvclive } from "../works/experiments/live.ts";
import { experimentInputs, openExperiments, selectionInputs } from "./experiments-scene.ts";
import { choice, flag, list, text } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

/** `trainyard experiments export --to mlflow` */
export default defineStage({
  name: "experiments export",
  summary: "Log experiments at an MLflow tracking server, each once, or write one as DVCLive would.",
  inputs: {
    ids: list("Their ids; else those that --where and --branch choose", { positional: true }),
    to: choice("What they are exported to", ["mlflow", "dvclive"], "mlflow"),
    uri: text("The server's address; else MLFLOW_TRACKING_URI", { placeholder: "url" }),
    experiment: text("The experiment's name there; else MLFLOW_EXPERIMENT_NAME, or the model's name", {
      placeholder: "name",
    }),
    out: text("With --to dvclive: the folder to write; it must not be there yet", { placeholder: "folder" }),
    where: selectionInputs.where,
    branch: selectionInputs.branch,
    all: flag("Those that failed or were killed, too"),
    dryRun: flag("Only say what would be exported"),
    ...experimentInputs,
  },
  outputs: { exported: "How many were logged just now" },
  examples: [
    "trainyard experiments export last --to dvclive --out dvclive",
    "trainyard experiments export --to mlflow --uri http://127.0.0.1:5000",
    'trainyard experiments export --where "roc_auc >= 0.8" --experiment wages',
  ],

  async run({ to, out, ...given }, ports) {
    return to === "dvclive" ? toDvclive(given, out, ports) : toMlflow(given, ports);
  },
});

interface Given {
  readonly ids: readonly string[];
  readonly uri: string | undefined;
  readonly experiment: string | undefined;
  readonly where: string | undefined;
  readonly branch: string | undefined;
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly contract: string | undefined;
  readonly token: string | undefined;
}

async function toDvclive(
  { ids, dryRun, ...place }: Given,
  out: string | undefined,
  ports: Ports,
): Promise<Result<"exported">> {
  const [id, ...more] = ids;
  if (id === undefined || more.length > 0 || out === undefined) {
    throw new UserError("--to dvclive writes one experiment: name its id, and a folder with --out", {
      exit: EXIT.usage,
    });
  }
  const { experiments } = await openExperiments(ports, place);
  const one = findExperiment(experiments, id);
  if (!dryRun) await exportDvclive(ports, one, resolve(ports.folder, out));
  return {
    outputs: { exported: dryRun ? "0" : "1" },
    text: `${dryRun ? "would write" : "wrote"} ${one.id} to ${out}`,
    json: { folder: out, experiment: one.id },
  };
}

async function toMlflow(
  { ids, uri, experiment, where, branch, all, dryRun, ...place }: Given,
  ports: Ports,
): Promise<Result<"exported">> {
  if (ids.length > 0 && (where !== undefined || branch !== undefined)) {
    throw new UserError("ids and --where or --branch go not together", { exit: EXIT.usage });
  }
  const tracking = await ports.tracking(uri);
  const { experiments } = await openExperiments(ports, place);
  const chosen =
    ids.length > 0
      ? [...new Set(ids.map((id) => findExperiment(experiments, id)))]
      : [...select(experiments, { where, branch, failed: all, sort: ["started_at"] })];
  const task = ports.progress.start("exporting", chosen.length);
  const done = [];
  for (const model of new Set(chosen.map((one) => one.model))) {
    const name = experiment ?? tracking.experimentName ?? model;
    const before = done.length;
    const those = chosen.filter((one) => one.model === model);
    const onDone = (count: number): void => task.update(before + count, chosen.length);
    const exported = await exportMlflow(tracking, those, { name, dryRun, onDone });
    done.push(...exported.map((one) => ({ ...one, experiment: name })));
  }
  task.end();
  const fresh = done.filter(({ outcome }) => outcome === "exported").length;
  const there = done.filter(({ outcome }) => outcome === "there already").length;
  const said = dryRun
    ? `${counted(done.length - there, "experiment")} would be exported`
    : `exported ${fresh}`;
  return {
    outputs: { exported: String(fresh) },
    text: `${said} to ${tracking.address}; ${there} there already`,
    json: { address: tracking.address, experiments: done },
  };
}
