import { terminalText } from "../report/escape.ts";
import { counted, formatCount, formatExact, formatNumber, formatShare } from "../report/numbers.ts";
import type { GatePower, HoldoutRows, Prospect } from "./power.ts";

/** What the data at hand can decide, for a person. */
export function showPower(model: string, rows: HoldoutRows, gates: readonly GatePower[]): string {
  const head = `${terminalText(model)}: ${counted(rows.holdout, "holdout row")} of ${formatCount(rows.all)}${classesText(rows)}${worthText(rows)}`;
  if (gates.length === 0) return `${head}\n  the contract has no gates`;
  return [head, ...gates.flatMap((gate) => ["", ...gateLines(gate, rows)])].join("\n");
}

const classesText = ({ classes }: Pick<HoldoutRows, "classes">): string =>
  classes.length === 2 ? `, ${classes.map(formatCount).join(" and ")} of the two classes` : "";

/** Of rows that count by weights: how many equal ones they are worth, which is what widths come from. */
function worthText({ effective }: HoldoutRows): string {
  if (effective === undefined) return "";
  const worth = `${formatCount(effective.holdout)} of ${formatCount(effective.all)}${classesText(effective)}`;
  return `;\n  by their weights they tell as much as ${worth}`;
}

function gateLines(gate: GatePower, rows: HoldoutRows): string[] {
  const lines = [`  ${terminalText(gate.condition, 200)}`];
  if (gate.prospects.length === 0) {
    return [...lines, "    not known beforehand: judged once, the gate itself says how wide its interval is"];
  }
  for (const prospect of gate.prospects) lines.push(`    ${prospectText(prospect, gate)}`);
  const doubtful = gate.prospects.some(({ undecided }) => undecided !== null && undecided > OFTEN);
  if (gate.proposed !== null && gate.margin !== null) {
    lines.push(
      doubtful && gate.proposed > gate.margin
        ? `    with a margin of ${formatExact(gate.proposed)} four of five would be decided`
        : "    the margin is one that these rows can decide, in four of five cases at least",
    );
  }
  if (rows.holdout < SMALL && rows.all > rows.holdout && doubtful) lines.push(`    ${crossText(gate, rows)}`);
  return lines;
}

/** A gate that leaves more pairs of equal models undecided is worth a remark. */
const OFTEN = 0.2;
/** With more holdout rows than this, cross-validation buys little for its price. */
const SMALL = 2000;

function prospectText({ supposing, half_width, undecided }: Prospect, { against }: GatePower): string {
  const width = `±${formatNumber(half_width)}`;
  if (against === "number") {
    const by = supposing === "the last evaluation" ? ", as in the last evaluation" : "";
    return `interval ${width}${by}: decided where the value that is found is at least so far from the limit`;
  }
  const share = undecided === null ? "" : `: ${formatShare(undecided)} of equally good models left undecided`;
  const as = supposing === "the last evaluation" ? "as in the last evaluation" : `for ${supposing}`;
  return `difference ${width} ${as}${share}`;
}

function crossText({ cross_validated }: GatePower, rows: HoldoutRows): string {
  const widths = cross_validated.map((width) => `±${formatNumber(width)}`).join(" and ");
  return `cross-validation would judge ${formatCount(rows.all)} rows in place of ${formatCount(rows.holdout)}: about ${widths}`;
}
