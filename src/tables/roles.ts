import type { Contract } from "../config/contract.ts";
import { predictsNumbers } from "../core/measures/task.ts";
import { columnSql } from "../core/tables/expression/index.ts";
import { labelColumns } from "../core/tables/labels.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { type DataColumn, requireColumn } from "./columns.ts";
import { onBehalfOf, StepError } from "./step-error.ts";

type RolesContract = Pick<Contract, "task" | "data" | "split">;

/** @throws {UserError} where a role names no column, or one that cannot play it */
export function requireRoles({ task, data, split }: RolesContract, columns: readonly DataColumn[]): void {
  const { roles, personal } = data;
  const names = columns.map(({ name }) => name);
  const require = (role: string, name: string | undefined): void => {
    if (name === undefined) return;
    onBehalfOf(["data", "roles", role, name], () => {
      if (personal[name] === "drop") {
        throw new UserError(
          `data.roles.${role}: "${name}" is dropped by data.personal; hash or generalise it instead`,
        );
      }
      requireColumn(name, names, `data.roles.${role}`);
    });
  };
  for (const name of labelColumns(roles)) require("label", name);
  if (roles.id !== "row_hash") require("id", roles.id);
  require("time", roles.time);
  require("group", roles.group);
  require("weight", roles.weight);
  for (const name of roles.sensitive) require("sensitive", name);
  for (const name of roles.leaks) if (personal[name] !== "drop") require("leaks", name);

  if (split.stratify !== undefined) {
    if (split.by !== "random") throw new UserError("split: stratify belongs to `by: random`");
    if (roles.group !== undefined) {
      throw new UserError(
        "split: groups stay together, so labels cannot be shared out; leave out stratify, or data.roles.group",
      );
    }
    if (predictsNumbers(task)) {
      throw new UserError("split: stratify wants classes, and the task is regression; leave it out");
    }
  }
  if (split.by !== "time") return;
  const kind = columns.find(({ name }) => name === roles.time)?.kind;
  if (kind === undefined) throw new UserError("split: `by: time` wants data.roles.time, a column of times");
  if (kind !== "time") {
    throw new UserError(
      `split: \`by: time\` wants a date or a timestamp, and "${roles.time}" holds ${kind}; give its type in data.sources`,
    );
  }
}

/** @throws {UserError} where rows lack a label, an id, a moment or a weight that they must have */
export async function requireRows(
  engine: Engine,
  relation: string,
  { data: { roles }, split }: RolesContract,
  columns: readonly DataColumn[],
): Promise<void> {
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
  const required = [
    ...labelColumns(roles).map((name) => ["label", name]),
    ["id", roles.id === "row_hash" ? undefined : roles.id],
    ["time", split.by === "time" ? roles.time : undefined],
    ["weight", roles.weight],
  ].filter((entry): entry is [string, string] => entry[1] !== undefined);
  const read = (name: string): string => columnSql(name, kinds.get(name) ?? "text");
  const parts = required.map(([, name], i) => `count(*) FILTER ((${read(name)}) IS NULL) AS missing${i}`);
  const [row = {}] = await engine.rows(`SELECT count(*) AS rows, ${parts.join(", ")} FROM ${relation}`);
  const rows = Number(row.rows);
  if (rows === 0) throw new UserError("prepare.rows leave no row; loosen their conditions");
  for (const [i, [role, name]] of required.entries()) {
    const missing = Number(row[`missing${i}`]);
    if (missing === 0) continue;
    const quoted = /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `\\"${name}\\"`;
    throw new StepError(
      `the ${role} "${name}" is missing in ${missing} of ${rows} rows; leave them out with \`where: "${quoted} is not null"\` in prepare.rows`,
      ["data", "roles", role],
    );
  }
  if (roles.labels !== undefined) await requireMarks(engine, relation, roles.labels, kinds);
  if (roles.weight === undefined) return;
  if (kinds.get(roles.weight) !== "number")
    throw new UserError(`data.roles.weight: "${roles.weight}" holds no numbers`);
  const [bad = {}] = await engine.rows(
    `SELECT count(*) AS rows FROM ${relation} WHERE (${read(roles.weight)}) < 0`,
  );
  if (Number(bad.rows) > 0) {
    throw new UserError(
      `the weight "${roles.weight}" is negative in ${bad.rows} of ${rows} rows; a weight is at least 0`,
    );
  }
}

/** @throws {UserError} where a column of several labels holds anything but 0 and 1 */
async function requireMarks(
  engine: Engine,
  relation: string,
  labels: readonly string[],
  kinds: ReadonlyMap<string, string>,
): Promise<void> {
  const right = "a row carries a label, 1 or true, or does not, 0 or false";
  for (const name of labels) {
    const kind = kinds.get(name);
    if (kind === "number" || kind === "boolean") continue;
    throw new StepError(`the label "${name}" holds ${kind}; ${right}`, ["data", "roles", "label"]);
  }
  const parts = labels.map((name, i) => {
    const mark = `CAST(${quoteName(name)} AS DOUBLE)`;
    return `count(*) FILTER (${mark} NOT IN (0, 1)) AS other${i}, min(${mark}) FILTER (${mark} NOT IN (0, 1)) AS first${i}`;
  });
  const [row = {}] = await engine.rows(`SELECT count(*) AS rows, ${parts.join(", ")} FROM ${relation}`);
  for (const [i, name] of labels.entries()) {
    const other = Number(row[`other${i}`]);
    if (other === 0) continue;
    throw new StepError(
      `the label "${name}" holds ${row[`first${i}`]} in ${other} of ${row.rows} rows; ${right}`,
      ["data", "roles", "label"],
    );
  }
}
