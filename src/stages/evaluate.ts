import { TASKS } from "../core/measures/task.ts";
import type { Report } from "../core/report/report.ts";
import { renderTerminal } from "../core/report/terminal.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { evaluateModel } from "../works/evaluate-model.ts";
import { evaluatePredictions } from "../works/evaluate-predictions.ts";
import { evaluateStream } from "../works/evaluate-stream.ts";
import { contractInputs } from "./contract-inputs.ts";
import { choice, flag, number, text } from "./inputs.ts";
import { runUntil } from "./run-stage.ts";
import { defineStage, type Result } from "./stage.ts";
import { saidThreshold } from "./threshold-input.ts";

/** `trainyard evaluate`, with a contract or on plain files. */
export default defineStage({
  name: "evaluate",
  summary: "Measure the model on the rows held back, compare it with the base commit's, and judge the gates.",
  inputs: {
    ...contractInputs,
    force: flag("Perform evaluate even where it stands"),
    predictions: text("Without a contract: a file with labels and predictions", { placeholder: "file" }),
    model: text(
      "Without a contract: a model file or folder (ONNX, TensorFlow.js), or the address of a server's (TF Serving, KServe)",
      { placeholder: "file or url" },
    ),
    logits: flag("With --model: its numbers are logits; a sigmoid or softmax makes probabilities of them"),
    "token-from": text("With --model URL: the environment variable that holds the server's token", {
      placeholder: "variable",
    }),
    output: text("With --model URL: the server's output with the scores", { placeholder: "name" }),
    takes: choice(
      "With --model URL: how rows are sent, columns by name or one matrix of numbers",
      ["auto", "columns", "matrix"],
      "auto",
    ),
    data: text("With --model: the rows to judge it on", { placeholder: "file" }),
    label: text("The column with the true answer; one a label, with commas, where a row may carry several", {
      placeholder: "column",
    }),
    prediction: text("The column with the predicted class or value; one a label, with commas, of several", {
      placeholder: "column",
    }),
    score: text(
      "The column with the positive class's probability; one a class or label, with commas, for more than two",
      {
        placeholder: "column",
      },
    ),
    positive: text("The label's positive value", { placeholder: "value" }),
    weight: text("The column that says how much each row counts", { placeholder: "column" }),
    query: text("With --task ranking: the column that says which rows answer the same query", {
      placeholder: "column",
    }),
    quantiles: text(
      "With --task forecast: predicted quantiles in percent, with commas; 10 is in column q10",
      {
        placeholder: "percents",
      },
    ),
    threshold: text(
      "Scores from here up are decided positive (default 0.5); of several labels also a=0.3,b=0.6",
      {
        placeholder: "number",
      },
    ),
    sensitive: text("Columns whose groups are compared, with commas", { placeholder: "columns" }),
    baseline: text("Predictions or model to compare with, on the same rows", { placeholder: "file" }),
    key: text(
      "The column that tells rows apart; with --predictions, --baseline is joined by it and must have the same ones",
      { placeholder: "column" },
    ),
    task: choice("What is predicted", ["auto", ...TASKS], "auto"),
    stream: flag(
      "With --predictions: count in memory that does not grow with the file; what needs all rows at once has no value",
    ),
    resamples: number("Bootstrap resamples; 0 makes no intervals", { default: 1000 }),
  },
  outputs: { verdict: "pass, warn, waived, inconclusive or fail; pass where there are no gates" },
  action: { icon: "bar-chart-2", color: "green" },
  examples: [
    "trainyard evaluate",
    "trainyard evaluate --predictions p.csv --label y --prediction yhat --score s --json",
    "trainyard evaluate --model m.onnx --data d.parquet --label y --json",
    "trainyard evaluate --model http://localhost:8501/v1/models/wages:predict --data d.csv --label y",
  ],

  async run(inputs, ports): Promise<Result<"verdict">> {
    const { predictions, model, data, label } = inputs;
    const several = severalIn(inputs.task, label, inputs.prediction);
    const asked = {
      several,
      label: label ?? "",
      prediction: inputs.prediction,
      scores: names(inputs.score),
      sensitive: names(inputs.sensitive),
      positive: inputs.positive,
      ...saidThreshold(inputs.threshold, several?.labels),
      key: inputs.key,
      weight: inputs.weight,
      query: inputs.query,
      quantiles: percents(inputs.quantiles),
      baseline: inputs.baseline,
      task: inputs.task === "auto" ? undefined : inputs.task,
      resamples: resamplesOf(inputs.resamples),
      logits: inputs.logits,
      endpoint: {
        ...(inputs["token-from"] === undefined ? {} : { tokenFrom: inputs["token-from"] }),
        ...(inputs.output === undefined ? {} : { output: inputs.output }),
        ...(inputs.takes === "auto" ? {} : { takes: inputs.takes }),
      },
    };
    if (predictions === undefined && model === undefined) {
      const stray = (
        ["data", "label", "prediction", "score", "baseline", "token-from", "output"] as const
      ).find((name) => inputs[name] !== undefined);
      if (stray !== undefined) {
        throw new UserError(`--${stray} goes with --predictions or --model; neither is given`, {
          exit: EXIT.usage,
        });
      }
      const { contract, set, base, force } = inputs;
      return runUntil("evaluate", { contract, set, base }, force, ports);
    }
    if (inputs.stream && predictions === undefined) {
      throw new UserError("--stream goes with --predictions; a model is asked batch by batch anyway", {
        exit: EXIT.usage,
      });
    }
    if (label === undefined)
      throw new UserError("--label is missing: the column with the true answer", { exit: EXIT.usage });
    if (predictions !== undefined && model !== undefined) {
      throw new UserError("--predictions and --model are two questions; ask one of them", {
        exit: EXIT.usage,
      });
    }
    if (predictions !== undefined) {
      const measure = inputs.stream ? evaluateStream : evaluatePredictions;
      return answer(await measure(ports, predictions, asked), ports);
    }
    if (data === undefined)
      throw new UserError("--data is missing: the rows to judge the model on", { exit: EXIT.usage });
    return answer(await evaluateModel(ports, model ?? "", data, asked), ports);
  },
});

/** The columns of several labels, where the task says so, or a list of labels does. */
function severalIn(task: string, label: string | undefined, prediction: string | undefined) {
  const labels = names(label);
  const listed = task === "auto" && labels.length > 1;
  return listed || task === "multilabel" ? { labels, predictions: names(prediction) } : undefined;
}

const names = (list: string | undefined): string[] =>
  (list ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

function percents(list: string | undefined): number[] {
  return names(list).map((text) => {
    const percent = Number(text);
    if (percent > 0 && percent < 100) return percent;
    throw new UserError(
      `--quantiles names "${text}"; it takes percents between 0 and 100, such as 10,50,90`,
      {
        exit: EXIT.usage,
      },
    );
  });
}

function resamplesOf(value: number | undefined): number {
  if (value !== undefined && Number.isInteger(value) && value >= 0 && value <= 100_000) return value;
  throw new UserError(`--resamples is ${value}; it takes a whole number from 0 to 100000`, {
    exit: EXIT.usage,
  });
}

function answer(report: Report, ports: Ports): Result<"verdict"> {
  return {
    verdict: report.verdict,
    outputs: { verdict: report.verdict },
    text: renderTerminal(report, { ...ports.screen, plain: true }),
    markdown: async () => (await import("../core/report/markdown.ts")).renderMarkdown(report),
    json: report,
  };
}
