import { basename, join, relative, resolve, sep } from "node:path";
import { draftContract } from "../core/drafts/contract.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { inferExpectations } from "../tables/infer.ts";
import { profile } from "../tables/profile.ts";
import { loadFile } from "../tables/sources.ts";
import { CONTRACT } from "../works/project.ts";
import { text } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

/** `trainyard init` */
export default defineStage({
  name: "init",
  summary: "Begin: draft a contract from a data file, or copy a whole starter repository.",
  inputs: {
    data: text("Draft the contract from this file", { placeholder: "file" }),
    label: text("With --data: the column to predict", { placeholder: "column" }),
    positive: text("With --data: the label's positive value, where it has two", { placeholder: "value" }),
    name: text("With --data: the model's name; else the file's", { placeholder: "name" }),
    template: text("Copy this starter repository: wages or flights", { placeholder: "name" }),
  },
  outputs: { files: "The files that were written, one a line" },
  examples: [
    "trainyard init --data data/loans.csv --label default --positive 1",
    "trainyard init --template wages",
  ],

  async run({ data, label, positive, name, template }, ports): Promise<Result<"files">> {
    if (data !== undefined && template !== undefined) {
      throw new UserError("--data and --template are two ways to begin; choose one", { exit: EXIT.usage });
    }
    if (template !== undefined)
      return written(await ports.copyTemplate(template, ports.folder), "trainyard run");
    if (data === undefined) {
      throw new UserError("init needs --data FILE --label COLUMN, or --template wages", { exit: EXIT.usage });
    }
    if (label === undefined)
      throw new UserError("--label is missing: the column to predict", { exit: EXIT.usage });
    return written([await draft(ports, data, label, positive, name)], "trainyard run");
  },
});

async function draft(
  ports: Ports,
  data: string,
  label: string,
  positive: string | undefined,
  name: string | undefined,
): Promise<string> {
  const { files } = await ports.workspace(ports.folder);
  const contract = join(ports.folder, CONTRACT);
  if (await files.exists(contract))
    throw new UserError(`"${CONTRACT}" is here already; edit it, or remove it first`);
  const path = relative(ports.folder, resolve(ports.folder, data)).split(sep).join("/");
  if (path.startsWith("../"))
    throw new UserError(`"${data}" is outside of this folder; data live beside the contract`);
  const engine = await ports.engine();
  await loadFile(engine, "data", path, ports.folder);
  const described = await profile(engine, "data");
  const draftText = draftContract({
    model: name ?? modelName(path),
    data: path,
    label,
    positive,
    profile: described,
    expectations: inferExpectations(described),
  });
  await files.write(contract, draftText);
  return CONTRACT;
}

const modelName = (path: string): string =>
  basename(path)
    .replace(/\..*$/, "")
    .replace(/[^a-z0-9-_]+/gi, "-")
    .replace(/^-+|-+$/g, "") || "model";

function written(paths: readonly string[], next: string): Result<"files"> {
  return {
    outputs: { files: paths.join("\n") },
    text: [...paths.map((path) => `wrote ${path}`), `next: ${next}`].join("\n"),
    json: { written: paths },
  };
}
