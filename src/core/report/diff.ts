import { VERDICTS, type Verdict } from "../gates/verdict.ts";
import { markdownCode, terminalText } from "./escape.ts";
import { left, right, table } from "./markdown/blocks.ts";
import { changesTables } from "./markdown/changes.ts";
import { formatCount, formatDifference, formatNumber, UNKNOWN } from "./numbers.ts";
import { OUTCOMES, wordOf } from "./outcome.ts";
import type { Change } from "./report.ts";
import { type Cell, columns, paint } from "./terminal/columns.ts";
import { verdictInk } from "./terminal/lines.ts";
import type { TerminalStyle } from "./terminal.ts";
import { changeText } from "./wording.ts";

/** What differs between two commits of one model. */
export interface Diff {
  readonly changes: readonly Change[];
  readonly metrics: readonly {
    readonly name: string;
    readonly before: number | null;
    readonly after: number | null;
  }[];
  readonly gates: readonly {
    readonly condition: string;
    readonly before: Verdict | null;
    readonly after: Verdict | null;
  }[];
}

type Pair<T> = { readonly before: T; readonly after: T };

/** More rows of one kind than this are counted, not shown. */
const ROWS = 200;
const SAME = "Nothing differs.";

/**
 * The diff for a comment or a job's summary: one table for each kind of thing that differs.
 *
 * @example renderDiffMarkdown({ changes: [], metrics: [{ name: "f1", before: 0.7, after: 0.7 }], gates: [] }) // => "Nothing differs.\n"
 */
export function renderDiffMarkdown({ changes, metrics, gates }: Diff): string {
  const [changesTable = ""] = changes.length === 0 ? [] : changesTables(changes);
  const moved = metrics.filter(differs);
  const judged = gates.filter(differs);
  const parts = [
    changesTable,
    limited(moved, "metrics", (shown) =>
      table(
        [left("Metric"), right("Before"), right("After"), right("Difference")],
        shown.map((metric) => [
          markdownCode(metric.name, 80),
          formatNumber(metric.before),
          formatNumber(metric.after),
          formatDifference(between(metric)),
        ]),
      ),
    ),
    limited(judged, "gates", (shown) =>
      table(
        [left("Gate"), left("Before"), left("After")],
        shown.map((gate) => [markdownCode(gate.condition, 100), iconText(gate.before), iconText(gate.after)]),
      ),
    ),
  ].filter((part) => part !== "");
  return `${parts.length === 0 ? SAME : parts.join("\n\n")}\n`;
}

/** The diff for a terminal, in aligned columns. */
export function renderDiffTerminal({ changes, metrics, gates }: Diff, style: TerminalStyle): string {
  const ink = paint(style.colour);
  const width = Math.max(40, style.width);
  const arrow: Cell = { text: "→", colour: ink.dim };
  const lines = (title: string, rows: readonly (readonly Cell[])[]): string =>
    limited(rows, title.toLowerCase(), (shown) => [ink.bold(title), ...columns(shown, width)].join("\n"));
  const verdictCell = (verdict: Verdict | null): Cell =>
    isVerdict(verdict)
      ? { text: `${OUTCOMES[verdict].mark} ${wordOf(verdict)}`, colour: verdictInk(verdict, ink) }
      : { text: UNKNOWN, colour: ink.dim };
  const parts = [
    lines(
      "Changes",
      changes.map((change) => {
        const { before, after } = changeText(change);
        return [
          { text: change.kind, colour: ink.dim },
          { text: terminalText(change.name, 80) },
          { text: terminalText(before, 60) },
          arrow,
          { text: terminalText(after, 60) },
        ];
      }),
    ),
    lines(
      "Metrics",
      metrics
        .filter(differs)
        .map((metric) => [
          { text: terminalText(metric.name, 60) },
          { text: formatNumber(metric.before), align: "right" },
          arrow,
          { text: formatNumber(metric.after), align: "right" },
          { text: formatDifference(between(metric)), align: "right" },
        ]),
    ),
    lines(
      "Gates",
      gates
        .filter(differs)
        .map(({ condition, before, after }) => [
          { text: terminalText(condition, 80) },
          verdictCell(before),
          arrow,
          verdictCell(after),
        ]),
    ),
  ].filter((part) => part !== "");
  return `${parts.length === 0 ? SAME : parts.join("\n\n")}\n`;
}

const differs = ({ before, after }: Pair<unknown>): boolean => before !== after;

const between = ({ before, after }: Pair<number | null>): number | null =>
  before === null || after === null ? null : after - before;

// what a lock file says is from outside, whatever its type claims
const isVerdict = (verdict: string | null): verdict is Verdict => VERDICTS.some((one) => one === verdict);

const iconText = (verdict: Verdict | null): string =>
  isVerdict(verdict) ? `${OUTCOMES[verdict].icon} ${wordOf(verdict)}` : UNKNOWN;

function limited<T>(items: readonly T[], noun: string, render: (shown: readonly T[]) => string): string {
  if (items.length === 0) return "";
  const text = render(items.slice(0, ROWS));
  return items.length <= ROWS ? text : `${text}\n\nand ${formatCount(items.length - ROWS)} more ${noun}`;
}
