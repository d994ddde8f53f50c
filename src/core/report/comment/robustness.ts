import { markdownCode, markdownText, summaryCode } from "../escape.ts";
import { type Block, foldBlock, left, right, table } from "../markdown/blocks.ts";
import { formatEstimate, formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import type { Robustness } from "../sections/robustness.ts";
import {
  askedText,
  brokenText,
  columnsText,
  dropText,
  expectationWord,
  flattery,
  robustnessFinding,
  worstCases,
} from "../sections/robustness-words.ts";

const quote = (name: string): string => markdownCode(name, 60);
const titled = ({ metric }: Pick<Robustness, "metric">): string => markdownText(metric.title, 60);
/** Columns and expectations that a comment names of each kind. */
const TOLD = 5;

/** How the model stands up to worse rows, folded behind the finding. */
export function robustnessBlock({ robustness }: Pick<Report, "robustness">): Block | null {
  if (robustness === undefined) return null;
  const said = flattery(robustness, quote).map(({ text }) => `- ${text}`);
  const parts = [
    expectations(robustness),
    perturbations(robustness),
    said.length === 0 ? "" : `**What could flatter it**\n\n${said.join("\n")}`,
    importance(robustness),
    robustness.unchecked === null ? markdownText(askedText(robustness), 900) : "",
  ].filter((text) => text !== "");
  const finding = robustnessFinding(
    robustness,
    (name) => summaryCode(name, 60),
    (text) => markdownText(text, 160),
  );
  return foldBlock("Robustness", 62, [parts.join("\n\n"), parts.slice(0, 2).join("\n\n")], finding);
}

function perturbations(robustness: Robustness): string {
  const cases = worstCases(robustness);
  if (cases.length === 0) return "";
  const headings = [
    left("Worst case"),
    left("Where"),
    right(titled(robustness)),
    right("Worse by"),
    left(""),
  ];
  const rows = cases.map(({ title, variant, drop, standing, refused }) => [
    title,
    variant === undefined
      ? "–"
      : `${columnsText(variant.columns, quote)}, ${markdownText(variant.words, 120)}`,
    formatNumber(drop?.value),
    dropText(drop),
    `${standing}${refusedText(refused)}`,
  ]);
  return `${titled(robustness)} on the untouched rows: ${formatNumber(robustness.value)}.\n\n${table(headings, rows)}`;
}

/** Columns whose perturbed values the model gives no answer for. */
function refusedText(refused: readonly string[]): string {
  if (refused.length === 0) return "";
  const more = refused.length > TOLD ? ` and ${refused.length - TOLD} more` : "";
  return `; no answer: ${refused.slice(0, TOLD).map(quote).join(", ")}${more}`;
}

function expectations({ expectations: all }: Robustness): string {
  if (all.length === 0) return "";
  const order = ["broken", "not checked", "holds"];
  const shown = [...all]
    .sort((a, b) => order.indexOf(expectationWord(a)) - order.indexOf(expectationWord(b)))
    .slice(0, 2 * TOLD);
  const rows = shown.map((row) => [
    markdownText(row.text, 160),
    markdownText(brokenText(row), 120),
    row.state === "checked" ? formatNumber(row.farthest) : "–",
    expectationWord(row),
  ]);
  return table([left("Expected"), left("Rows that break it"), right("Farthest"), left("")], rows);
}

function importance({ importance: all, metric }: Robustness): string {
  const shown = all.filter(({ value }) => value !== null).slice(0, TOLD);
  if (shown.length === 0) return "";
  const rows = shown.map(({ name, value, interval }) => [quote(name), formatEstimate(value, interval)]);
  const title = `${titled({ metric })} worse by, with the column shuffled`;
  return table([left("It rests on"), left(title)], rows);
}
