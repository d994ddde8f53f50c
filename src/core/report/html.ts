import { htmlText } from "./escape.ts";
import { calibrationHtml } from "./html/calibration.ts";
import { checksCard, checksSummaryCard } from "./html/checks.ts";
import { fairnessCard, groupCards } from "./html/fairness.ts";
import { allGatesCard, gatesCard } from "./html/gates.ts";
import { card } from "./html/markup.ts";
import { allMetricsCard, keyMetricsCard } from "./html/metrics.ts";
import { robustnessCards } from "./html/robustness.ts";
import { slicesCard } from "./html/slices.ts";
import { STYLE } from "./html/style.ts";
import {
  allChangesCard,
  allWarningsCard,
  changesCard,
  subjectCard,
  verdictBanner,
  warningsCard,
} from "./html/subject.ts";
import { waiversCard } from "./html/waivers.ts";
import { OUTCOMES, outcomeOf } from "./outcome.ts";
import { confusionPlot } from "./plots/confusion.ts";
import { lossPlot } from "./plots/loss.ts";
import { observedPlot } from "./plots/observed.ts";
import { precisionRecallPlot } from "./plots/precision-recall.ts";
import { residualsPlot } from "./plots/residuals.ts";
import { rocPlot } from "./plots/roc.ts";
import type { Report } from "./report.ts";

/**
 * The report as one page that asks nothing of the network and runs no script.
 *
 * The first screen decides: verdict, the one sentence, gates, key metrics, who is treated how. Then the
 * plots, every group, metric and check, and the digests of what was judged.
 */
export function renderHtml(report: Report): string {
  const { word } = OUTCOMES[outcomeOf(report)];
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
    `<title>${word} · ${htmlText(report.model, 80)} · Trainyard</title>`,
    `<style>${STYLE}</style></head><body><main>`,
    verdictBanner(report),
    '<div class="decide">',
    `<div class="stack">${[gatesCard(report), keyMetricsCard(report), checksSummaryCard(report)].join("\n")}</div>`,
    `<div class="stack">${[warningsCard(report), fairnessCard(report), changesCard(report)].join("\n")}</div>`,
    "</div>",
    plots(report),
    groupCards(report),
    ...[
      allGatesCard(report),
      waiversCard(report),
      slicesCard(report),
      ...robustnessCards(report),
      allMetricsCard(report),
      checksCard(report),
      allChangesCard(report),
      allWarningsCard(report),
      subjectCard(report),
    ].map((html) => (html === "" ? "" : `<div class="wide">${html}</div>`)),
    "</main><footer>Made by Trainyard from report.json, which holds every number on this page.</footer></body></html>",
    "",
  ].join("\n");
}

function plots(report: Report): string {
  const all: readonly (readonly [string, string | null, string])[] = [
    ["ROC curve", rocPlot(report), "further to the upper left is better"],
    ["Precision and recall", precisionRecallPlot(report), "further to the upper right is better"],
    ["Calibration", calibrationHtml(report), "on the diagonal, probabilities mean what they say"],
    ["Confusion matrix", confusionPlot(report), "rows of the holdout, and the share of each true class"],
    ["Predicted and observed", observedPlot(report), "on the diagonal the prediction is right"],
    ["Residuals", residualsPlot(report), "without a pattern is good"],
    ["Loss while training", lossPlot(report), "a rising validation loss is overfitting"],
  ];
  const cards = all.map(([title, svg, hint]) => card(title, svg ?? "", hint)).filter((html) => html !== "");
  return cards.length === 0 ? "" : `<div class="plots">${cards.join("\n")}</div>`;
}
