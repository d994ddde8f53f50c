import type { Fairness } from "../../report/report.ts";
import type { TextColumn } from "../../tables/column.ts";
import type { Answers } from "../points.ts";
import { crossed, crossings } from "./columns.ts";
import { type FairnessSettings, fairnessOf } from "./fairness.ts";
import { groupsOf } from "./groups.ts";

/** Which columns are looked at, and how, beside each on its own. */
export interface AllSettings extends FairnessSettings {
  readonly intersections?: boolean | readonly (readonly string[])[] | undefined;
  /** Sensitive columns within each of whose values the other columns' groups are compared once more. */
  readonly control?: readonly string[] | undefined;
}

/**
 * Who is treated how: by each sensitive column, by the crossed ones that were asked for, and each of these
 * within every level of a control column that has enough rows.
 */
export function fairnessOfAll(
  sensitive: ReadonlyMap<string, TextColumn>,
  answers: { readonly candidate: Answers; readonly baseline: Answers | undefined },
  settings: AllSettings,
): Fairness[] {
  const single = [...sensitive].map(([name, values]) => ({ name, of: [name], values }));
  const several = crossings([...sensitive.keys()], settings.intersections ?? false).map(({ name, of }) => ({
    name,
    of,
    values: crossed(of.flatMap((column) => sensitive.get(column) ?? [])),
  }));
  const all = [...single, ...several];
  const whole = all.map(({ name, values }) => fairnessOf(name, { values, ...answers }, settings));
  const within = (settings.control ?? []).flatMap((control) => {
    const column = sensitive.get(control);
    if (column === undefined) return [];
    const levels = groupsOf(column, settings.minGroupSize);
    const others = all.filter(({ of }) => !of.includes(control));
    return levels.names.flatMap((level, place) =>
      others.map(({ name, values }) => {
        const has = (row: number): boolean => levels.of[row] === place;
        return fairnessOf(name, { values, ...answers }, settings, { column: control, level, has });
      }),
    );
  });
  return [...whole, ...within];
}
