import { terminalText } from "../escape.ts";
import type { Report } from "../report.ts";
import {
  brokenText,
  columnsText,
  dropText,
  expectationWord,
  flattery,
  worstCases,
} from "../sections/robustness-words.ts";
import { type Cell, columns, type Paint, wrap } from "./columns.ts";
import { note } from "./lines.ts";

const quote = (name: string): string => terminalText(name, 40);

/** How the model stands up to worse rows: the worst case of each perturbation, and what was expected. */
export function robustnessLines(
  { robustness }: Pick<Report, "robustness">,
  width: number,
  ink: Paint,
): string[] {
  if (robustness === undefined) return [];
  const cases = worstCases(robustness).map(({ title, variant, drop, standing }): Cell[] => [
    { text: title },
    { text: dropText(drop) },
    { text: standing, colour: ink.dim },
    { text: variant === undefined ? "" : columnsText(variant.columns, quote), colour: ink.dim },
  ]);
  const broken = robustness.expectations.filter((row) => expectationWord(row) !== "holds");
  return [
    ...(robustness.unchecked === null
      ? []
      : note(`not checked: ${terminalText(robustness.unchecked, 300)}`, width)),
    ...(cases.length === 0
      ? []
      : columns(
          [
            [
              { text: "" },
              { text: `${terminalText(robustness.metric.title, 40)} worse by` },
              { text: "" },
              { text: "" },
            ],
            ...cases,
          ],
          width,
        )),
    ...[
      ...broken.map((row) => `${terminalText(row.text, 160)}: ${terminalText(brokenText(row), 120)}`),
      ...flattery(robustness, quote).map(({ text }) => text),
    ].flatMap((text) => wrap(text, width - 4).map((line, at) => (at === 0 ? `  - ${line}` : `    ${line}`))),
  ];
}
