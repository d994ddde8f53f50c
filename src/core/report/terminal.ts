import { predictsNumbers } from "../measures/task.ts";
import { terminalText } from "./escape.ts";
import { gateNumbers } from "./gate-words.ts";
import {
  counted,
  formatCount,
  formatDifference,
  formatEstimate,
  formatInterval,
  formatNumber,
} from "./numbers.ts";
import { gateWords, gravestFirst, OUTCOMES, outcomeOf } from "./outcome.ts";
import type { Fairness, GateRow, MetricRow, Report } from "./report.ts";
import { looksText } from "./sections/holdout.ts";
import { checkLines } from "./terminal/checks.ts";
import { type Cell, columns, cut, type Paint, paint, wrap } from "./terminal/columns.ts";
import { labelLines } from "./terminal/labels.ts";
import { capped, note, ROWS, verdictInk } from "./terminal/lines.ts";
import { robustnessLines } from "./terminal/robustness.ts";
import { sliceLines } from "./terminal/slices.ts";
import { waiverLines } from "./terminal/waivers.ts";
import {
  baselineText,
  changeText,
  columnText,
  differenceText,
  hiddenText,
  overfitting,
  rateText,
  roughText,
} from "./wording.ts";

/** From this width on, differences have room for their intervals. */
const FULL = 124;

/** How a terminal is written to. */
export interface TerminalStyle {
  readonly colour: boolean;
  /** Cells in a line. */
  readonly width: number;
  /** Files without a contract: there are no gates and no checks, and no page has what is left out here. */
  readonly plain?: boolean;
}

/** The report for a terminal: the verdict first, then gates, metrics, fairness and what was not well. */
export function renderTerminal(report: Report, style: TerminalStyle): string {
  const width = Math.max(40, style.width);
  const ink = paint(style.colour);
  const plain = style.plain ?? false;
  const parts = [
    headLines(report, width, ink),
    section("Gates", plain ? [] : gateLines(report, width, ink), ink),
    section("Waivers", waiverLines(report, width), ink),
    section("Metrics", metricLines(report, width, ink, plain), ink),
    ...report.fairness
      .slice(0, ROWS)
      .map((column) =>
        section(
          `By ${cut(terminalText(columnText(column), 90), width - 3)}`,
          groupLines(column, report, width, ink, plain),
          ink,
        ),
      ),
    section("Labels", labelLines(report, width, ink), ink),
    section("Weak slices", sliceLines(report, width, ink), ink),
    section("Robustness", robustnessLines(report, width, ink), ink),
    section("Data checks", plain ? [] : checkLines(report.checks, width, ink), ink),
    section("Changed", changeLines(report, width, ink), ink),
    section("Take care", warningLines(report, width, ink), ink),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[], ink: Paint): string[] {
  return lines.length === 0 ? [] : [ink.bold(title), ...lines];
}

function headLines(report: Report, width: number, ink: Paint): string[] {
  const outcome = outcomeOf(report);
  const { mark, word } = OUTCOMES[outcome];
  const model = terminalText(report.model, Math.max(8, width - word.length - 6));
  return [
    `${ink.bold(verdictInk(outcome, ink)(`${mark} ${word}`))} ${ink.dim("·")} ${model}`,
    ...wrap(terminalText(report.sentence, 600), width),
    ...wrap(`${baselineText(report)}.`, width).map(ink.dim),
    ...(report.holdout === undefined
      ? []
      : wrap(`The holdout: ${terminalText(looksText(report.holdout), 200)}.`, width).map(ink.dim)),
  ];
}

function gateLines({ gates }: Report, width: number, ink: Paint): string[] {
  if (gates.length === 0) return note("none: the contract sets no limit, so nothing was decided", width);
  return capped(gravestFirst(gates), "gates", width, (shown) =>
    columns(
      shown.map((gate) => gateCells(gate, ink)),
      width,
    ),
  );
}

function gateCells(gate: GateRow, ink: Paint): Cell[] {
  const colour = verdictInk(gate.verdict, ink);
  const { value, interval, limit } = gateNumbers(gate);
  return [
    { text: OUTCOMES[gate.verdict].mark, colour },
    { text: terminalText(gate.condition, 80) },
    { text: value, align: "right" },
    { text: interval, colour: ink.dim },
    { text: `limit ${limit}`, colour: ink.dim },
    { text: gateWords(gate), colour },
  ];
}

function metricLines(
  { metrics, shown, baseline }: Report,
  width: number,
  ink: Paint,
  plain: boolean,
): string[] {
  const first = plain ? metrics : metrics.slice(0, Math.max(1, Math.min(shown, ROWS)));
  const compared = baseline.state === "compared";
  const full = width >= FULL;
  const titles = ["", "value", "", ...(compared ? ["production", "difference"] : []), "train gap"];
  const head = titles.map(
    (text, column): Cell => ({
      text,
      colour: ink.dim,
      ...(column === 2 || text === "difference" ? {} : { align: "right" }),
    }),
  );
  const rows = first.map((metric) => metricCells(metric, { compared, full }, ink));
  const lines = first.length === 0 ? [] : columns([head, ...rows], width);
  const rest = metrics.length - first.length;
  const notes = [
    roughText(first) ?? [],
    rest > 0 ? `and ${counted(rest, "more metric")} in report.html` : [],
  ].flat();
  return [...lines, ...notes.flatMap((text) => note(terminalText(text, 600), width)).map(ink.dim)];
}

function metricCells(metric: MetricRow, shown: { compared: boolean; full: boolean }, ink: Paint): Cell[] {
  const why = metric.value === null && metric.reason !== null ? terminalText(metric.reason, 80) : "";
  const difference: readonly Cell[] = [
    { text: formatNumber(metric.baseline), align: "right" },
    { text: differenceText(metric, shown.full) },
  ];
  return [
    { text: terminalText(metric.title, 40) },
    { text: formatNumber(metric.value), align: "right" },
    { text: metric.interval === null ? why : formatInterval(metric.interval), colour: ink.dim },
    ...(shown.compared ? difference : []),
    { text: formatDifference(overfitting(metric)), align: "right", colour: ink.dim },
  ];
}

function groupLines(column: Fairness, { task }: Report, width: number, ink: Paint, plain: boolean): string[] {
  const regression = predictsNumbers(task);
  const titles = regression
    ? ["", "rows", "mean error"]
    : ["", "rows", "selected", "true positive rate", "false positive rate"];
  const head = titles.map(
    (text, at): Cell => ({ text, colour: ink.dim, ...(at === 0 ? {} : { align: "right" }) }),
  );
  const lines = capped(
    column.groups,
    "groups",
    width,
    (shown) =>
      columns(
        [
          head,
          ...shown.map((group): Cell[] => [
            { text: terminalText(group.name, 40) },
            { text: formatCount(group.size), align: "right" },
            ...(regression
              ? [formatNumber(group.error)]
              : [group.selection_rate, group.true_positive_rate, group.false_positive_rate].map((rate) =>
                  rateText(rate, false),
                )
            ).map((text): Cell => ({ text, align: "right" })),
          ]),
        ],
        width,
      ),
    plain ? "--json has them" : undefined,
  );
  const measures = columns(
    column.measures.slice(0, ROWS).map((measure) => [
      { text: terminalText(measure.title, 48) },
      {
        text:
          measure.value === null && measure.reason !== null
            ? `– (${terminalText(measure.reason, 80)})`
            : formatEstimate(measure.value, measure.interval),
      },
    ]),
    width,
  );
  const hidden = hiddenText(column);
  return [...lines, ...measures, ...(hidden === null ? [] : note(hidden, width).map(ink.dim))];
}

function changeLines({ changes }: Report, width: number, ink: Paint): string[] {
  return capped(changes, "changes", width, (shown) =>
    columns(
      shown.map((change): Cell[] => {
        const { before, after } = changeText(change);
        return [
          { text: change.kind, colour: ink.dim },
          { text: terminalText(change.name, 60) },
          { text: terminalText(before, 40) },
          { text: "→", colour: ink.dim },
          { text: terminalText(after, 40) },
        ];
      }),
      width,
    ),
  );
}

function warningLines({ warnings }: Report, width: number, ink: Paint): string[] {
  return capped(warnings, "warnings", width, (shown) =>
    shown.flatMap(({ title, text }) => [
      ...wrap(`${OUTCOMES.warn.mark} ${terminalText(title, 120)}`, width - 2).map((line) =>
        ink.yellow(`  ${line}`),
      ),
      ...wrap(terminalText(text, 400), width - 4).map((line) => `    ${line}`),
    ]),
  );
}
