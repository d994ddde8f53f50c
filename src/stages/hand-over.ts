import { resolve } from "node:path";
import { markdownCode, markdownText } from "../core/report/escape.ts";
import { EXIT, UserError } from "../errors.ts";
import { type HandedModel, handOver } from "../works/hand-over.ts";
import { beginningOf } from "./doctor/beginning.ts";
import { flag, number, required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard hand-over --base main --out DIR` */
export default defineStage({
  name: "hand-over",
  summary: "Decide what of a change is to be trained, and write what the training may see.",
  action: { icon: "package", color: "purple" },
  inputs: {
    base: required("The base branch: a folder that holds its tree, or a revision", { placeholder: "base" }),
    out: required("Folder to write: handover.json, code/ and work/", { placeholder: "folder" }),
    mergeBase: text("The commit at which the change left the base", { placeholder: "commit" }),
    token: text("Reads the ledger, where verdicts say what was trained before", { placeholder: "token" }),
    pull: number("The pull request's number"),
    draft: flag("The pull request is a draft"),
    labels: text("The pull request's labels, with commas", { placeholder: "labels" }),
    asked: flag("Somebody with write access asked for this very commit"),
    budget: number("How many different trainings a pull request may ask for"),
  },
  outputs: {
    train: "Whether anything is to be trained: true or false",
    fingerprint: "Of all that is to be trained, to keep the same training from running twice at once",
  },
  examples: ["trainyard hand-over --base main --out /tmp/handover"],

  async run({ base, out, mergeBase, token, pull, draft, labels, asked, budget }, ports) {
    const handed = await handOver(ports, {
      base,
      mergeBase,
      out: resolve(ports.folder, out),
      token,
      pull: wholeNumber("--pull", pull) ?? null,
      draft,
      labels: (labels ?? "").split(",").map((label) => label.trim()),
      asked,
      budget: wholeNumber("--budget", budget),
    });
    const { models, fingerprint, notes } = handed;
    const train = String(models.some(({ todo }) => todo === "train"));
    const { files } = await ports.workspace(ports.folder);
    const beginning =
      ports.host.kind === "actions" ? await beginningOf(files, resolve(ports.folder, base)) : undefined;
    return {
      outputs: { train, fingerprint },
      text: [...models.map(lineOf), ...notes].join("\n"),
      markdown: summary(models, beginning, notes),
      json: { train: train === "true", fingerprint, models, notes },
    };
  },
});

/** Numbers from a workflow's inputs: 0 stands for none. */
function wholeNumber(option: string, value: number | undefined): number | undefined {
  if (value === undefined || value === 0) return undefined;
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UserError(`${option} is ${value}; it takes a whole number from 1 on`, { exit: EXIT.usage });
}

const SIGNS: Readonly<Record<HandedModel["todo"], string>> = {
  train: "train    ",
  vouched: "vouched  ",
  unchanged: "unchanged",
  held: "held     ",
};

const WORDS: Readonly<Record<HandedModel["todo"], string>> = {
  train: "is trained",
  vouched: "is fetched: the ledger knows this training",
  unchanged: "is as on the base branch",
  held: "is not trained yet",
};

/** For the job's page: what becomes of each model, and what else there is to know. */
function summary(
  models: readonly HandedModel[],
  beginning: string | undefined,
  notes: readonly string[],
): string {
  const rows = models.map(({ model, folder, todo, why }) =>
    [
      markdownCode(model === "" ? folder : model),
      WORDS[todo],
      markdownText(why.slice(0, 3).join("; "), 300),
    ].join(" | "),
  );
  const table = [
    "| Model | What becomes of it | Why |",
    "| :- | :- | :- |",
    ...rows.map((row) => `| ${row} |`),
  ];
  return [
    "### What is to be trained",
    ...(beginning === undefined ? [] : [beginning]),
    table.join("\n"),
    ...notes.map((note) => markdownText(note, 1000)),
  ].join("\n\n");
}

function lineOf({ model, folder, todo, why }: HandedModel): string {
  return `${SIGNS[todo]}  ${model === "" ? folder : `${model} (${folder})`}${why.length === 0 ? "" : `: ${why.join("; ")}`}`;
}
