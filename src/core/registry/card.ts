import { evaluationOf, trainingOf } from "../card/evaluation.ts";
import { cardMetadata } from "../card/metadata.ts";
import { type CardWords, limitsOf, usesOf } from "../card/words.ts";
import type { ParamValue } from "../experiments/record.ts";
import type { VerdictRecord } from "../proposal/documents.ts";
import { markdownCode, markdownText } from "../report/escape.ts";
import { left, right, table } from "../report/markdown/blocks.ts";
import { formatNumber } from "../report/numbers.ts";
import { OUTCOMES, wordOf } from "../report/outcome.ts";
import type { Report } from "../report/report.ts";
import { waivedText } from "../report/sections/waivers.ts";
import { formatBytes } from "../text/bytes.ts";

/** What the contract says of a model, where its lock names the very bytes that are registered. */
export interface CardContract {
  readonly task: string;
  readonly owner: string | undefined;
  readonly problem: string | undefined;
  readonly because: string | undefined;
  readonly label: string | undefined;
  readonly trainer: string;
  /** Where it is deployed to, in the contract's order. */
  readonly environments: readonly string[];
  /** What it says for the card itself. */
  readonly card?: CardWords | undefined;
}

/** A data file that the model was learnt from. */
export interface CardData {
  readonly name: string;
  readonly sha256: string | undefined;
  readonly size: number | undefined;
}

/** What a model card is made from. */
export interface CardFacts {
  readonly model: string;
  readonly version: string;
  readonly tag: string;
  readonly commit: string;
  /** The contract's folder, `.` where it is the repository's top. */
  readonly folder: string;
  readonly digest: { readonly sha256: string; readonly md5: string };
  /** Where the repository is looked at; undefined where that is not known. */
  readonly address: string | undefined;
  readonly contract: CardContract | undefined;
  readonly data: readonly CardData[];
  /** The verdict that vouches for the bytes. */
  readonly record: VerdictRecord | undefined;
  /** What was measured: the same value as the comment's. */
  readonly report?: Report | undefined;
  /** What it was trained with; empty where the lock names other bytes. */
  readonly params?: Readonly<Record<string, ParamValue>>;
}

const MOST = 50;

/** The card as a file: Hugging Face's metadata, then the card. */
export const modelCardFile = (facts: CardFacts): string => `${cardMetadata(facts)}${modelCard(facts)}`;

/**
 * The model card: what it is and is not for, how it was made, what vouches for it, and how it is fetched
 * and served. Same facts, same text.
 */
export function modelCard(facts: CardFacts): string {
  const { model, version, contract, record, report, params = {} } = facts;
  const words = contract?.card ?? {};
  const judged = record ?? report;
  const problem = contract?.problem ?? report?.problem ?? undefined;
  const parts = [
    `# ${markdownText(`${model} ${version}`)}`,
    problem === undefined ? "" : markdownText(problem),
    judged === undefined
      ? ""
      : `${OUTCOMES[judged.verdict].icon} **${OUTCOMES[judged.verdict].word}.** ${markdownText(judged.sentence, 600)}`,
    aboutOf(facts),
    ...usesOf(words),
    ...limitsOf(words),
    ...trainingOf(report, params, record?.fingerprint),
    ...dataOf(facts.data),
    ...(report === undefined
      ? [...metricsOf(record), ...gatesOf(record, contract)]
      : evaluationOf(report, record !== undefined)),
    useOf(facts),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function aboutOf({ digest, commit, address, record, contract, folder }: CardFacts): string {
  const words = contract?.card ?? {};
  const short = markdownCode(commit.slice(0, 7));
  const row = (title: string, cell: string | undefined): string[][] =>
    cell === undefined ? [] : [[title, cell]];
  const pull = record?.pull ?? undefined;
  const rows = [
    ...row("Task", contract && markdownText(contract.task)),
    ...row("Predicts", contract?.label === undefined ? undefined : markdownCode(contract.label, 100)),
    ...row("Trainer", contract && markdownText(contract.trainer, 100)),
    ...row("License", words.license === undefined ? undefined : markdownText(words.license, 100)),
    ...row("Owner", contract?.owner === undefined ? undefined : markdownText(contract.owner, 100)),
    ...row("Commit", address === undefined ? short : `[${short}](${address}/commit/${commit})`),
    ...row("Contract", markdownCode(folder === "." ? "trainyard.yaml" : `${folder}/trainyard.yaml`, 200)),
    ...row("Judged in", pull === undefined ? undefined : pullText(address, pull)),
    ...row("Judged by", record && markdownText(record.tool, 100)),
    ...row("Trained", record && markdownText(record.origin)),
    ...row("sha256", markdownCode(digest.sha256)),
    ...row("md5", markdownCode(digest.md5)),
  ];
  return table([left("What"), left("")], rows);
}

const pullText = (address: string | undefined, pull: number): string =>
  address === undefined ? `pull request ${pull}` : `[pull request ${pull}](${address}/pull/${pull})`;

function metricsOf(record: VerdictRecord | undefined): string[] {
  const metrics = Object.entries(record?.metrics ?? {}).slice(0, MOST);
  if (metrics.length === 0) return [];
  const rows = metrics.map(([name, value]) => [markdownCode(name, 100), formatNumber(value)]);
  return [
    "## Metrics",
    "On the rows that were held back from training.",
    table([left("Metric"), right("Value")], rows),
  ];
}

function gatesOf(record: VerdictRecord | undefined, contract: CardContract | undefined): string[] {
  if (record === undefined) return [];
  if (record.gates.length === 0) return ["## Gates", "None: nothing was held against a limit."];
  const rows = record.gates
    .slice(0, MOST)
    .map(({ condition, verdict, waived }) => [
      markdownCode(condition, 100),
      `${OUTCOMES[verdict].icon} ${waived === undefined ? wordOf(verdict) : markdownText(waivedText(waived), 240)}`,
    ]);
  const because = contract?.because === undefined ? [] : [markdownText(contract.because)];
  return ["## Gates", ...because, table([left("Gate"), left("Verdict")], rows)];
}

function dataOf(data: readonly CardData[]): string[] {
  if (data.length === 0) return [];
  const rows = data
    .slice(0, MOST)
    .map(({ name, sha256, size }) => [
      markdownCode(name, 100),
      sha256 === undefined ? "–" : markdownCode(sha256),
      size === undefined ? "–" : formatBytes(size),
    ]);
  return ["## Data", table([left("File"), left("sha256"), right("Size")], rows)];
}

/** Names of models, versions and folders that were checked; a folder in quotes all the same. */
function useOf({ model, tag, folder, contract }: CardFacts): string {
  const path = folder === "." ? `models/${model}` : `${folder}/models/${model}`;
  const lines = [
    `git fetch --tags && git checkout ${quoted(tag)}`,
    `trainyard pull ${quoted(path)}`,
    ...(contract?.environments ?? []).map(
      (environment) =>
        `trainyard serve --environment ${environment} --model ${model}   # once it is deployed there`,
    ),
  ];
  return `## Use it\n\n\`\`\`sh\n${lines.join("\n")}\n\`\`\``;
}

const quoted = (text: string): string =>
  /^[\w./@-]+$/.test(text) ? text : `'${text.replace(/[^\p{L}\p{N} ._/@#=!+-]/gu, "?")}'`;
