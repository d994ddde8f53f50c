import { markdownCode, markdownText } from "../escape.ts";
import { gateWords, gravestFirst, OUTCOMES } from "../outcome.ts";
import type { GateRow, Report } from "../report.ts";
import { gateNumbers } from "../wording.ts";
import { type Block, left, right, tableVersions } from "./blocks.ts";

/** What decides: each gate with its value, its limit and its verdict, the gravest first. */
export function gatesBlock({ gates }: Pick<Report, "gates">): Block {
  if (gates.length === 0) {
    const text = "**No gates.** The contract sets no limit, so nothing was decided: this is not a pass.";
    return { title: "gates", versions: [text] };
  }
  const headings = [left("Gate"), right("Value"), right("Limit"), left("Verdict")];
  const versions = tableVersions(headings, gravestFirst(gates), "gates, the gravest first", gateCells);
  return { title: "gates", importance: 100, versions };
}

function gateCells(gate: GateRow): string[] {
  const { value, interval, limit } = gateNumbers(gate);
  const why =
    gate.verdict === "pass" || gate.explanation.trim() === ""
      ? ""
      : `: ${markdownText(gate.explanation, 240)}`;
  return [
    markdownCode(gate.condition, 100),
    interval === "" ? value : `${value} (${interval})`,
    limit,
    `${OUTCOMES[gate.verdict].icon} ${gateWords(gate)}${why}`,
  ];
}
