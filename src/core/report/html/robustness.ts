import { htmlText } from "../escape.ts";
import {
  formatCount,
  formatDifference,
  formatEstimate,
  formatInterval,
  formatNumber,
  formatShare,
} from "../numbers.ts";
import { dependencePlot, sharedDomain } from "../plots/dependence.ts";
import { dropsPlot } from "../plots/drops.ts";
import type { Report } from "../report.ts";
import type { Robustness } from "../sections/robustness.ts";
import {
  askedText,
  brokenText,
  columnsText,
  expectationWord,
  flattery,
  knowsTitle,
  worstCases,
} from "../sections/robustness-words.ts";
import { card, codeHtml, sub, tableHtml, tag } from "./markup.ts";

const quote = (name: string): string => codeHtml(name, 60);
const note = (text: string): string => `<p class="note">${htmlText(text, 900)}</p>`;

/** How the model stands up to worse rows, what it rests on, and what could flatter it. */
export function robustnessCards({ robustness }: Pick<Report, "robustness">): string[] {
  if (robustness === undefined) return [];
  return [worseCard(robustness), restsCard(robustness), flatteryCard(robustness)];
}

function worseCard(robustness: Robustness): string {
  const { metric, value, unchecked, perturbations } = robustness;
  const expected = expectationsHtml(robustness);
  if (unchecked !== null) {
    return card("Robustness", note(`Not checked: ${unchecked}.`) + expected);
  }
  if (perturbations.length === 0) return card("Robustness", expected + note(askedText(robustness)));
  const cases = worstCases(robustness);
  const plot = dropsPlot(
    "drops",
    `How much worse ${metric.title} gets`,
    cases.map(({ title, drop }) => ({
      name: title,
      value: drop?.drop ?? null,
      interval: drop?.interval ?? null,
    })),
  );
  const headings = [
    { title: "Worst case", kind: "text" },
    { title: metric.title, number: true },
    { title: "Worse by", number: true },
    { title: "Mean", number: true, optional: true },
    { title: "Decided otherwise", number: true, optional: true },
    { title: "Verdict", kind: "text" },
  ] as const;
  const table = tableHtml("Perturbations", headings, cases, (one, index) => [
    `${htmlText(one.title)}${one.variant === undefined ? "" : sub(`${columnsText(one.variant.columns, quote)}: ${htmlText(one.variant.words, 120)}`)}`,
    formatNumber(one.drop?.value),
    htmlText(formatDifference(one.drop?.drop)) + sub(htmlText(formatInterval(one.drop?.interval ?? null))),
    formatDifference(perturbations[index]?.average),
    formatShare(one.variant?.decided),
    tag(one.worse ? "warn" : "no gates", one.standing) + refusedHtml(one.refused),
  ]);
  const clean = note(`${metric.title} on the untouched rows: ${formatNumber(value)}.`);
  return card(
    "Robustness",
    `${expected}${plot ?? ""}${clean}${table}${note(askedText(robustness))}`,
    "rows made worse on purpose",
  );
}

function refusedHtml(refused: readonly string[]): string {
  if (refused.length === 0) return "";
  const more = refused.length > 3 ? ` and ${refused.length - 3} more` : "";
  return sub(`no answer: ${refused.slice(0, 3).map(quote).join(", ")}${more}`);
}

const TONES = { holds: "pass", broken: "warn", "not checked": "inconclusive" } as const;

function expectationsHtml({ expectations }: Robustness): string {
  if (expectations.length === 0) return "";
  const headings = [
    { title: "Expectation", kind: "text" },
    { title: "Rows that break it", kind: "text" },
    { title: "Allowed", number: true, optional: true },
    { title: "Farthest", number: true, optional: true },
    { title: "", kind: "text" },
  ] as const;
  const table = tableHtml("Expected of the score", headings, expectations, (row) => [
    htmlText(row.text, 160),
    htmlText(brokenText(row), 120) +
      sub(row.state === "checked" ? formatInterval(row.interval, formatShare) : ""),
    formatShare(row.allow),
    row.state === "checked" ? formatNumber(row.farthest) : "–",
    tag(TONES[expectationWord(row)], expectationWord(row)),
  ]);
  return `<div style="margin-bottom:18px"><h3>Expected of the score</h3>${table}</div>`;
}

function restsCard(robustness: Robustness): string {
  const { importance, metric, repeats, dependence, rows } = robustness;
  if (importance.length === 0) return "";
  const title = `How much worse ${metric.title} gets with a column shuffled`;
  const plot = dropsPlot("importance", title, importance);
  const headings = [
    { title: "Column", kind: "text" },
    { title: "Worse by", number: true },
    { title: "Interval", number: true },
    { title: "Repetitions", number: true, optional: true },
  ] as const;
  const table = tableHtml(title, headings, importance, ({ name, columns, value, interval, least, most }) => [
    quote(name) + sub(columns.length > 1 ? columns.map(quote).join(", ") : ""),
    formatDifference(value),
    formatInterval(interval),
    least === null || most === null ? "–" : `${formatDifference(least)} to ${formatDifference(most)}`,
  ]);
  const domain = sharedDomain(dependence);
  const curves = dependence.map(
    (one, place) => `<div>${dependencePlot(one, `dependence-${place}`, domain)}</div>`,
  );
  const multiples =
    curves.length === 0
      ? ""
      : `<div style="margin-top:18px"><h3>Mean score where a column has one value in all rows <small>partial dependence</small></h3><div class="plots">${curves.join("")}</div>${dependenceTable(dependence)}</div>`;
  const said = note(
    `${repeats} repetitions on ${formatCount(rows.asked)} holdout rows. The interval is of resampled rows; columns that tell the same share their importance, and each then seems small.`,
  );
  return card(
    "What it rests on",
    `${plot ?? ""}${fold("The same as a table", table)}${said}${multiples}`,
    "permutation importance",
  );
}

function dependenceTable(dependence: Robustness["dependence"]): string {
  const points = dependence.flatMap(({ column, kind, points }) =>
    points.map((point) => ({ ...point, column, kind })),
  );
  const headings = [
    { title: "Column", kind: "text" },
    { title: "Value", number: true },
    { title: "Mean score", number: true },
  ] as const;
  const hidden = points.some(({ value }) => value === null);
  const table = tableHtml("Partial dependence", headings, points, ({ column, kind, value, at, score }) => [
    quote(column),
    value !== null
      ? htmlText(typeof value === "number" ? formatNumber(value) : value, 40)
      : kind === "number"
        ? `${formatShare(at)} of the way`
        : `no. ${at + 1} by frequency`,
    formatNumber(score),
  ]);
  const why = hidden ? note("Values of the data are not shown; the contract can say show_values.") : "";
  return fold("The same as a table", table) + why;
}

const fold = (summary: string, html: string): string =>
  html === "" ? "" : `<details><summary class="note">${htmlText(summary)}</summary>${html}</details>`;

function flatteryCard(robustness: Robustness): string {
  const { leakage, fit, drift } = robustness;
  const said = flattery(robustness, quote);
  const list =
    said.length === 0
      ? note("Nothing was found that flatters it.")
      : `<ul>${said.map(({ text, grave }) => `<li>${tag(grave ? "fail" : "warn", grave ? "grave" : "look")} ${text}</li>`).join("")}</ul>`;
  const sides = tableHtml(
    "Sides of the split",
    [
      { title: "Rows", kind: "text" },
      { title: "n", number: true },
      { title: robustness.metric.title, number: true },
    ],
    fit.sides,
    ({ side, rows, value, interval }) => [
      side === "train" ? "training" : side,
      formatCount(rows),
      htmlText(formatEstimate(value, interval)),
    ],
  );
  const gap =
    fit.gap === null
      ? ""
      : note(
          `The holdout is worse than the training rows by ${formatEstimate(fit.gap.value, fit.gap.interval, formatDifference)}.`,
        );
  const told = leakage.columns.slice(0, TOLD);
  const columns = tableHtml(
    "What a column alone tells of the label",
    [
      { title: "Column", kind: "text" },
      { title: "Tells", number: true },
      { title: "Unique values", number: true, optional: true },
    ],
    told,
    ({ column, measure, value, distinct }) => [
      quote(column),
      formatNumber(value) + sub(knowsTitle(measure)),
      formatShare(distinct),
    ],
  );
  const drifted = tableHtml(
    "The holdout against the training rows",
    [
      { title: "Column", kind: "text" },
      { title: "PSI", number: true },
      { title: "Threshold", number: true, optional: true },
      { title: "", kind: "text" },
    ],
    [...drift.columns].sort((a, b) => (b.psi ?? 0) - (a.psi ?? 0)).slice(0, TOLD),
    ({ column, psi, threshold, words }) => [
      quote(column),
      formatNumber(psi),
      formatNumber(threshold),
      htmlText(words, 160),
    ],
  );
  const parts = [
    list,
    `<div style="margin-top:18px"><h3>Training, validation, holdout</h3>${sides}${gap}</div>`,
    told.length === 0
      ? ""
      : `<div style="margin-top:18px"><h3>What a column alone tells of the label <small>${formatCount(leakage.rows)} training rows</small></h3>${columns}</div>`,
    drift.columns.length === 0
      ? ""
      : `<div style="margin-top:18px"><h3>The holdout against the training rows</h3>${drifted}</div>`,
  ];
  return card("What could flatter it", parts.join(""), "leaks, copies, overfitting, drift");
}

/** Columns that a table of the page names. */
const TOLD = 12;
