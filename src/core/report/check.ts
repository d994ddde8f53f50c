import { joinPath } from "../artifacts/path.ts";
import type { DeploymentChange } from "../deployments/change.ts";
import type { JudgedModel, Judgement } from "../proposal/documents.ts";
import { headline, outcomeWords, type Sayable, sentenceOf, toldOf } from "../proposal/status.ts";
import { type ContractTexts, conditionLine, sameLine } from "./check-lines.ts";
import { deploymentsList } from "./comment/deployments.ts";
import { withoutCells } from "./comment/model.ts";
import { markdownCode, markdownText, plain } from "./escape.ts";
import { gateNumbers, gateReason } from "./gate-words.ts";
import { fit } from "./markdown/fit.ts";
import { gateBlocks } from "./markdown/gates.ts";
import { OUTCOMES } from "./outcome.ts";
import type { CheckRow, GateRow } from "./report.ts";
import { checkName } from "./wording.ts";

/** A note on a line of a file of the change. */
export interface CheckAnnotation {
  readonly path: string;
  readonly line: number;
  readonly level: "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

/** What the check says of a commit. */
export interface CheckDraft {
  readonly conclusion: "success" | "failure" | "neutral" | "action_required";
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
}

/** The contract's name in its folder. */
const CONTRACT = "trainyard.yaml";
/** A summary is read in a column beside the list of checks: a screen or two. */
const SUMMARY = 20_000;
/** More notes than these are not read one by one. */
const ANNOTATIONS = 50;
const MODELS = 20;

/**
 * The check of a judgement: conclusion, a summary of the gates, and notes on the lines of the contracts,
 * broken gates first, then undecided ones, then data that break an expectation.
 *
 * @param contracts texts of the contracts by folder
 */
export function checkOf(judgement: Judgement, contracts: ReadonlyMap<string, ContractTexts>): CheckDraft {
  const looked = judgement.models.filter(({ state }) => state !== "unchanged");
  const { word } = OUTCOMES[judgement.verdict];
  const said = plain(headline(judgement), 200);
  return {
    conclusion: conclusionOf(judgement),
    title: looked.length + toldOf(judgement.deployments).length === 0 ? said : `${word}: ${said}`,
    summary: summaryOf(looked, judgement.deployments),
    annotations: annotationsOf(looked, contracts, judgement.deployments),
  };
}

/**
 * What a judgement means for a check; nothing that was held against no limit is called a success, and nothing
 * that a waiver lets through.
 *
 * @example conclusionOf({ verdict: "pass", models: [] }) // => "neutral"
 */
export function conclusionOf({ models, verdict, deployments = [] }: Sayable): CheckDraft["conclusion"] {
  if (verdict === "fail") return "failure";
  if (verdict === "inconclusive") return "action_required";
  if (verdict === "waived") return "neutral";
  const decided = models.some(
    ({ state, report }) => state === "judged" && (report === null || report.gates.length > 0),
  );
  return decided || toldOf(deployments).length > 0 ? "success" : "neutral";
}

function summaryOf(models: readonly JudgedModel[], deployments: readonly DeploymentChange[]): string {
  const states = deploymentsList(deployments);
  if (models.length === 0) return states === "" ? "No model differs from the base branch's." : states;
  const first = { title: "desired states", importance: MODELS + 1, versions: [states, ""] };
  const sections = models.slice(0, MODELS).map((model, index) => {
    const { icon, word } = outcomeWords(model);
    const head = `### ${icon} ${markdownCode(model.model, 80)}: ${word.toLowerCase()}`;
    const parts = [`${head}\n\n${markdownText(sentenceOf(model), 600)}`];
    if (model.report !== null) {
      const report = withoutCells(model.report);
      parts.push(...gateBlocks(report).map(({ versions: [full = ""] }) => full));
    }
    return {
      title: "models",
      importance: MODELS - index,
      versions: [parts.join("\n\n"), parts[0] ?? "", ""],
    };
  });
  return fit(states === "" ? sections : [first, ...sections], SUMMARY);
}

type Found = CheckAnnotation & { readonly order: number };

/** Names of folders and people stand in it: one line, of what can be seen; GitHub takes 255 characters. */
const titled = (text: string): string => plain(text, 200);

function annotationsOf(
  models: readonly JudgedModel[],
  contracts: ReadonlyMap<string, ContractTexts>,
  deployments: readonly DeploymentChange[],
): readonly CheckAnnotation[] {
  const ofModels = models.flatMap((model): Found[] => {
    const texts = contracts.get(model.folder) ?? { base: undefined, head: undefined };
    return [
      ...problemOf(model),
      ...(model.report?.gates ?? []).flatMap((gate) => gateNote(model, gate, texts)),
      ...(model.report?.checks ?? []).flatMap((check) => dataNote(model, check, texts)),
    ];
  });
  return [...deployments.flatMap(stateNote), ...ofModels]
    .sort((a, b) => a.order - b.order)
    .slice(0, ANNOTATIONS)
    .map(({ order: _, ...annotation }) => annotation);
}

/** A desired state that must not be, or of which nobody can tell; one that is gone has no line. */
function stateNote({ path, line, kind, verdict, sentence, model, environment }: DeploymentChange): Found[] {
  if (kind === "removal" || verdict === "pass") return [];
  const failed = verdict === "fail";
  return [
    {
      order: failed ? 0 : 2,
      path,
      line: line ?? 1,
      level: failed ? "failure" : "warning",
      title: titled(`${model} in ${environment}: ${kind}`),
      message: plain(sentence, 1000),
    },
  ];
}

function problemOf({ problem, model, folder }: JudgedModel): Found[] {
  if (problem === null) return [];
  const file = problem.file === null || problem.file === "" ? joinPath(folder, CONTRACT) : problem.file;
  const message = plain(problem.message, 2000);
  return [
    {
      order: 0,
      path: file,
      line: problem.line ?? 1,
      level: "failure",
      title: titled(`${model} could not be judged`),
      message,
    },
  ];
}

function gateNote({ model, folder }: JudgedModel, gate: GateRow, texts: ContractTexts): Found[] {
  if (gate.verdict !== "fail" && gate.verdict !== "inconclusive" && gate.verdict !== "waived") return [];
  const broken = gate.verdict === "fail";
  const { value, interval, limit } = gateNumbers(gate);
  const numbers = `${value}${interval === "" ? "" : ` (${interval})`}, limit ${limit}`;
  const reason = gateReason(gate);
  const told = `${gate.condition}: ${numbers}${reason === "" ? "" : `; ${reason}`}`;
  const line =
    conditionLine(texts.head, gate.condition, gate.line ?? 1) ??
    (gate.line === null ? undefined : sameLine(texts, gate.line));
  return [
    {
      order: broken ? 1 : 2,
      level: broken ? "failure" : "warning",
      title: titled(`${model}: ${noteTitle(gate)}`),
      ...placed(folder, line, gate.line, told),
    },
  ];
}

function noteTitle({ verdict, waived }: GateRow): string {
  if (waived !== undefined) return `gate is waived by ${waived.by} until ${waived.until}`;
  return verdict === "fail" ? "gate is broken" : "gate is not decided, needs an approval";
}

function dataNote({ model, folder }: JudgedModel, check: CheckRow, texts: ContractTexts): Found[] {
  if (check.verdict !== "fail" && check.verdict !== "inconclusive") return [];
  const line = check.line === null ? undefined : sameLine(texts, check.line);
  return [
    {
      order: check.verdict === "fail" ? 3 : 4,
      level: check.verdict === "fail" ? "failure" : "warning",
      title: titled(
        `${model}: data ${check.verdict === "fail" ? "break an expectation" : "leave an expectation open"}`,
      ),
      ...placed(folder, line, check.line, `${checkName(check)}: ${check.explanation}`),
    },
  ];
}

/** On its line of the head's contract; where the change has taken it away, on the first, with where it was. */
function placed(
  folder: string,
  line: number | undefined,
  base: number | null,
  told: string,
): { readonly path: string; readonly line: number; readonly message: string } {
  const path = joinPath(folder, CONTRACT);
  const message = plain(told, 1000);
  if (line !== undefined) return { path, line, message };
  const stands =
    base === null
      ? ""
      : ` (the rule stands on line ${base} of ${plain(path, 300)} on the base branch, and decides)`;
  return { path, line: 1, message: message + stands };
}
