import type { Ingredient } from "../artifacts/ingredient.ts";
import { terminalText } from "../report/escape.ts";
import { counted, formatNumber } from "../report/numbers.ts";
import { type Paint, paint } from "../report/terminal/columns.ts";
import type { TerminalStyle } from "../report/terminal.ts";
import { formatBytes } from "../text/bytes.ts";
import { isSeed, isVouched, type Measured, ofKind, type Why } from "./why.ts";

/** So many of each are shown; `--json` has all. */
const METRICS = 8;
const PARAMETERS = 12;
const RECORDS = 5;
const WIDTH = 11;

/** One page that says why these bytes are what they are. */
export function showWhy(why: Why, { colour }: Pick<TerminalStyle, "colour">): string {
  const ink = paint(colour);
  const { md5, sha256, size, nfiles, versions, commit, fingerprint } = why;
  const bytes = [
    ...(size === undefined ? [] : [formatBytes(size)]),
    ...(nfiles === undefined ? [] : [counted(nfiles, "file")]),
  ];
  const seeds = ofKind(why, "parameters").filter(isSeed);
  const parameters = ofKind(why, "parameters").filter((one) => !isSeed(one) && one.name.startsWith("train."));
  const lines = [
    `${ink.bold(why.model)}  ${terminalText(why.found)}${bytes.length === 0 ? "" : `, ${bytes.join(" in ")}`}`,
    ...section("sha256", sha256 === undefined ? [] : [sha256]),
    ...section("md5", md5 === undefined ? [] : [md5]),
    ...section(
      "versions",
      versions.map(({ tag, by, at }) => `${tag}, ${at.slice(0, 10)}, by ${by}`),
    ),
    vouchedText(why, ink),
    "",
    ...section("commit", commit === undefined ? [] : [commitText(commit)]),
    ...section("data", ofKind(why, "data").map(fileText)),
    ...section("code", ofKind(why, "code").map(fileText)),
    ...section("parameters", shortened(parameters.map(valueText), PARAMETERS)),
    ...section("seeds", seeds.map(valueText)),
    ...section("made with", ofKind(why, "environment", "backend", "tool").map(toolText)),
    ...section("training", fingerprint === undefined ? [] : [`fingerprint ${fingerprint.slice(0, 12)}`]),
    "",
    ...section("metrics", shortened(why.metrics.map(metricText), METRICS)),
    ...section(
      "gates",
      why.gates.map(({ condition, verdict }) => `${verdict.padEnd(5)} ${condition}`),
    ),
    "",
    ...section("verdicts", shortened((why.records ?? []).map(recordText), RECORDS)),
    ...section("review", why.pulls.map(pullText)),
    ...section("deployed", shortened(why.deployments.map(deploymentText), RECORDS)),
    ...why.notes.map((note) => `note: ${terminalText(note, 400)}`),
  ];
  return lines
    .filter((line, index) => line !== "" || (lines[index - 1] !== "" && index < lines.length - 1))
    .join("\n");
}

/** A name, and beside it a line for each thing. */
function section(name: string, all: readonly string[]): readonly string[] {
  return all.map((text, index) => `${(index === 0 ? name : "").padEnd(WIDTH)} ${terminalText(text, 200)}`);
}

function shortened(all: readonly string[], most: number): readonly string[] {
  return all.length <= most ? all : [...all.slice(0, most), `and ${all.length - most} more; --json has all`];
}

function vouchedText(why: Why, ink: Paint): string {
  const vouched = isVouched(why);
  if (vouched === undefined)
    return ink.yellow("whether anybody vouches for these bytes is not known: the ledger was not read");
  if (vouched) return ink.green("vouched for: a verdict in the ledger let these bytes pass");
  const judged = (why.records ?? []).length > 0;
  return ink.red(
    judged
      ? "nobody vouches for these bytes: every verdict on them in the ledger is a failure"
      : "nobody vouches for these bytes: no verdict in the ledger is about them",
  );
}

const commitText = ({ id, at, author, subject }: NonNullable<Why["commit"]>): string =>
  `${id.slice(0, 12)}, ${at.slice(0, 10)}, ${author}: ${subject}`;

const fileText = ({ name, sha256, size }: Ingredient): string =>
  [
    name,
    ...(sha256 === undefined ? [] : [`sha256 ${sha256.slice(0, 12)}`]),
    ...(size === undefined ? [] : [formatBytes(size)]),
  ].join(", ");

const valueText = ({ name, value, sha256 }: Ingredient): string =>
  `${name} ${value === undefined ? (sha256?.slice(0, 12) ?? "") : JSON.stringify(value)}`;

const toolText = (one: Ingredient): string =>
  one.kind === "backend"
    ? one.name
    : one.kind === "tool"
      ? `${one.name} ${String(one.value ?? "")}`
      : fileText(one);

function metricText({ name, value, interval }: Measured): string {
  const range =
    interval === null
      ? ""
      : ` (${formatNumber(interval.low)} to ${formatNumber(interval.high)}, ${Math.round(interval.confidence * 1000) / 10}%)`;
  return `${name} ${formatNumber(value)}${range}`;
}

const recordText = ({
  verdict,
  judged_at,
  pull,
  sentence,
  origin,
  judged_by,
}: NonNullable<Why["records"]>[number]): string =>
  `${verdict}, ${judged_at.slice(0, 10)}, ${pull === null ? "in a merge queue" : `#${pull}`}, ${origin}: ${sentence} ${judged_by}`;

const pullText = ({ number, author, approvedBy, title }: Why["pulls"][number]): string =>
  `#${number} by ${author}, ${approvedBy.length === 0 ? "approved by nobody" : `approved by ${approvedBy.join(", ")}`}: ${title}`;

const deploymentText = ({
  environment,
  deployed_at,
  state,
  reason,
  deployed_by,
  version,
}: Why["deployments"][number]): string =>
  `${environment}, ${deployed_at.slice(0, 10)}, ${version}, ${reason}${state === "success" ? "" : `, ${state}`} ${deployed_by}`;
