import { conditionParts } from "../condition.ts";
import { htmlText } from "../escape.ts";
import { gateNumbers, gateTold } from "../gate-words.ts";
import { formatCount } from "../numbers.ts";
import { gateWords, gravestFirst, tally } from "../outcome.ts";
import { stripPlot } from "../plots/strip.ts";
import type { GateRow, Report } from "../report.ts";
import { card, codeHtml, sub, tableHtml, tag } from "./markup.ts";

/** So many gates stand on the first screen. */
const FIRST = 10;

/** What decides: each gate with its value on the way to its limit, the gravest first. */
export function gatesCard({ gates }: Pick<Report, "gates">): string {
  if (gates.length === 0) {
    return card(
      "Gates",
      `<p>${tag("no gates", "No gates")}</p><p class="note">The contract sets no limit, so nothing was decided. This is not a pass.</p>`,
    );
  }
  const left = gates.length - FIRST;
  const more = left > 0 ? `<p class="note">${formatCount(left)} more below: ${tally(gates)} in all</p>` : "";
  const table = gatesTable("Gates: what decides", gravestFirst(gates).slice(0, FIRST), true);
  return card("Gates", table + more, "what decides; the shaded side of the limit passes");
}

/** All gates, where the first screen could not hold them. */
export function allGatesCard({ gates }: Pick<Report, "gates">, rows?: number): string {
  return gates.length <= FIRST
    ? ""
    : card("All gates", gatesTable("All gates", gravestFirst(gates), false, rows), tally(gates));
}

function gatesTable(caption: string, gates: readonly GateRow[], pictures: boolean, rows?: number): string {
  const headings = [
    { title: "Condition", kind: "text" },
    ...(pictures ? ([{ title: "Value, interval and limit", optional: true }] as const) : []),
    { title: "Value", number: true },
    { title: "Limit", number: true, optional: true }, // a phone has the condition, which names it, and room for the verdict
    { title: "Verdict" },
  ] as const;
  const cells = (gate: GateRow, index: number) => gateCells(gate, pictures ? `gate-${index}` : null);
  return tableHtml(caption, headings, gates, cells, rows);
}

function gateCells(gate: GateRow, picture: string | null): string[] {
  const { side } = conditionParts(gate.condition);
  const shown = gateNumbers(gate);
  const strip = (id: string): string =>
    stripPlot({
      id,
      title: `Gate ${gate.condition}`,
      value: gate.value,
      interval: gate.interval,
      limit: gate.limit,
      side,
    }) ?? "–";
  const why = gate.verdict === "pass" ? "" : sub(htmlText(gateTold(gate), 240));
  return [
    codeHtml(gate.condition, 120) + why,
    ...(picture === null ? [] : [strip(picture)]),
    `${shown.value}${shown.interval === "" ? "" : sub(shown.interval)}`,
    shown.limit,
    verdictCell(gate),
  ];
}

function verdictCell(gate: GateRow): string {
  const [word = "", ...rest] = gateWords(gate).split(", ");
  return tag(gate.verdict, word) + sub(rest.join(", "));
}
