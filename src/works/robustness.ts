import type { Contract } from "../config/contract.ts";
import { parseCondition } from "../core/gates/condition.ts";
import { metricNamed, metricsOf } from "../core/measures/metrics/catalogue.ts";
import type { Scored } from "../core/measures/scored.ts";
import { counted } from "../core/report/numbers.ts";
import type { Robustness } from "../core/report/sections/robustness.ts";
import { factsOf, rolesOf } from "../core/robustness/facts.ts";
import type { Measuring } from "../core/robustness/outcome.ts";
import { fitRow, gapOf } from "../core/robustness/outcome.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { isGeneral, type OpenBundle } from "./bundles.ts";
import { customNames } from "./custom-names.ts";
import type { StageProject } from "./project.ts";
import { askBehaviours } from "./robustness-behaviour.ts";
import { holdoutDrift, leakageOf } from "./robustness-data.ts";
import { askDependence, askImportance, askPerturbations, askStability } from "./robustness-model.ts";
import { type Asking, openRows, POINTS } from "./robustness-rows.ts";
import { scoreSide } from "./score.ts";

/** Rows that a model is asked about in all, about: what takes more is asked with fewer holdout rows. */
const MOST_ANSWERS = 4_000_000;
const FEWEST_ROWS = 50;
/** Columns that are perturbed on their own. */
const MOST_ALONE = 20;
type Settings = NonNullable<Contract["evaluate"]["robustness"]>;

/**
 * How the candidate stands up to rows that are worse than those of the holdout, what it rests on, and what
 * could flatter it. A model that is known by its predictions alone is not asked; what the data alone tell
 * is told of it all the same.
 */
export async function robustnessOf(
  engine: Engine,
  { contract, folder, ports }: Pick<StageProject, "contract" | "folder" | "ports">,
  candidate: OpenBundle,
  sides: { readonly holdout: Scored; readonly train: Scored | undefined },
): Promise<Robustness | undefined> {
  const settings = contract.evaluate.robustness;
  if (settings === undefined) return undefined;
  const { classes } = candidate.bundle;
  const measuring = measuringOf(contract, classes);
  const [metric] = measuring.metrics;
  if (metric === undefined) return undefined;
  const task = ports.progress.start("asking about worse rows");
  const general = isGeneral(candidate) ? candidate : undefined;
  const common = {
    metric: { name: metric.name, title: metric.title, better: metric.better },
    seed: measuring.seed,
    confidence: measuring.confidence,
    repeats: settings.repeats,
    leakage: await leakageOf(
      engine,
      contract,
      classes,
      general?.recipe.inputs.map(({ name }) => name),
    ),
    drift: await holdoutDrift(engine, folder, contract),
  };
  if (general === undefined) {
    task.end();
    return {
      ...common,
      ...NOTHING,
      rows: { asked: 0, of: sides.holdout.labels.length },
      fit: { sides: [fitRow("holdout", sides.holdout, measuring, true)], gap: null },
      expectations: await askBehaviours(settings, undefined),
    };
  }
  const { recipe } = general;
  const groups = groupsOf(
    settings,
    recipe.inputs.map(({ name }) => name),
  );
  const most = mostRows(settings, recipe.inputs.length, groups.size);
  const rows = await openRows(engine, contract, general, most, {
    signal: ports.signal,
    tell: (answers) => task.update(answers),
  });
  const asked = await rows.ask(rows.table);
  if (asked.state !== "measured")
    throw new UserError(
      `${candidate.bundle.model} answers for all of the holdout, and not for ${counted(rows.table.rows, "row")} of it asked alone; evaluate.robustness needs a model that answers for any rows`,
    );
  const clean = asked.scored;
  const roles = rolesOf(recipe);
  const facts = new Map(
    [...rows.table.columns].map(([name, column]) => [
      name,
      factsOf(name, roles.get(name) ?? "category", column),
    ]),
  );
  const asking: Asking = {
    contract,
    settings,
    rows,
    clean,
    facts,
    classes,
    measuring: {
      ...measuring,
      ...(rows.clusters === undefined ? {} : { clusters: rows.clusters }),
      ...(rows.weights === undefined ? {} : { weights: rows.weights }),
      ...(rows.moments === undefined ? {} : { moments: rows.moments }),
      ...(contract.evaluate.bootstrap.stratify === undefined ? {} : { strata: rows.labels }),
    },
  };
  const importance = await askImportance(asking, groups);
  const important = importance.flatMap(({ columns }) => columns);
  const alone = [...new Set([...important, ...rows.table.columns.keys()])].slice(0, MOST_ALONE);
  const perturbations = await askPerturbations(asking, alone);
  const validation = await scoreSide(engine, candidate, contract, "validation", classes);
  const { bootstrap } = contract.evaluate;
  // rows of one group, or of one stretch of time, are not independent
  const bounded = contract.data.roles.group === undefined && bootstrap.block === undefined;
  const fitted = [
    ...(sides.train === undefined ? [] : [fitRow("train", sides.train, measuring, bounded)]),
    ...(validation.labels.length === 0 ? [] : [fitRow("validation", validation, measuring, bounded)]),
    fitRow("holdout", sides.holdout, measuring, bounded),
  ];
  const of = (name: string) => fitted.find(({ side }) => side === name);
  const report: Robustness = {
    ...common,
    unchecked: null,
    rows: { asked: rows.table.rows, of: sides.holdout.labels.length },
    value: fitRow("holdout", clean, measuring, false).value,
    alone: { asked: alone.length, of: rows.table.columns.size },
    perturbations,
    stability: await askStability(asking),
    fit: { sides: fitted, gap: gapOf(metric, of("train"), of("holdout")) },
    importance,
    dependence: await askDependence(asking, important),
    expectations: await askBehaviours(settings, asking),
    answers: 0,
  };
  task.end();
  return { ...report, answers: rows.answers() };
}

const NOTHING = {
  unchecked: "the model is known by its predictions alone",
  answers: 0,
  value: null,
  alone: { asked: 0, of: 0 },
  perturbations: [],
  stability: null,
  importance: [],
  dependence: [],
} satisfies Partial<Robustness>;

function measuringOf({ task, plan, evaluate }: Contract, classes: readonly string[]): Measuring {
  const { bootstrap, metrics, gates, robustness } = evaluate;
  const [usual] = metricsOf(task);
  const own = customNames({ evaluate });
  const builtIn = metrics?.find((name) => own.every((one) => one.name !== name));
  const first = robustness?.metric ?? builtIn ?? usual?.name ?? "";
  const gated = gates.flatMap(({ gate }) => {
    const { drop, metric } = parseCondition(gate, own);
    return drop === undefined ? [] : [metric];
  });
  return {
    task,
    classes: classes.length,
    costs: plan.costs,
    ...(typeof bootstrap.block === "number" ? { block: bootstrap.block } : {}),
    empty: evaluate.zero_division === "no data" ? Number.NaN : (evaluate.zero_division ?? 0),
    metrics: [...new Set([first, ...gated])].map((name) => metricNamed(name, task)),
    resamples: bootstrap.resamples,
    confidence: bootstrap.confidence,
    seed: bootstrap.seed,
  };
}

/** What is shuffled together: the groups that the contract names, and each other column alone. */
function groupsOf({ together }: Settings, names: readonly string[]): Map<string, readonly string[]> {
  const grouped = new Set(Object.values(together).flat());
  const own = names.filter((name) => !grouped.has(name));
  return new Map([
    ...Object.entries(together).map(([name, columns]): [string, readonly string[]] => [
      name,
      columns.filter((column) => names.includes(column)),
    ]),
    ...own.map((name): [string, readonly string[]] => [name, [name]]),
  ]);
}

/** Holdout rows that may take part, so that all questions together stay within bounds. */
function mostRows(
  { perturb, rows, repeats, curves, expect }: Settings,
  columns: number,
  groups: number,
): number {
  const forms = Object.values(perturb).reduce((sum, strengths) => sum + 2 * (strengths?.length ?? 0), 0);
  const questions =
    forms * (Math.min(columns, MOST_ALONE) + 1) + groups * repeats + curves * POINTS + expect.length * 12 + 3;
  return Math.max(FEWEST_ROWS, Math.min(rows, Math.floor(MOST_ANSWERS / questions)));
}
