import { join, relative, sep } from "node:path";
import { parseWaivers, WAIVERS, type Waiver } from "../config/waivers.ts";
import { canonical } from "../core/artifacts/canonical.ts";
import type { Ingredient, Json } from "../core/artifacts/ingredient.ts";
import { addedWaivers, applyWaivers, type Circumstances, isExpired, keyOf } from "../core/gates/waivers.ts";
import type { RulesChange } from "../core/proposal/documents.ts";
import { compareNamed } from "../core/proposal/rules.ts";
import { assembleReport, type ReportParts } from "../core/report/assemble.ts";
import type { Report } from "../core/report/report.ts";
import { UserError } from "../errors.ts";
import { parameterIngredients } from "../pipeline/ingredients.ts";
import type { Repo } from "../ports/repo.ts";
import { baseCommit, findBaseline } from "./baseline.ts";
import type { StageProject } from "./project.ts";
import { modelFolder } from "./train.ts";

/** What the base has of waivers, and why it cannot be read where it cannot. */
interface Standing {
  readonly waivers: readonly Waiver[];
  readonly broken: string | undefined;
}

/**
 * The waivers that hold: those of the base commit. A change that brings waivers of its own cannot waive
 * itself.
 */
async function standingWaivers(project: StageProject): Promise<Standing> {
  const { repo, folder, base } = project;
  if (repo === undefined) return { waivers: [], broken: undefined };
  const known = found.get(repo) ?? new Map<string, Promise<Standing>>();
  found.set(repo, known);
  const key = `${folder} ${base ?? ""}`;
  const asked = known.get(key) ?? readStanding(project, repo);
  known.set(key, asked);
  return asked;
}

/** A run asks several times, and each time costs a few processes. */
const found = new WeakMap<Repo, Map<string, Promise<Standing>>>();

async function readStanding(project: StageProject, repo: Repo): Promise<Standing> {
  const { folder } = project;
  const none: Standing = { waivers: [], broken: undefined };
  const commit = await baseCommit(project);
  if (commit === undefined) return none;
  const path = relative(repo.root, join(folder, WAIVERS)).split(sep).join("/");
  const bytes = await repo.show(commit, path);
  if (bytes === undefined) return none;
  try {
    return { ...none, waivers: parseWaivers(Buffer.from(bytes).toString("utf8"), path) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...none, broken: error.message };
  }
}

/**
 * What the report is made of, by the base's waivers: their gates, what becomes of each of them, and a
 * warning where they cannot be read.
 */
export async function waivedParts(project: StageProject, parts: ReportParts): Promise<ReportParts> {
  const { waivers, broken } = await standingWaivers(project);
  const proposed = addedWaivers(project.waivers, waivers);
  const { waivers: _, ...rest } = parts;
  const after = applyWaivers(parts.gates, waivers, proposed, circumstancesOf(project, parts));
  const known = parts.warnings.filter(({ title }) => title !== UNREADABLE);
  return {
    ...rest,
    gates: after.gates,
    ...(after.waivers.length === 0 ? {} : { waivers: after.waivers }),
    warnings: broken === undefined ? known : [...known, { title: UNREADABLE, text: broken }],
  };
}

const UNREADABLE = "None of the base's waivers holds: they cannot be read";

/** A report that was made earlier, by the waivers that hold today. */
export async function waivedToday(project: StageProject, report: Report): Promise<Report> {
  const { schema: _, verdict: __, sentence: ___, ...parts } = report;
  const now = await waivedParts(project, parts);
  const same =
    canonical([parts.gates, parts.waivers ?? null] as Json) ===
    canonical([now.gates, now.waivers ?? null] as Json);
  return same ? report : assembleReport(now);
}

/** What a report would say if the waivers held that the change brings. */
export function underProposed(project: StageProject, report: Report): Report {
  const { schema: _, verdict: __, sentence: ___, ...parts } = report;
  const { waivers } = project;
  if (waivers.length === 0 && parts.waivers === undefined) return report;
  const after = applyWaivers(parts.gates, waivers, [], circumstancesOf(project, parts));
  return assembleReport({ ...parts, ...after });
}

/** What differs between the waivers of a change and those of its base. */
export function comparedWaivers(before: readonly Waiver[], after: readonly Waiver[]): RulesChange[] {
  return compareNamed("waivers", named(before), named(after));
}

/** Whether a change of rules is one of waivers. */
export const isOfWaivers = ({ kind }: Pick<RulesChange, "kind">): boolean => kind === "waivers";

/** A waiver by its gate; several of one gate by their number. */
function named(waivers: readonly Waiver[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { gate, by, because, until, pull, digest } of waivers) {
    const alone = [
      ...(pull === undefined ? [] : [` for #${pull}`]),
      ...(digest === undefined ? [] : [` for ${digest}`]),
    ];
    let name = `${WAIVERS}: ${gate}`;
    for (let nth = 2; found.has(name); nth++) name = `${WAIVERS}: ${gate} (${nth})`;
    found.set(name, `${by} until ${until}${alone.join("")}: ${because}`);
  }
  return found;
}

/**
 * The base's waivers as ingredients of the report, which is another one when one of them expires. Once a change
 * is merged its model is the base's; then the report stays what it was, as with the baseline.
 */
export async function waiverIngredients(project: StageProject): Promise<readonly Ingredient[]> {
  const before = project.lock.get("report")?.in.filter(({ name }) => name.startsWith("waivers."));
  const { waivers } = await standingWaivers(project);
  if (waivers.length === 0 && (before ?? []).length === 0) return [];
  const baseline = await findBaseline(project);
  const own = project.lock.get("train")?.out.find(({ path }) => path === modelFolder(project.contract));
  if (before !== undefined && baseline !== undefined && baseline.model.md5 === own?.md5) return before;
  const { today } = circumstancesOf(project, undefined);
  const value: Json = {
    standing: waivers.map((waiver) => `${keyOf(waiver)}${isExpired(waiver.until, today) ? " expired" : ""}`),
    days: project.contract.evaluate.waivers?.at_most_days ?? null,
  };
  return parameterIngredients(value, "waivers", "says which gates may be passed by");
}

function circumstancesOf(
  { ports, pull, contract }: StageProject,
  parts: Pick<ReportParts, "subject"> | undefined,
): Circumstances {
  return {
    today: new Date(ports.now()).toISOString().slice(0, 10),
    pull,
    sha256: parts?.subject.digest?.sha256,
    days: contract.evaluate.waivers?.at_most_days,
  };
}
