import type { JudgedModel } from "../../proposal/documents.ts";
import { markdownCode, markdownText, summaryCode } from "../escape.ts";
import { gateNumbers } from "../gate-words.ts";
import { type Block, foldBlock, left, tableVersions } from "../markdown/blocks.ts";
import { counted } from "../numbers.ts";
import { gateWords, OUTCOMES, outcomeOf } from "../outcome.ts";
import type { GateRow, Report } from "../report.ts";
import type { CommentFacts } from "./facts.ts";
import { branchName } from "./review.ts";

/** "Rules changed", as a line of its own: what the base's rules say decides, and the others stand beside. */
export function rulesLine({ rules, report, proposed }: JudgedModel, facts: CommentFacts): string | null {
  if (rules.length === 0 && proposed === null) return null;
  const changed =
    rules.length === 0
      ? ""
      : ` (${rules
          .slice(0, 3)
          .map(({ name }) => markdownCode(name, 60))
          .join(", ")}${rules.length > 3 ? ` and ${rules.length - 3} more` : ""})`;
  const results = [
    ...(report === null ? [] : [`by those of ${branchName(facts)}, which decide: ${words(report)}`]),
    ...(proposed === null ? [] : [`by the proposed ones: ${words(proposed)}`]),
  ];
  return `> [!WARNING]\n> **Rules changed**${changed}: a code owner has to agree.${results.length === 0 ? "" : ` ${capital(results.join("; "))}.`}`;
}

function words(report: Report): string {
  const { icon, word } = OUTCOMES[outcomeOf(report)];
  return `${icon} **${word.toLowerCase()}**`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Each rule before and after, folded. */
export function rulesBlock({ rules }: Pick<JudgedModel, "rules">): Block | null {
  if (rules.length === 0) return null;
  const versions = tableVersions([left("Rule"), left("Before"), left("After")], rules, "rules", (rule) => [
    markdownCode(rule.name, 80),
    rule.before === null ? "(none)" : markdownCode(rule.before, 120),
    rule.after === null ? "(removed)" : markdownCode(rule.after, 120),
  ]);
  const named = rules.slice(0, 3).map(({ name }) => summaryCode(name, 60));
  const more = rules.length > 3 ? ` and ${rules.length - 3} more` : "";
  return foldBlock("Changed rules", 95, versions, named.join(", ") + more);
}

/** Each gate by the deciding rules and by the proposed ones, side by side, folded. */
export function gatesBesideBlock({ report, proposed }: JudgedModel): Block | null {
  if (proposed === null) return null;
  const decided = new Map((report?.gates ?? []).map((gate) => [gate.condition, gate]));
  const wanted = new Map(proposed.gates.map((gate) => [gate.condition, gate]));
  const conditions = [...new Set([...decided.keys(), ...wanted.keys()])];
  const headings = [left("Gate"), left("Rules of the base: these decide"), left("Proposed rules")];
  const versions = tableVersions(headings, conditions, "gates", (condition) => [
    markdownCode(condition, 100),
    cell(decided.get(condition)),
    proposed.withheld === undefined ? cell(wanted.get(condition)) : verdictCell(wanted.get(condition)),
  ]);
  const summary = counted(conditions.length, "gate");
  const { withheld } = proposed;
  const why =
    withheld === undefined
      ? ""
      : `\n\nBy the proposed rules verdicts alone are shown: ${markdownText(withheld, 300)}.`;
  const told = versions.map((version) => `${version}${why}`);
  return foldBlock("Gates by both rules", 94, told, summary);
}

function verdictCell(gate: GateRow | undefined): string {
  return gate === undefined ? "no such gate" : `${OUTCOMES[gate.verdict].icon} ${gateWords(gate)}`;
}

function cell(gate: GateRow | undefined): string {
  if (gate === undefined) return "no such gate";
  const { value, interval } = gateNumbers(gate);
  return `${OUTCOMES[gate.verdict].icon} ${gateWords(gate)}, ${value}${interval === "" ? "" : ` (${interval})`}`;
}
