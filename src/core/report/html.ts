import { htmlText } from "./escape.ts";
import { checksCard, checksSummaryCard } from "./html/checks.ts";
import { customCard } from "./html/custom.ts";
import { fairnessCard, groupParts } from "./html/fairness.ts";
import { bytesOf, type Fitted, fitParts, type Part } from "./html/fit.ts";
import { allGatesCard, gatesCard } from "./html/gates.ts";
import { labelsCard } from "./html/labels.ts";
import { allMetricsCard, keyMetricsCard } from "./html/metrics.ts";
import { plotCards } from "./html/plots.ts";
import { robustnessCards } from "./html/robustness.ts";
import { pageHtml } from "./html/shell.ts";
import { slicesCard } from "./html/slices.ts";
import { statementsCards } from "./html/statements.ts";
import {
  allChangesCard,
  allWarningsCard,
  changesCard,
  subjectCard,
  verdictBanner,
  warningsCard,
} from "./html/subject.ts";
import { tradeOffCards } from "./html/trade-offs.ts";
import { waiversCard } from "./html/waivers.ts";
import { OUTCOMES, outcomeOf } from "./outcome.ts";
import type { Report } from "./report.ts";

/** A page stays below 2 MB whatever the input, the frame around it included. */
export const PAGE_LIMIT = 1_950_000;

/**
 * The report as one page that asks nothing of the network and runs no script.
 *
 * The first screen decides: verdict, the one sentence, gates, key metrics, who is treated how. Then the
 * plots, every group, metric and check, and the digests of what was judged.
 *
 * @param more what stands at its end, as markup
 */
export function renderHtml(report: Report, more = ""): string {
  const { word } = OUTCOMES[outcomeOf(report)];
  const { banner, nav, main } = reportHtml(report, PAGE_LIMIT - bytesOf(more));
  const body = `${banner}\n${nav}\n<main id="main">${main}${more}</main>`;
  return pageHtml(`${word} · ${report.model.slice(0, 80)} · Trainyard`, body);
}

/** A report's markup: its banner, a list of its parts, and the parts, in at most so many bytes. */
export function reportHtml(
  report: Report,
  most: number,
): { readonly banner: string; readonly nav: string; readonly main: string } {
  const banner = verdictBanner(report);
  const { parts, left } = fitParts(partsOf(report), most - bytesOf(banner) - NAVIGATION, most / ROW);
  const shown = parts.filter(({ html }) => html !== "");
  const note =
    left === 0 ? "" : `<p class="note">${left} parts are too large for a page; report.json has them.</p>`;
  return { banner, nav: navigation(shown), main: shown.map(section).join("\n") + note };
}

/** Bytes of a long row: no table is made that alone would not fit. */
const ROW = 1000;
/** Room for the list of parts. */
const NAVIGATION = 4000;

function navigation(parts: readonly Fitted[]): string {
  const named = parts.filter(({ title }) => title !== "");
  const links = named.map(({ id, title }) => `<li><a href="#${id}">${htmlText(title)}</a></li>`);
  return `<nav aria-label="On this page"><ul>${links.join("")}</ul></nav>`;
}

const section = ({ id, html }: Fitted): string => `<div class="wide" id="${id}">${html}</div>`;

function partsOf(report: Report): Part[] {
  const part = (id: string, title: string, render: Part["render"]): Part => ({ id, title, render });
  const [first, ...others] = groupParts(report);
  return [
    part("decision", "Decision", () => decision(report)),
    part("plots", "Plots", () => plotCards(report)),
    ...(first === undefined ? [] : [{ ...first, title: "Groups" }, ...others]),
    part("labels", "Labels", (rows) => labelsCard(report, rows)),
    part("all-gates", "All gates", (rows) => allGatesCard(report, rows)),
    part("waivers", "Waivers", () => waiversCard(report)),
    part("own-metrics", "Own metrics by group", () => customCard(report)),
    ...tradeOffCards(report).map((html, index) =>
      part(`thresholds-${index}`, index === 0 ? "Thresholds by group" : "", () => html),
    ),
    part("slices", "Weak slices", (rows) => slicesCard(report, rows)),
    ...robustnessCards(report).map((html, index) =>
      part(`robustness-${index}`, index === 0 ? "Robustness" : "", () => html),
    ),
    ...statementsCards(report).map((html, index) =>
      part(`statements-${index}`, index === 0 ? "Statements" : "", () => html),
    ),
    part("all-metrics", "All metrics", (rows) => allMetricsCard(report, rows)),
    part("data-checks", "Data checks", (rows) => checksCard(report, rows)),
    part("changes", "All that changed", (rows) => allChangesCard(report, rows)),
    part("warnings", "All warnings", (rows) => allWarningsCard(report, Math.min(rows, 100))),
    part("lineage", "Lineage", () => subjectCard(report)),
  ];
}

function decision(report: Report): string {
  const left = [gatesCard(report), keyMetricsCard(report), checksSummaryCard(report)];
  const right = [warningsCard(report), fairnessCard(report), changesCard(report)];
  const stack = (cards: readonly string[]): string => `<div class="stack">${cards.join("\n")}</div>`;
  return `<div class="decide">${stack(left)}\n${stack(right)}</div>`;
}
