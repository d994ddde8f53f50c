import type { ArtifactChange, TableChange } from "../../proposal/artifacts.ts";
import type { Judgement } from "../../proposal/documents.ts";
import { columnLists, filesText, rowsText, sizeText } from "../comment/artifacts.ts";
import { htmlText } from "../escape.ts";
import { counted } from "../numbers.ts";
import { card, codeHtml, sub, tableHtml } from "./markup.ts";

/** What happened to data and models, as in the comment; nothing where nothing did. */
export function artifactsSection({ artifacts, tables }: Pick<Judgement, "artifacts" | "tables">): string {
  return [
    card(
      "Data and models",
      artifacts.length === 0 ? "" : artifactsTable(artifacts),
      `${counted(artifacts.length, "artifact")} changed`,
    ),
    card("Rows and columns that are read", tables.length === 0 ? "" : tablesTable(tables)),
  ]
    .filter((html) => html !== "")
    .map((html) => `<div class="wide">${html}</div>`)
    .join("\n");
}

const artifactsTable = (artifacts: readonly ArtifactChange[]): string =>
  tableHtml(
    "What happened to each artifact",
    [{ title: "Artifact" }, { title: "Change" }, { title: "Size", number: true }, { title: "Files" }],
    artifacts,
    (one) => [
      codeHtml(one.path, 300),
      htmlText(one.kind) + (one.from === null ? "" : sub(`from ${codeHtml(one.from, 300)}`)),
      htmlText(sizeText(one)),
      htmlText(filesText(one)),
    ],
  );

const tablesTable = (tables: readonly TableChange[]): string =>
  tableHtml(
    "What happened to the rows and columns that each model reads",
    [{ title: "Model" }, { title: "Rows", number: true }, { title: "Columns" }],
    tables,
    (one) => [
      codeHtml(one.model, 100),
      htmlText(rowsText(one)),
      columnLists(one)
        .map(([what, names]) => `${htmlText(what)} ${names.map((name) => codeHtml(name, 100)).join(", ")}`)
        .join("<br>") || "the same",
    ],
  );
