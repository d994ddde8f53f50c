import { markdownCode, markdownText } from "../escape.ts";
import { gateNumbers, gateTold } from "../gate-words.ts";
import { counted, formatCount } from "../numbers.ts";
import { gateWords, gravestFirst, OUTCOMES, wordOf } from "../outcome.ts";
import type { CheckRow, GateRow, Report } from "../report.ts";
import { checkName } from "../wording.ts";
import { type Block, detailsBlock, left, right, tableVersions } from "./blocks.ts";

/** Gates that a reader must see although they pass, with the reason: `was fail at the last push`. */
export type Changed = ReadonlyMap<string, string>;

/** A gate, or an expectation of the data: both decide. */
type Decider = { readonly gate: GateRow } | { readonly check: CheckRow };

/**
 * What decides: open where it does not pass, was not decided or changed, the gravest first; the rest is
 * counted, and folded.
 */
export function gateBlocks(
  { gates, checks }: Pick<Report, "gates" | "checks">,
  changed: Changed = new Map(),
): Block[] {
  const none: Block = {
    title: "gates",
    versions: ["**No gates.** The contract sets no limit, so nothing was decided: this is not a pass."],
  };
  const isOpen = (gate: GateRow): boolean =>
    gate.verdict !== "pass" || gate.state === "undecided" || changed.has(gate.condition);
  const open = [
    ...gates.filter(isOpen).map((gate) => ({ verdict: gate.verdict, gate })),
    ...checks.filter(({ verdict }) => verdict !== "pass").map((check) => ({ verdict: check.verdict, check })),
  ];
  return [
    ...(gates.length === 0 ? [none] : []),
    ...(open.length === 0 ? [] : [openBlock(gravestFirst(open), changed)]),
    ...passedBlock(
      gates.filter((gate) => !isOpen(gate)),
      gates.length,
    ),
  ];
}

function openBlock(open: readonly Decider[], changed: Changed): Block {
  const headings = [left("What decides"), right("Value"), right("Limit"), left("Verdict")];
  const versions = tableVersions(headings, open, "that decide, the gravest first", (one) =>
    "gate" in one ? gateCells(one.gate, changed.get(one.gate.condition)) : checkCells(one.check),
  );
  return { title: "gates", importance: 100, versions };
}

function passedBlock(passed: readonly GateRow[], all: number): Block[] {
  if (passed.length === 0) return [];
  const headings = [left("Gate"), right("Value"), right("Limit"), left("Verdict")];
  const versions = tableVersions(headings, passed, "gates that pass", (gate) => gateCells(gate));
  const count =
    passed.length < all
      ? `${counted(passed.length, "gate")} of ${formatCount(all)}`
      : all === 1
        ? "The one gate"
        : all === 2
          ? "Both gates"
          : `All ${formatCount(all)} gates`;
  const pass = passed.length === 1 ? "passes" : "pass";
  return [detailsBlock("passed gates", 85, versions, `${OUTCOMES.pass.icon} <b>${count}</b> ${pass}`)];
}

function gateCells(gate: GateRow, changed?: string): string[] {
  const { value, interval, limit } = gateNumbers(gate);
  const passes = gate.verdict === "pass" && gate.state !== "undecided";
  const reason = passes ? "" : gateTold(gate);
  const why = reason === "" ? "" : `: ${markdownText(reason, 240)}`;
  const words = `${gateWords(gate)}${why}`;
  return [
    markdownCode(gate.condition, 100),
    interval === "" ? value : `${value} (${interval})`,
    limit,
    `${OUTCOMES[gate.verdict].icon} ${words}${changed === undefined ? "" : ` (${markdownText(changed, 80)})`}`,
  ];
}

function checkCells(check: CheckRow): string[] {
  const { count, rows, verdict, explanation } = check;
  const of = rows === null ? "" : ` of ${formatCount(rows)}`;
  const why = explanation.trim() === "" ? "" : `: ${markdownText(explanation, 240)}`;
  return [
    `data: ${markdownCode(checkName(check), 100)}`,
    count === null ? "–" : `${formatCount(count)}${of} rows`,
    "–",
    `${OUTCOMES[verdict].icon} ${wordOf(verdict)}${why}`,
  ];
}
