import type { ArtifactChange, ArtifactTable, TableChange } from "../../proposal/artifacts.ts";
import type { Judgement } from "../../proposal/documents.ts";
import { columnCount, columnLists, filesText, rowCount, rowsText, sizeText } from "../comment/artifacts.ts";
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

function artifactsTable(artifacts: readonly ArtifactChange[]): string {
  const isOfTables = artifacts.some(({ table }) => table !== null);
  return tableHtml(
    "What happened to each artifact",
    [
      ...[{ title: "Artifact" }, { title: "Change" }, { title: "Size", number: true as const }],
      { title: "Files" },
      ...(isOfTables ? [{ title: "Rows", number: true as const }, { title: "Columns" }] : []),
    ],
    artifacts,
    (one) => [
      codeHtml(one.path, 300),
      htmlText(one.kind) + (one.from === null ? "" : sub(`from ${codeHtml(one.from, 300)}`)),
      htmlText(sizeText(one)),
      htmlText(filesText(one)),
      ...(isOfTables ? tableCells(one.table) : []),
    ],
  );
}

/** Rows and columns of an artifact; of one that was not read, why. */
function tableCells(table: ArtifactTable | null): readonly string[] {
  if (table === null) return ["", ""];
  if ("unread" in table) return ["not read", sub(htmlText(table.unread, 300))];
  return [htmlText(rowCount(table)), columnsHtml(table) || htmlText(columnCount(table))];
}

const columnsHtml = (table: Pick<TableChange, "added" | "removed" | "retyped">): string =>
  columnLists(table)
    .map(([what, names]) => `${htmlText(what)} ${names.map((name) => codeHtml(name, 100)).join(", ")}`)
    .join("<br>");

const tablesTable = (tables: readonly TableChange[]): string =>
  tableHtml(
    "What happened to the rows and columns that each model reads",
    [{ title: "Model" }, { title: "Rows", number: true }, { title: "Columns" }],
    tables,
    (one) => [codeHtml(one.model, 100), htmlText(rowsText(one)), columnsHtml(one) || "the same"],
  );
