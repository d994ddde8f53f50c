import type { JudgedModel, Judgement } from "../proposal/documents.ts";
import { outcomeWords, sentenceOf, toldOf } from "../proposal/status.ts";
import { htmlText } from "./escape.ts";
import { artifactsSection } from "./html/artifacts.ts";
import { bytesOf } from "./html/fit.ts";
import { pageHtml } from "./html/shell.ts";
import { PAGE_LIMIT, renderHtml, reportHtml } from "./html.ts";
import { gravestFirst, OUTCOMES } from "./outcome.ts";
import type { Report } from "./report.ts";

/**
 * A judgement as one page: of one model its report; of several, or of one that has none, a list of what
 * became of each, the gravest first, and the reports below it.
 */
export function renderPages(judgement: Judgement): string {
  const looked = gravestFirst(judgement.models.filter(({ state }) => state !== "unchanged"));
  const [only] = looked;
  const states = toldOf(judgement.deployments);
  const artifacts = artifactsSection(judgement);
  if (looked.length === 1 && only?.report != null && states.length === 0)
    return renderHtml(only.report, artifacts);
  const { word } = OUTCOMES[judgement.verdict];
  const sections = reports(looked, PAGE_LIMIT - bytesOf(artifacts) - LIST);
  const list =
    looked.length + states.length === 0
      ? "<p>No model differs from the base branch's.</p>"
      : `<ul>${[...states.map(stateLine), ...looked.map((model, index) => line(model, index, sections.has(index)))].join("\n")}</ul>`;
  const main = [`<h1>${word}</h1>`, list, artifacts, ...sections.values()];
  return pageHtml(`${word} · Trainyard`, `<main id="main">${main.join("\n")}</main>`);
}

/** Room for the list of models: 200 lines of at most 1,500 characters. */
const LIST = 400_000;
/** Below this a report says too little to be worth its place. */
const LEAST = 100_000;

/** As many reports as the room holds, by the models' places. */
function reports(models: readonly JudgedModel[], room: number): ReadonlyMap<number, string> {
  const found = models.flatMap(({ report }, index) => (report === null ? [] : [{ report, index }]));
  const share = Math.max(LEAST, Math.floor(room / Math.max(1, found.length)));
  const shown = found.slice(0, Math.floor(room / share));
  return new Map(shown.map(({ report, index }) => [index, section(report, index, share)]));
}

function line(model: JudgedModel, index: number, shown: boolean): string {
  const { word } = outcomeWords(model);
  const name = htmlText(`${model.model} (${model.folder})`, 200);
  const linked = shown ? `<a href="#model-${index}">${name}</a>` : name;
  const left = shown || model.report === null ? "" : " Its report did not fit onto this page.";
  return `<li><b>${linked}</b>: ${word}. ${htmlText(sentenceOf(model), 1000)}${left}</li>`;
}

function stateLine({ path, verdict, sentence }: Judgement["deployments"][number]): string {
  return `<li><b>${htmlText(path, 200)}</b>: ${OUTCOMES[verdict].word}. ${htmlText(sentence, 2000)}</li>`;
}

/** A report among others: its ids are its own, and its heading is one of many. */
function section(report: Report, index: number, most: number): string {
  const { banner, main } = reportHtml(report, most);
  const own = `${banner}\n${main}`
    .replace(/ id="/g, ` id="m${index}-`)
    .replace(/ aria-labelledby="([^"]*)"/g, (_, ids: string) => {
      const named = ids.split(" ").map((id) => `m${index}-${id}`);
      return ` aria-labelledby="${named.join(" ")}"`;
    })
    .replace(/<(\/?)h1>/g, "<$1h2>");
  return `<section class="report" id="model-${index}">${own}</section>`;
}
