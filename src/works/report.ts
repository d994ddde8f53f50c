import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { assembleReport, type ReportParts } from "../core/report/assemble.ts";
import { type Report, report as schema } from "../core/report/report.ts";
import { UserError } from "../errors.ts";
import { parameterIngredients, toolIngredient } from "../pipeline/ingredients.ts";
import { readLock } from "../pipeline/lock-file.ts";
import type { Work } from "../pipeline/work.ts";
import { lockAt } from "./baseline.ts";
import { changesBetween } from "./changes.ts";
import { EVALUATION, type EvaluationRecord } from "./evaluate.ts";
import type { StageProject } from "./project.ts";
import { readValidation } from "./validate.ts";
import { waivedParts, waiverIngredients } from "./waivers.ts";

export const REPORT_JSON = ".trainyard/report.json";
export const REPORT_MARKDOWN = ".trainyard/report.md";
export const REPORT_HTML = ".trainyard/report.html";

/** Says what the other works found: one value, rendered for the comment, the page and the terminal. */
export const report: Work<StageProject> = {
  name: "report",
  needs: ["validate", "evaluate"],

  async ingredients(project) {
    const { contract } = project;
    return [
      ...parameterIngredients(contract.model, "model", "is named in the report"),
      ...parameterIngredients(contract.owner ?? null, "owner", "is named in the report"),
      ...parameterIngredients(contract.plan, "plan", "is quoted in the report"),
      ...(await waiverIngredients(project)),
      ...parameterIngredients(seedsOf(contract), "seeds", "are named in the report"),
      toolIngredient(),
    ];
  },

  outputs: () => [
    { path: REPORT_JSON, kind: "report" },
    { path: REPORT_MARKDOWN, kind: "report" },
    { path: REPORT_HTML, kind: "report" },
  ],

  async perform(project, draft) {
    const { renderHtml } = await import("../core/report/html.ts"); // most runs need neither
    const { renderMarkdown } = await import("../core/report/markdown.ts");
    const made = await assembled(project);
    await writeFile(draft.path(REPORT_JSON), `${JSON.stringify(made, undefined, 2)}\n`);
    await writeFile(draft.path(REPORT_MARKDOWN), renderMarkdown(made));
    await writeFile(draft.path(REPORT_HTML), renderHtml(made));
    return { facts: { verdict: made.verdict, sentence: made.sentence } };
  },
};

/** The report of what `validate` and `evaluate` left in a project's folder. */
export async function assembled(project: StageProject): Promise<Report> {
  const { contract, folder } = project;
  const evaluation = JSON.parse(await readFile(join(folder, EVALUATION), "utf8")) as EvaluationRecord;
  const validation = await readValidation(project);
  const { schema: _, warnings, ...measured } = evaluation;
  const parts: ReportParts = {
    model: contract.model,
    task: contract.task,
    owner: contract.owner ?? null,
    problem: contract.plan.problem ?? null,
    ...measured,
    seeds: seedsOf(contract),
    changes: await changesSinceBase(project, evaluation.baseline.commit),
    checks: [...(validation?.checks ?? [])],
    warnings: [...(validation?.findings ?? []), ...warnings],
  };
  return assembleReport(await waivedParts(project, parts));
}

/** Where chance begins, as the contract says. */
const seedsOf = ({ train, split, evaluate }: Contract): NonNullable<Report["seeds"]> => ({
  training: train.seed,
  split: split.seed,
  bootstrap: evaluate.bootstrap.seed,
  resamples: evaluate.bootstrap.resamples,
});

async function changesSinceBase(project: StageProject, commit: string | null): Promise<Report["changes"]> {
  const before = commit === null ? undefined : await lockAt(project, commit);
  return before === undefined ? [] : changesBetween(before, await readLock(project, project.folder));
}

/** The report that stands in a project's folder. @throws {UserError} where it cannot be read */
export async function readReport(project: StageProject): Promise<Report> {
  const parsed = schema.safeParse(
    JSON.parse((await project.files.read(join(project.folder, REPORT_JSON))) ?? "null"),
  );
  if (parsed.success) return parsed.data;
  throw new UserError(
    `${REPORT_JSON} is not a report of this version; make it again with \`trainyard report --force\``,
  );
}
