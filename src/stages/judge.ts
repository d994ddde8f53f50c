import { resolve } from "node:path";
import type { JudgedModel, Judgement } from "../core/proposal/documents.ts";
import { outcomeWords, sentenceOf } from "../core/proposal/status.ts";
import { terminalText } from "../core/report/escape.ts";
import type { renderTerminal } from "../core/report/terminal.ts";
import { EXIT } from "../errors.ts";
import { judge } from "../works/judge.ts";
import { choice, flag, number, required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard judge --base main` */
export default defineStage({
  name: "judge",
  summary: "Judge a change by the rules of its base: gates, holdout, label and data as the base has them.",
  action: { icon: "check-square", color: "green" },
  inputs: {
    base: required("The base branch: a folder that holds its tree, or a revision", { placeholder: "base" }),
    trained: text("A folder that `trainyard train --handover` wrote; else the model that is here", {
      placeholder: "folder",
    }),
    trainedOutside: choice(
      "What becomes of a model that no run of ours trained",
      ["refuse", "show"],
      "refuse",
    ),
    verify: flag("Look up what was judged before, and score nothing: for a merge queue"),
    mergeBase: text("The commit at which the change left the base", { placeholder: "commit" }),
    pull: number("The pull request's number: models that others trained are not taken for its own"),
    token: text("Reads the ledger, where verdicts say what was trained before", { placeholder: "token" }),
    out: text("Folder to write: judgement.json, report.html and models/", { placeholder: "folder" }),
  },
  outputs: { verdict: "pass, warn, waived, inconclusive or fail" },
  examples: ["trainyard judge --base main", "trainyard judge --base main --json"],

  async run({ base, trained, trainedOutside, verify, mergeBase, pull, token, out }, ports) {
    const here = ports.host.kind === "terminal" && trained === undefined;
    const judgement = await judge(ports, {
      base,
      trained: trained === undefined ? undefined : resolve(ports.folder, trained),
      outside: trainedOutside === "show" || here,
      verify,
      mergeBase,
      pull: pull === 0 ? undefined : pull,
      token,
      out: out === undefined ? undefined : resolve(ports.folder, out),
    });
    const terminal = await import("../core/report/terminal.ts"); // nothing of it is needed to judge
    return {
      exit: EXIT.ok, // the verdict travels in the document, and the jobs go on
      outputs: { verdict: judgement.verdict },
      text: textOf(judgement, (report) => terminal.renderTerminal(report, ports.screen)),
      json: judgement,
    };
  },
});

type Render = (report: Parameters<typeof renderTerminal>[0]) => string;

function textOf(judgement: Judgement, render: Render): string {
  const { models, deployments, notes, base, commit, verdict } = judgement;
  return [
    ...deployments.map((state) => terminalText(`${state.path}: ${state.verdict}. ${state.sentence}`, 2000)),
    ...models.map((model) => modelText(model, render)),
    ...notes.map((note) => `note: ${terminalText(note, 600)}`),
    `${verdict}: ${commit.slice(0, 7)} by the rules of ${base.slice(0, 7)}`,
  ].join("\n\n");
}

function modelText(model: JudgedModel, render: Render): string {
  const { report, proposed, rules, problem, behind } = model;
  const { word } = outcomeWords(model);
  const place = problem?.file == null || problem.line === null ? "" : `${problem.file}:${problem.line} `;
  const lines =
    report === null
      ? [terminalText(`${model.model} (${model.folder}): ${word}. ${place}${sentenceOf(model)}`, 2000)]
      : [render(report)];
  return [
    ...lines,
    ...(rules.length === 0 ? [] : ["rules changed; those of the base decide:", ...rules.map(ruleText)]),
    ...(proposed === null
      ? []
      : [`by the proposed rules: ${proposed.verdict}. ${terminalText(proposed.sentence, 600)}`]),
    ...(behind
      ? ["the base has another lock by now: merge it, keep either side of trainyard.lock, and run again"]
      : []),
  ].join("\n");
}

function ruleText({ name, before, after, line }: JudgedModel["rules"][number]): string {
  const at = line === null ? "" : ` (line ${line})`;
  return terminalText(`  ${name}${at}: ${before ?? "nothing"} → ${after ?? "nothing"}`, 400);
}
