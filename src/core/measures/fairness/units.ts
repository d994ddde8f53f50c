import type { Groups } from "./groups.ts";

/** What is done on the way through rows that belong together. */
export interface Walk {
  /** The candidate's and the baseline's cell of the confusion matrix. */
  readonly cells: (row: number) => readonly [own: number, base: number];
  readonly weight: (row: number) => number;
  /** Told once for every unit and each group that it has rows in: both models' cells, added up. They are used again. */
  readonly unit: (group: number, own: Float64Array, base: Float64Array) => void;
}

/**
 * Goes through rows unit by unit, in time and memory that grow with the rows alone, however many units there are.
 *
 * @param units the unit of each row, counted from 0
 */
export function walkUnits(units: Int32Array, groups: Groups, { cells, weight, unit }: Walk): void {
  const order = byUnit(units);
  const own = groups.names.map(() => new Float64Array(4));
  const base = groups.names.map(() => new Float64Array(4));
  let touched: number[] = [];
  const flush = (): void => {
    for (const group of touched) {
      const [ours, theirs] = [own[group] as Float64Array, base[group] as Float64Array];
      unit(group, ours, theirs);
      ours.fill(0);
      theirs.fill(0);
    }
    touched = [];
  };
  let current = -1;
  for (const row of order) {
    const group = groups.of[row] as number;
    if (group < 0) continue;
    if (units[row] !== current) {
      flush();
      current = units[row] as number;
    }
    if (!touched.includes(group)) touched.push(group);
    const [ourCell, theirCell] = cells(row);
    const counts = weight(row);
    add(own[group], ourCell, counts);
    add(base[group], theirCell, counts);
  }
  flush();
}

/**
 * Which of its group's units a row is in, counted from 0, and how many there are; -1 for a row without a group.
 *
 * @param units the unit of each row, counted from 0
 */
export function unitsByGroup(
  units: Int32Array,
  groups: Groups,
): { readonly of: Int32Array; readonly counts: readonly number[] } {
  const of = new Int32Array(units.length).fill(-1);
  const counts = groups.names.map(() => 0);
  const latest = new Int32Array(counts.length).fill(-1);
  for (const row of byUnit(units)) {
    const group = groups.of[row] as number;
    if (group < 0) continue;
    if (latest[group] !== units[row]) {
      latest[group] = units[row] as number;
      counts[group] = (counts[group] as number) + 1;
    }
    of[row] = (counts[group] as number) - 1;
  }
  return { of, counts };
}

function add(into: Float64Array | undefined, cell: number, amount: number): void {
  if (into !== undefined) into[cell] = (into[cell] as number) + amount;
}

/** Rows in the order of their units; those of one unit stay in their order. */
function byUnit(units: Int32Array): Int32Array {
  const many = 1 + units.reduce((most, unit) => Math.max(most, unit), -1);
  const starts = new Int32Array(many + 1);
  for (const unit of units) starts[unit + 1] = (starts[unit + 1] as number) + 1;
  for (let unit = 0; unit < many; unit++)
    starts[unit + 1] = (starts[unit + 1] as number) + (starts[unit] as number);
  const order = new Int32Array(units.length);
  for (let row = 0; row < units.length; row++) {
    const unit = units[row] as number;
    order[starts[unit] as number] = row;
    starts[unit] = (starts[unit] as number) + 1;
  }
  return order;
}
