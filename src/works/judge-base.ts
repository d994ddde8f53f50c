import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { parseRecipe, type Recipe } from "../core/features/recipe.ts";
import { gravest } from "../core/gates/verdict.ts";
import { BUNDLE_FILE, type Bundle, parseBundle, RECIPE_FILE } from "../core/models/bundle.ts";
import { endpointText } from "../core/models/endpoint/file.ts";
import { assembleReport } from "../core/report/assemble.ts";
import type { CheckRow, Report } from "../core/report/report.ts";
import { answerColumns } from "../core/tables/labels.ts";
import { placeText, UserError } from "../errors.ts";
import { runWorks } from "../pipeline/run.ts";
import type { Work } from "../pipeline/work.ts";
import { runChecks } from "../tables/checks.ts";
import { RECIPE } from "./features.ts";
import { foreignTrain, type GivenModel } from "./given.ts";
import { INGESTED } from "./ingest.ts";
import { PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { readReport } from "./report.ts";
import { train } from "./train.ts";
import { validate } from "./validate.ts";
import { withEngine } from "./with-engine.ts";
import { WORKS } from "./works.ts";

/** What the base's rules say of a model. */
export type ByBase =
  | { readonly kind: "decided"; readonly report: Report }
  /** They cannot be applied to it: a person must decide. */
  | { readonly kind: "undecided"; readonly reason: string }
  /** They forbid it, whatever its numbers are. */
  | { readonly kind: "forbidden"; readonly reason: string };

/**
 * Judges a model by the base branch's contract, on the base branch's rows: its holdout, its label, its
 * gates. The model brings its own recipe, as the baseline does. Where the change brings other data,
 * these are held to what the base expects of data.
 *
 * @param head the change's project, whose report was made
 */
export async function judgeByBase(
  head: StageProject,
  base: StageProject,
  given: GivenModel,
  ours: Report,
): Promise<ByBase> {
  const bundle = parseBundle(await readFile(join(given.folder, BUNDLE_FILE), "utf8"), "the model");
  const recipe = parseRecipe(await readFile(join(given.folder, RECIPE_FILE), "utf8"), "the model's recipe");
  const inputs = recipe.inputs.map(({ name }) => name);
  const known = knowsAnswer(recipe, base.contract);
  if (known !== undefined) return { kind: "forbidden", reason: known };
  const other = different(bundle, base);
  if (other !== undefined) return { kind: "undecided", reason: other };
  try {
    await runWorks(withModel(given), base, {
      until: "prepare",
      force: ["prepare"],
      signal: base.ports.signal,
    });
    const lacking = await lackingColumns(base, bundle.kind === "predictions" ? [] : inputs);
    if (bundle.kind === "predictions" && !(await sameRows(head, base))) {
      const reason = "it is a file of predictions, made from other rows than the base's";
      return { kind: "undecided", reason };
    }
    if (lacking.length > 0) {
      const reason = `the base's rows have no column ${lacking.map((name) => `"${name}"`).join(", ")}, which the features use`;
      return { kind: "undecided", reason };
    }
    await runWorks(withModel(given), base, { signal: base.ports.signal });
    const { schema: _, verdict: __, sentence: ___, ...parts } = await readReport(base);
    const checks = await expectedOf(head, base, parts.checks);
    return { kind: "decided", report: assembleReport({ ...parts, checks, changes: ours.changes }) };
  } catch (error) {
    if (error instanceof UserError) return { kind: "undecided", reason: error.message };
    throw error;
  }
}

/** Why what a change asks for is forbidden by the base: its features, or the address of its model; it is known before any training. */
export async function forbiddenBy(
  { folder, contract }: StageProject,
  base: StageProject | undefined,
): Promise<string | undefined> {
  const strange = strangeAddress(contract.train, base?.contract.train);
  if (strange !== undefined) return strange;
  if (base === undefined) return undefined;
  const known = knowsAnswer(parseRecipe(await readFile(join(folder, RECIPE), "utf8")), base.contract);
  return known ?? namedByAnswer(contract.data.roles, base.contract.data.roles);
}

/** Why an address is not asked: held-out rows, and a token, go where the base's contract says, and nowhere else. */
function strangeAddress(ours: Contract["train"], base: Contract["train"] | undefined): string | undefined {
  if (!("endpoint" in ours)) return undefined;
  const known = base !== undefined && "endpoint" in base ? endpointText(base) : undefined;
  if (endpointText(ours) === known) return undefined;
  return `the change names the address ${new URL(ours.endpoint).host}, which the base branch's contract does not: no held-out row is sent there; let a code owner put train.endpoint into the base branch first`;
}

/** Why features must not be made of these columns, by the base's contract; undefined where they may. */
function knowsAnswer({ inputs }: Pick<Recipe, "inputs">, { data }: Contract): string | undefined {
  const answers = answerColumns(data.roles);
  const known = inputs.filter(({ name }) => answers.includes(name));
  if (known.length === 0) return undefined;
  const names = known.map(({ name }) => `"${name}"`).join(", ");
  return `the features use ${names}, which by the base's contract knows the answer (data.roles)`;
}

/** Why rows must not be named by this column: a training is told the names of all rows. */
function namedByAnswer({ id }: Roles, base: Roles): string | undefined {
  if (id === undefined || id === base.id || !answerColumns(base).includes(id)) return undefined;
  return `rows are named by "${id}" (data.roles.id), which by the base's contract knows the answer`;
}

type Roles = Contract["data"]["roles"];

/** A report that says that it could not be decided, and why; what failed still fails. */
export function undecided(report: Report, reason: string): Report {
  const verdict = gravest([report.verdict, "inconclusive"]);
  if (verdict === "fail") return report;
  return { ...report, verdict, sentence: `Cannot be decided by the base's rules: ${reason}.` };
}

/** The works with the model in the place of the training; the base's data are not what is proposed. */
function withModel(given: GivenModel): readonly Work<StageProject>[] {
  return WORKS.map((work) =>
    work === train ? foreignTrain(given) : work === validate ? { ...validate, stops: false } : work,
  );
}

function different(bundle: Bundle, { contract }: StageProject): string | undefined {
  const { task, data } = contract;
  if (bundle.task !== task) return `its task is ${bundle.task}, and the base's is ${task}`;
  if (bundle.label !== data.roles.label) {
    return `it predicts "${bundle.label}", and the base's label is "${data.roles.label}"`;
  }
  return undefined;
}

async function lackingColumns(base: StageProject, wanted: readonly string[]): Promise<readonly string[]> {
  return withEngine(base, async (engine) => {
    await engine.load("prepared", { paths: [join(base.folder, PREPARED)], format: "parquet" });
    const there = new Set((await engine.columns("SELECT * FROM prepared")).map(({ name }) => name));
    return wanted.filter((name) => !there.has(name));
  });
}

async function sameRows(head: StageProject, base: StageProject): Promise<boolean> {
  const ours = await head.files.content(join(head.folder, INGESTED));
  return (
    ours !== undefined && ours.sha256 === (await base.files.content(join(base.folder, INGESTED)))?.sha256
  );
}

/** The base's expectations, of the rows that the change brings where they are others. */
async function expectedOf(
  head: StageProject,
  base: StageProject,
  checks: readonly CheckRow[],
): Promise<CheckRow[]> {
  if (await sameRows(head, base)) return [...checks];
  const { contract, parsed, ports } = base;
  return withEngine(head, async (engine) => {
    await engine.load("ingested", { paths: [join(head.folder, INGESTED)], format: "parquet" });
    return runChecks(engine, "ingested", contract.data.expect, {
      showValues: contract.evaluate.show_values,
      now: ports.now(),
      place: (index) => parsed.place(["data", "expect", index]).line,
      within: (index, offset) => placeText(parsed.placeWithin(["data", "expect", index, "sql"], offset)),
    });
  });
}
