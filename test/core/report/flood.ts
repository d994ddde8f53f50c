import { assembleReport } from "../../../src/core/report/assemble.ts";
import type { Report } from "../../../src/core/report/report.ts";
import { LABELS } from "./labels-case.ts";
import { CASES, HOSTILE_NAMES } from "./make-cases.ts";
import { SLICES } from "./slices-case.ts";

/** The hostile report with so many rows of everything, all with names of their own. */
export function flood(rows: number): Report {
  const parts = CASES.hostile as Parameters<typeof assembleReport>[0];
  const many = <T>(list: readonly T[], rename: (item: T, name: string) => T): T[] =>
    Array.from({ length: rows }, (_, index) =>
      rename(list[index % list.length] as T, `${HOSTILE_NAMES[index % HOSTILE_NAMES.length]}${index}`),
    );
  const [first] = parts.fairness as [Report["fairness"][number]];
  const column = {
    ...first,
    groups: many(first.groups, (group, name) => ({ ...group, name })),
    measures: many(first.measures, (measure, title) => ({ ...measure, title })),
    compared: comparedGroups(rows),
  };
  return assembleReport({
    ...parts,
    changes: many(parts.changes, (change, name) => ({ ...change, name })),
    gates: many(parts.gates, (gate, condition) => ({ ...gate, condition })),
    metrics: many(parts.metrics, (metric, title) => ({ ...metric, title })),
    shown: rows,
    confusion: {
      labels: Array.from(
        { length: 300 },
        (_, index) => `${HOSTILE_NAMES[index % HOSTILE_NAMES.length]}${index}`,
      ),
      counts: Array.from({ length: 300 }, () => Array.from({ length: 300 }, () => 1)),
    },
    labels: floodOfLabels(rows),
    fairness: Array.from({ length: 40 }, () => column),
    checks: many(parts.checks, (check, expectation) => ({ ...check, expectation })),
    slices: floodOfSlices(rows),
    warnings: many(parts.warnings, (warning, title) => ({ ...warning, title })),
    history: Array.from({ length: rows }, (_, epoch) => ({ epoch, loss: 1e308, validation_loss: -1e308 })),
    curves: {
      ...parts.curves,
      roc: Array.from({ length: rows }, (_, index) => ({ x: index / rows, y: index % 7 })),
      calibration: Array.from({ length: rows }, (_, index) => ({
        predicted: index,
        observed: -1e308,
        count: index,
      })),
      residuals: Array.from({ length: rows }, (_, index) => ({
        x: 1e308,
        y: index % 2 === 0 ? -1e308 : 1e308,
      })),
    },
  });
}

/** So many labels, each with a name of its own. */
function floodOfLabels(rows: number): NonNullable<Report["labels"]> {
  return Array.from({ length: rows }, (_, index) => ({
    ...(LABELS[index % LABELS.length] as NonNullable<Report["labels"]>[number]),
    name: `${HOSTILE_NAMES[index % HOSTILE_NAMES.length]}${index}`,
  }));
}

/** So many slices of each kind, all confirmed. */
function floodOfSlices(rows: number): NonNullable<Report["slices"]> {
  const slices = Array.from({ length: rows }, (_, index) => {
    const [slice = SLICES.weak[0]] = SLICES.weak.slice(index % 2);
    const column = `${HOSTILE_NAMES[index % HOSTILE_NAMES.length]}${index}`;
    return { ...slice, conditions: [{ column, place: column, text: column }], confirmed: true };
  }) as NonNullable<Report["slices"]>["weak"];
  return { ...SLICES, weak: slices, worse: slices };
}

/** Eleven rates of so many groups, each held against a reference. */
function comparedGroups(rows: number): NonNullable<Report["fairness"][number]["compared"]> {
  const interval = { low: -0.1, high: 0.3, confidence: 0.95, method: "Newcombe's score interval" };
  const groups = Array.from({ length: rows }, (_, index) => ({
    group: `${HOSTILE_NAMES[index % HOSTILE_NAMES.length]}${index}`,
    count: index,
    of: 2 * index,
    state: index < 5 ? ("too few" as const) : ("counted" as const),
    value: index < 5 ? null : 0.5,
    difference: { value: 0.1, interval },
    ratio: { value: 1.2, interval },
  }));
  const names = ["selection_rate", "true_positive_rate", "false_positive_rate", "accuracy", "a", "b", "c"];
  return {
    reference: { chosen: "majority", group: groups[0]?.group ?? null },
    confidence: 0.95,
    least: 5,
    rates: names.map((name) => ({
      name,
      title: name,
      better: "neither" as const,
      noun: "rows",
      reference: null,
      difference: 0.2,
      ratio: 0.5,
      worst: null,
      groups,
    })),
    average_odds: [],
  };
}
