import type { JudgedModel, Judgement } from "../../proposal/documents.ts";
import { outcomeWords, sentenceOf } from "../../proposal/status.ts";
import { htmlText, markdownCode, markdownText } from "../escape.ts";
import { type Block, left, tableVersions } from "../markdown/blocks.ts";
import { fit } from "../markdown/fit.ts";
import { gravestFirst } from "../outcome.ts";
import type { CommentFacts } from "./facts.ts";
import { linked } from "./links.ts";
import { lineageBlock, modelBlocks, noteBlocks } from "./model.ts";
import { bytes, originWords } from "./origin.ts";

/** More sections than these are read by nobody; the table names all. */
const SECTIONS = 12;

/** A table of all models, the gravest first. */
export function modelsTable(models: readonly JudgedModel[], facts: CommentFacts): Block {
  const headings = [left("Model"), left("Verdict"), left("Why"), left("Bytes"), left("Origin")];
  const versions = tableVersions(headings, gravestFirst(models), "models, the gravest first", (model) => {
    const { icon, word } = outcomeWords(model);
    const [digest = "–"] = bytes(model);
    const name = model.folder === "." ? model.model : `${model.folder}/${model.model}`;
    return [
      markdownCode(name, 80),
      `${icon} **${word}**`,
      markdownText(sentenceOf(model), 240),
      digest,
      originWords(model, facts),
    ];
  });
  return { title: "models", importance: 110, versions };
}

/** One section a model, each within its share of the room; those that pass are folded. */
export function modelSections(
  judgement: Judgement,
  models: readonly JudgedModel[],
  facts: CommentFacts,
  room: number,
): Block[] {
  const shown = gravestFirst(models).slice(0, SECTIONS);
  const share = Math.floor(room / Math.max(1, shown.length));
  return shown.map((model, index) => {
    const { icon, word } = outcomeWords(model);
    const open = model.verdict === "pass" ? "" : " open";
    const head = `<details${open}>\n<summary>${icon} <b>${htmlText(model.model, 80)}</b>: ${word.toLowerCase()}</summary>\n\n`;
    const blocks = [
      ...noteBlocks(model, judgement, facts),
      ...modelBlocks(model, facts),
      lineageBlock(model, judgement, facts),
    ].filter((one) => one !== null);
    const body = fit(blocks, share - head.length - 40, linked("`report.html`", facts.page)).trimEnd();
    return {
      title: "models",
      importance: 15 - index / 100,
      versions: body === "" ? [""] : [`${head}${body}\n\n</details>`, ""],
    };
  });
}
