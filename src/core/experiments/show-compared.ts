import { terminalText } from "../report/escape.ts";
import { counted } from "../report/numbers.ts";
import { columns as aligned, paint } from "../report/terminal/columns.ts";
import type { TerminalStyle } from "../report/terminal.ts";
import type { Compared } from "./compare.ts";
import { valueText } from "./show.ts";

/** What differs between experiments, for a terminal: a line for each value, a column for each experiment. */
export function showCompared({ experiments, differs, same }: Compared, style: TerminalStyle): string {
  const ink = paint(style.colour);
  const head = [{ text: "" }, ...shortIds(experiments).map((text) => ({ text, colour: ink.yellow }))];
  const rows = differs.map(({ name, values }) => [
    { text: terminalText(name.replace(/^(params|metrics)\./, ""), 80), colour: ink.dim },
    ...values.map((value) => ({
      text: valueText(
        typeof value === "string" && /^[0-9a-f]{40,}$/.test(value) ? value.slice(0, 12) : value,
        name.startsWith("metrics."),
      ),
    })),
  ]);
  return [
    ...aligned([head, ...rows], style.width, 0),
    differs.length === 0
      ? `nothing differs; ${counted(same, "value")} are the same`
      : `${counted(same, "value")} are the same`,
  ].join("\n");
}

/**
 * The digits of what each is, where they tell them apart; else the whole ids.
 */
function shortIds(experiments: Compared["experiments"]): readonly string[] {
  const digits = experiments.map(({ id }) => id.split("-")[1] ?? id);
  return new Set(digits).size === digits.length ? digits : experiments.map(({ id }) => id);
}
