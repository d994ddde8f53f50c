import { conditionParts } from "../condition.ts";
import { htmlText } from "../escape.ts";
import { formatAgainst, formatExact, formatInterval, formatNumber } from "../numbers.ts";
import { gateWords, gravestFirst } from "../outcome.ts";
import { stripPlot } from "../plots/strip.ts";
import type { GateRow, Report } from "../report.ts";
import { card, codeHtml, sub, tableHtml, tag } from "./markup.ts";

/** So many gates have a picture; the others are told in numbers. */
const PICTURES = 40;

/** What decides: each gate with its value on the way to its limit, the gravest first. */
export function gatesCard({ gates }: Pick<Report, "gates">): string {
  if (gates.length === 0) {
    return card(
      "Gates",
      `<p>${tag("no gates", "No gates")}</p><p class="note">The contract sets no limit, so nothing was decided. This is not a pass.</p>`,
    );
  }
  const headings = [
    { title: "Condition", kind: "text" },
    { title: "Value, interval and limit", optional: true },
    { title: "Value", number: true },
    { title: "Limit", number: true },
    { title: "Verdict" },
  ] as const;
  const table = tableHtml("Gates: what decides", headings, gravestFirst(gates), gateCells);
  return card("Gates", table, "what decides; the shaded side of the limit passes");
}

function gateCells(gate: GateRow, index: number): string[] {
  const { side, relative } = conditionParts(gate.condition);
  const strip =
    index < PICTURES
      ? stripPlot({
          id: `gate-${index}`,
          title: `Gate ${gate.condition}`,
          value: gate.value,
          interval: gate.interval,
          limit: gate.limit,
          side,
        })
      : null;
  const why = gate.verdict === "pass" ? "" : sub(htmlText(gate.explanation, 240));
  return [
    codeHtml(gate.condition, 120) + why,
    strip ?? "–",
    `${formatAgainst(gate.value, gate.limit)}${gate.interval === null ? "" : sub(formatInterval(gate.interval))}`,
    relative ? formatNumber(gate.limit) : formatExact(gate.limit),
    tag(gate.verdict, gateWords(gate)),
  ];
}
