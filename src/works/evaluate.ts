import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCondition } from "../core/gates/condition.ts";
import { judge } from "../core/gates/judge.ts";
import { judgeBehaviour } from "../core/gates/judge-behaviour.ts";
import { gravest } from "../core/gates/verdict.ts";
import { evaluate as measure } from "../core/measures/evaluation.ts";
import { grouped } from "../core/measures/grouped.ts";
import { lopsided } from "../core/measures/lopsided.ts";
import { effectiveSize } from "../core/measures/row-weights.ts";
import { weighing } from "../core/measures/weighing.ts";
import type { Report } from "../core/report/report.ts";
import { unchosen } from "../core/report/sections/thresholds.ts";
import { parameterIngredients, toolIngredient } from "../pipeline/ingredients.ts";
import type { Work } from "../pipeline/work.ts";
import { baselineIngredient, findBaseline } from "./baseline.ts";
import { askBaseline } from "./baseline-model.ts";
import { openBundle } from "./bundles.ts";
import { builtInMetrics, withCustom } from "./custom.ts";
import { customNames } from "./custom-names.ts";
import { readFindings } from "./findings.ts";
import { PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { resamplingOf, timedOf } from "./resampling.ts";
import { holdoutClusters, holdoutMoments, type Side, scoreSide, sensitiveColumns } from "./score.ts";
import { modelFolder, TRAINING, type TrainingRecord } from "./train.ts";
import { withContext } from "./value-context.ts";
import { withEngine } from "./with-engine.ts";

export const EVALUATION = ".trainyard/evaluation.json";

/** What `evaluate` leaves for the report: all of it but what was known before. */
export type EvaluationRecord = Omit<
  Report,
  "schema" | "verdict" | "sentence" | "model" | "task" | "owner" | "problem" | "changes" | "checks"
> & { readonly schema: "trainyard/evaluation/1" };

/** Measures the model on the rows held back, beside the base commit's model, and judges the gates. */
export const evaluate: Work<StageProject> = {
  name: "evaluate",
  needs: ["prepare", "features", "train"],

  async ingredients(project) {
    const { contract } = project;
    // the threshold is part of the model; waivers and looks are of the report
    const { decision: _, waivers: __, holdout: ___, ...rest } = contract.evaluate;
    return [
      ...parameterIngredients(rest, "evaluate", "says what is measured and what decides"),
      ...parameterIngredients(contract.data.roles, "data.roles", "says which groups are compared"),
      ...parameterIngredients(contract.plan.costs ?? null, "plan.costs", "says what a wrong decision costs"),
      await baselineIngredient(project),
      toolIngredient(),
    ];
  },

  outputs: () => [{ path: EVALUATION, kind: "work" }],

  perform: (project, draft) =>
    withEngine(project, async (engine) => {
      const { contract, parsed, ports, folder } = project;
      await engine.load("prepared", { paths: [join(folder, PREPARED)], format: "parquet" });
      const training = JSON.parse(await readFile(join(folder, TRAINING), "utf8")) as TrainingRecord;
      const candidate = await openBundle(ports, engine, join(folder, modelFolder(contract)));
      const { bundle } = candidate;
      const asked = (side: Side) => scoreSide(engine, candidate, contract, side, bundle.classes);
      const holdout = await withContext(engine, contract, "holdout", await asked("holdout"));
      const baseline = await askBaseline(project, engine, await findBaseline(project), candidate);

      const clusters = await holdoutClusters(engine, contract);
      const moments = await holdoutMoments(engine, contract);
      const task = ports.progress.start("measuring", contract.evaluate.bootstrap.resamples);
      const train = candidate.general
        ? await withContext(engine, contract, "train", await asked("train"))
        : undefined;
      const sensitive = await sensitiveColumns(engine, contract);
      const shown = builtInMetrics(contract);
      const own = customNames(contract);
      const measured = measure({
        task: contract.task,
        classes: bundle.classes,
        candidate: holdout,
        ...(train === undefined ? {} : { train }),
        ...(baseline.scored === undefined ? {} : { baseline: baseline.scored }),
        sensitive,
        ...(shown === undefined ? {} : { shown }),
        asked: contract.evaluate.gates.map(({ gate }) => parseCondition(gate, own).metric),
        ...(contract.plan.costs === undefined ? {} : { costs: contract.plan.costs }),
        resamples: contract.evaluate.bootstrap.resamples,
        confidence: contract.evaluate.bootstrap.confidence,
        seed: contract.evaluate.bootstrap.seed,
        ...(contract.evaluate.bootstrap.method === undefined
          ? {}
          : { method: contract.evaluate.bootstrap.method }),
        ...(clusters === undefined ? {} : { clusters }),
        ...resamplingOf(contract.evaluate),
        ...(moments === undefined ? {} : { moments }),
        ...(contract.evaluate.zero_division === undefined
          ? {}
          : { zeroDivision: contract.evaluate.zero_division }),
        minGroupSize: contract.evaluate.groups.min_size,
        reference: contract.evaluate.groups.reference,
        intersections: contract.evaluate.groups.intersections,
        control: contract.evaluate.groups.control,
        progress: (done, total) => task.update(done, total),
      });
      task.end();
      const answers = { classes: bundle.classes, holdout, train, baseline: baseline.scored };
      const evaluation = await withCustom(
        engine,
        project,
        { ...answers, sensitive, clusters, moments },
        measured,
      );
      const { slicesOf } = await import("./slices.ts"); // few contracts ask for them
      const slices = await slicesOf(engine, contract, candidate, holdout, baseline);
      const { robustnessOf } = await import("./robustness.ts");
      const robustness = await robustnessOf(engine, project, candidate, { holdout, train });
      const { statementsOf } = await import("./statements.ts");
      const known = { holdout, classes: bundle.classes.length, sensitive, measured: evaluation.metrics };
      const statements = statementsOf(contract, known);
      const { tradeOffsOf } = await import("./trade-offs.ts");
      const tradeOffs = await tradeOffsOf(engine, contract, candidate, { holdout, sensitive });
      await candidate.close();
      const expected = contract.evaluate.robustness?.expect ?? [];
      const gates = judge(contract.evaluate.gates, evaluation, {
        custom: own,
        robustness,
        hasBaseline: baseline.answer.state === "compared",
        baselineReason: baseline.answer.reason,
        rows: holdout.labels.length,
        places: contract.evaluate.gates.map((_gate, index) => parsed.place(["evaluate", "gates", index])),
      }).concat(
        judgeBehaviour(
          robustness?.expectations ?? [],
          expected,
          expected.map((_, index) => parsed.place(["evaluate", "robustness", "expect", index])),
        ),
      );
      const record: EvaluationRecord = {
        schema: "trainyard/evaluation/1",
        subject: {
          digest: training.digest,
          commit: null,
          trainer: bundle.trainer,
          rows: {
            ...bundle.rows,
            holdout: holdout.labels.length,
            ...(holdout.weights === undefined ? {} : { effective: effectiveSize(holdout.weights) }),
          },
          positive:
            bundle.task !== "multilabel" && bundle.classes.length === 2 ? (bundle.classes[1] ?? null) : null,
          threshold: bundle.threshold,
          ...(bundle.thresholds === undefined ? {} : { thresholds: bundle.thresholds }),
          decided: bundle.decided,
        },
        baseline: baseline.answer,
        gates,
        ...evaluation,
        ...(slices === undefined ? {} : { slices }),
        ...(robustness === undefined ? {} : { robustness }),
        ...(statements === undefined ? {} : { statements }),
        ...(tradeOffs === undefined ? {} : { trade_offs: tradeOffs }),
        history: training.history.map((epoch) => ({ ...epoch })),
        warnings: [
          ...(await readFindings(project)),
          ...training.warnings,
          ...[weighing(contract.data.roles.weight ?? "", holdout.weights) ?? []].flat(),
          ...[timedOf(moments, contract) ?? []].flat(),
          ...[lopsided(holdout) ?? []].flat(),
          ...[unchosen(bundle) ?? []].flat(),
          ...[(clusters && grouped(clusters)) ?? []].flat(),
        ],
      };
      await writeFile(draft.path(EVALUATION), `${JSON.stringify(record, undefined, 2)}\n`);
      const metrics = Object.fromEntries(evaluation.metrics.map(({ name, value }) => [name, value]));
      const verdicts = Object.fromEntries(gates.map(({ condition, verdict }) => [condition, verdict]));
      return { verdict: gravest(gates.map(({ verdict }) => verdict)), facts: { metrics, gates: verdicts } };
    }),
};
