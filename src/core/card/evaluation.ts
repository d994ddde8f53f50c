import type { ParamValue } from "../experiments/record.ts";
import { markdownCode, markdownText } from "../report/escape.ts";
import { left, right, table } from "../report/markdown/blocks.ts";
import { fit } from "../report/markdown/fit.ts";
import { decidingBlocks, foldedBlocks } from "../report/markdown/parts.ts";
import { formatExact, formatNumber } from "../report/numbers.ts";
import type { Report } from "../report/report.ts";
import { howDecided } from "../report/sections/thresholds.ts";
import { rowsText } from "../report/wording.ts";

/** A release's text has at most 125,000 characters. */
const LONGEST = 60_000;

/**
 * What was measured and decided: the parts of the comment on the pull request, of the same report.
 *
 * @param judged whether a verdict vouches for it
 */
export function evaluationOf(report: Report, judged: boolean): string[] {
  const blocks = [...decidingBlocks(report), ...foldedBlocks(report)].filter((block) => block !== null);
  return [
    "## Evaluation",
    [
      `Measured on rows that were held back from training (${rowsText(report.subject.rows)}); each value with the interval in which the true one lies. Gates decide on the interval.`,
      judged
        ? "Judged by the rules of the branch that was merged into, not by those of the change, and where no code of the change ran."
        : "Measured where it was made, and judged by nobody yet.",
    ].join(" "),
    fit(blocks, LONGEST, "The report's page").trimEnd(),
  ];
}

const MOST = 60;

/** How names of labels and what a model says of its thresholds stand in a cell. */
const WRITING = {
  code: (name: string) => markdownCode(name, 60),
  text: (words: string) => markdownText(words, 160),
  most: 20,
};

/** How it was trained: what by, with which parameters, and how the loss went. */
export function trainingOf(
  report: Report | undefined,
  params: Readonly<Record<string, ParamValue>>,
  fingerprint: string | undefined,
): string[] {
  const { trainer } = report?.subject ?? {};
  const decides = report === undefined ? undefined : howDecided(report.subject, WRITING);
  const last = report?.history.at(-1);
  const facts: [string, string][] = [
    ...(trainer == null ? [] : [["Trained by", markdownText(trainer, 160)] as [string, string]]),
    ...(decides === undefined ? [] : [[...decides] as [string, string]]),
    ...(last === undefined
      ? []
      : [
          [
            "Loss after the last epoch",
            `${formatNumber(last.loss)}, on the validation rows ${formatNumber(last.validation_loss)}`,
          ] as [string, string],
        ]),
    ...(fingerprint === undefined
      ? []
      : [["Fingerprint of all that went in", markdownCode(fingerprint)] as [string, string]]),
  ];
  const names = Object.keys(params);
  const rows = names.slice(0, MOST).map((name) => [markdownCode(name, 100), paramText(params[name] ?? null)]);
  const more = names.length > MOST ? [`The first ${MOST} of ${names.length} parameters.`] : [];
  const parts = [
    ...(facts.length === 0 ? [] : [table([left("What"), left("")], facts)]),
    ...(rows.length === 0 ? [] : [table([left("Parameter"), right("Value")], rows), ...more]),
  ];
  return parts.length === 0 ? [] : ["## Training", ...parts];
}

const paramText = (value: ParamValue): string =>
  typeof value === "number" ? formatExact(value) : markdownCode(String(value), 200);
