import type { JudgedModel, Judgement } from "../proposal/documents.ts";
import { outcomeWords, sentenceOf, toldOf } from "../proposal/status.ts";
import { htmlText } from "./escape.ts";
import { artifactsSection } from "./html/artifacts.ts";
import { STYLE } from "./html/style.ts";
import { renderHtml } from "./html.ts";
import { OUTCOMES } from "./outcome.ts";

/**
 * A judgement as one page: of one model its report; of several, or of one that has none, a list of what
 * became of each, and the reports below it.
 */
export function renderPages(judgement: Judgement): string {
  const looked = judgement.models.filter(({ state }) => state !== "unchanged");
  const [only] = looked;
  const states = toldOf(judgement.deployments);
  if (looked.length === 1 && only?.report != null && states.length === 0)
    return withArtifacts(renderHtml(only.report), judgement);
  const { word } = OUTCOMES[judgement.verdict];
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
    `<title>${word} · Trainyard</title>`,
    `<style>${STYLE}</style></head><body><main><h1>${word}</h1>`,
    looked.length + states.length === 0
      ? "<p>No model differs from the base branch's.</p>"
      : `<ul>${[...states.map(stateLine), ...looked.map(line)].join("\n")}</ul>`,
    artifactsSection(judgement),
    "</main>",
    ...looked.map(section),
    "</body></html>",
    "",
  ].join("\n");
}

/** A report's page with what became of data and models at its end. */
function withArtifacts(page: string, judgement: Judgement): string {
  const end = page.lastIndexOf("</main>");
  return `${page.slice(0, end)}${artifactsSection(judgement)}${page.slice(end)}`;
}

function line(model: JudgedModel, index: number): string {
  const { word } = outcomeWords(model);
  const name = htmlText(`${model.model} (${model.folder})`, 200);
  const linked = model.report === null ? name : `<a href="#model-${index}">${name}</a>`;
  return `<li><b>${linked}</b>: ${word}. ${htmlText(sentenceOf(model), 1000)}</li>`;
}

function stateLine({ path, verdict, sentence }: Judgement["deployments"][number]): string {
  return `<li><b>${htmlText(path, 200)}</b>: ${OUTCOMES[verdict].word}. ${htmlText(sentence, 2000)}</li>`;
}

/** A report's page without what surrounds it. */
function section({ report }: JudgedModel, index: number): string {
  if (report === null) return "";
  const page = renderHtml(report);
  const [start, end] = [page.indexOf("<main>"), page.lastIndexOf("</main>")];
  return `<section id="model-${index}">${page.slice(start, end)}</main></section>`;
}
