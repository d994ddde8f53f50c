import type { Scored } from "../core/measures/scored.ts";
import type { Robustness } from "../core/report/sections/robustness.ts";
import {
  changedRows,
  constantColumn,
  pickColumn,
  pickTable,
  withColumns,
} from "../core/robustness/columns.ts";
import { gridOf } from "../core/robustness/dependence.ts";
import { PERTURBATIONS, type PerturbationName } from "../core/robustness/names.ts";
import {
  type AskedVariant,
  distanceAt,
  importanceRow,
  perturbationRow,
  type Shuffled,
} from "../core/robustness/outcome.ts";
import { type Form, PERTURB } from "../core/robustness/perturb.ts";
import { random } from "../core/stats/random.ts";
import { permutation } from "../core/stats/shuffle.ts";
import type { Column } from "../core/tables/column.ts";
import { type Asking, POINTS } from "./robustness-rows.ts";

/** Asks with each perturbation that the contract names: each column alone, then all at once. */
export async function askPerturbations(
  asking: Asking,
  alone: readonly string[],
): Promise<Robustness["perturbations"]> {
  const { settings, clean, measuring } = asking;
  const rows: Robustness["perturbations"] = [];
  const names = PERTURBATIONS.filter((name) => settings.perturb[name] !== undefined);
  for (const name of names) {
    const strengths = settings.perturb[name] ?? [];
    const asked: AskedVariant[] = [];
    for (const strength of strengths) {
      for (const form of PERTURB[name].forms(strength))
        asked.push(...(await askForm(asking, name, form, alone)));
    }
    rows.push(perturbationRow(name, clean, asked, measuring, names.length));
  }
  return rows;
}

async function askForm(
  { rows, facts, measuring }: Asking,
  name: PerturbationName,
  form: Form,
  alone: readonly string[],
): Promise<AskedVariant[]> {
  const { table } = rows;
  const changed = new Map<string, Column>();
  let most = 0;
  for (const [column, own] of table.columns) {
    const fact = facts.get(column);
    if (fact === undefined || !form.takes(fact, own)) continue;
    const made = form.apply(own, fact, random(measuring.seed, `${name} ${form.words} ${column}`));
    const count = changedRows(own, made);
    if (count === 0) continue;
    changed.set(column, made);
    most = Math.max(most, count);
  }
  const asked: AskedVariant[] = [];
  const refused = new Set<string>();
  for (const column of alone) {
    const made = changed.get(column);
    const own = table.columns.get(column);
    if (made === undefined || own === undefined) continue;
    const said = await rows.ask(withColumns(table, [[column, made]]));
    if (said.state !== "measured") refused.add(column);
    const share = changedRows(own, made) / Math.max(1, table.rows);
    asked.push({ columns: [column], words: form.words, changed: share, asked: said });
  }
  const all = [...changed].filter(([column]) => !refused.has(column));
  if (!PERTURB[name].together || all.length < 2) return asked;
  const said = await rows.ask(withColumns(table, all));
  const share = most / Math.max(1, table.rows);
  return [
    { columns: all.map(([column]) => column), words: form.words, changed: share, asked: said },
    ...asked,
  ];
}

/** Shuffles each group of columns again and again; the most important one comes first. */
export async function askImportance(
  { rows, settings, clean, measuring }: Asking,
  groups: ReadonlyMap<string, readonly string[]>,
): Promise<Robustness["importance"]> {
  const { table } = rows;
  const found: {
    readonly row: Robustness["importance"][number];
    readonly shuffled: readonly Shuffled[];
  }[] = [];
  for (const [name, columns] of groups) {
    const shuffled: Shuffled[] = [];
    for (let repeat = 0; repeat < settings.repeats; repeat++) {
      const order = permutation(
        table.rows,
        random(measuring.seed, `importance ${repeat} ${columns.join("\0")}`),
      );
      const changed = columns.flatMap((column) => {
        const own = table.columns.get(column);
        return own === undefined ? [] : [[column, pickColumn(own, order)] as const];
      });
      const said = await rows.ask(withColumns(table, changed));
      if (said.state === "measured") shuffled.push({ scored: said.scored, order });
    }
    found.push({
      row: importanceRow(name, columns, clean, shuffled, { ...measuring, resamples: 0 }),
      shuffled,
    });
  }
  found.sort(
    ({ row: a }, { row: b }) => (b.value ?? -Infinity) - (a.value ?? -Infinity) || (a.name < b.name ? -1 : 1),
  );
  return found.map(({ row, shuffled }, place) =>
    place < MOST_BOUNDED ? importanceRow(row.name, row.columns, clean, shuffled, measuring) : row,
  );
}

/** Columns whose importance has an interval. */
const MOST_BOUNDED = 50;

/** The mean score with a whole column set to one value after the other, of the most important columns. */
export async function askDependence(
  { contract, rows, settings, facts, classes }: Asking,
  columns: readonly string[],
): Promise<Robustness["dependence"]> {
  const { table } = rows;
  const { show_values } = contract.evaluate;
  const shown = (column: string): boolean => show_values || contract.data.roles.sensitive.includes(column);
  const curves: Robustness["dependence"] = [];
  for (const column of columns) {
    if (curves.length >= settings.curves) break;
    const [own, fact] = [table.columns.get(column), facts.get(column)];
    if (own === undefined || fact === undefined || fact.role === "time") continue;
    const points: Robustness["dependence"][number]["points"] = [];
    for (const { value, at } of gridOf(own, fact.role, POINTS)) {
      const said = await rows.ask(
        withColumns(table, [[column, constantColumn(own.kind, value, table.rows)]]),
      );
      if (said.state !== "measured") continue;
      points.push({ at, value: shown(column) ? value : null, score: meanScore(said.scored) });
    }
    if (points.length < 2) continue;
    const numbers = fact.role === "number" && own.kind === "number";
    const output = classes.length > 2 ? (classes[classes.length - 1] ?? null) : null;
    curves.push({ column, kind: numbers ? "number" : "category", output, points });
  }
  return curves;
}

/** The mean of the scores; of several a row that of the last class. */
function meanScore({ scores, outputs }: Scored): number {
  let sum = 0;
  for (let at = outputs - 1; at < scores.length; at += outputs) sum += scores[at] as number;
  return (sum * outputs) / scores.length;
}

/** Rows that are asked about one by one. */
const SINGLE = 50;

/** Whether the same rows get the same answer again, and a row alone the one that it gets among others. */
export async function askStability({ rows, clean }: Asking): Promise<Robustness["stability"]> {
  const again = await rows.ask(rows.table);
  if (again.state !== "measured") return null;
  let repeated = 0;
  for (let row = 0; row < rows.table.rows; row++) {
    if (distanceAt(clean, again.scored, row) !== 0) repeated++;
  }
  const count = Math.min(SINGLE, rows.table.rows);
  const { outputs } = clean;
  let farthest = 0;
  for (let row = 0; row < count; row++) {
    const own = await rows.score(pickTable(rows.table, [row]));
    const batch = clean.scores.subarray(row * outputs, (row + 1) * outputs);
    farthest = Math.max(farthest, distanceAt({ scores: batch, outputs }, { scores: own }, 0));
  }
  return { repeated, single: { rows: count, farthest } };
}
