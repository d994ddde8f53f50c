import { columnsOf, parseExpression } from "../core/tables/expression/index.ts";
import { derivations } from "./check/expressions.ts";
import { featureColumns } from "./check/features.ts";
import type { Contract } from "./contract.ts";
import type { Issue } from "./issues.ts";
import type { ParsedContract } from "./parse.ts";

/**
 * What a contract may say, and a reviewer should know: columns that enter the model only because they
 * are named, a contract in which nothing decides, and predictions that are never looked at. In the order of
 * the file.
 */
export function contractWarnings({ contract, place }: ParsedContract): readonly Issue[] {
  const roles = delicateColumns(contract);
  const derivedFrom = new Map<string, ReadonlySet<string>>();
  for (const { column, expression } of derivations(contract.prepare.values)) {
    const read = columnsOf(parseExpression(expression)).flatMap((name) => [
      name,
      ...(derivedFrom.get(name) ?? []),
    ]);
    derivedFrom.set(column, new Set(read));
  }
  const warnings: Issue[] = [];
  for (const { column, path } of featureColumns(contract.features)) {
    const role = roles.get(column);
    if (role !== undefined) {
      const message = `${role} "${column}" enters the model, since it is named under features`;
      warnings.push({ place: place(path), message });
    }
    for (const source of derivedFrom.get(column) ?? []) {
      const from = roles.get(source);
      if (from === undefined || source === column) continue;
      warnings.push({
        place: place(path),
        message: `"${column}" is derived from ${from} "${source}" and enters the model`,
      });
    }
  }
  if (contract.evaluate.gates.length === 0) {
    warnings.push({ place: place(["evaluate", "gates"]), message: "no gate decides, so every model passes" });
  }
  const { monitor } = contract;
  if (monitor !== undefined && hoursOf(monitor.window) < HOURS[monitor.every]) {
    warnings.push({
      place: place(["monitor", "window"]),
      message: `it is looked at ${monitor.every}, and only the last ${monitor.window} then; older predictions are never looked at`,
    });
  }
  return warnings;
}

const HOURS = { hourly: 1, daily: 24, weekly: 168 } as const;
const hoursOf = (window: string): number => Number.parseInt(window, 10) * (window.endsWith("d") ? 24 : 1);

/** Columns that enter no model unless they are named, and in what words. */
function delicateColumns({ data }: Contract): ReadonlyMap<string, string> {
  const { roles, personal } = data;
  return new Map([
    ...Object.keys(personal).map((column) => [column, "the personal column"] as const),
    ...(roles.group === undefined ? [] : [[roles.group, "the group"] as const]),
    ...(roles.weight === undefined ? [] : [[roles.weight, "the weight"] as const]),
    ...(roles.time === undefined ? [] : [[roles.time, "the time"] as const]),
    ...(roles.id === undefined ? [] : [[roles.id, "the id"] as const]),
    ...roles.sensitive.map((column) => [column, "the sensitive column"] as const),
    ...roles.leaks.map((column) => [column, "the leaking column"] as const),
  ]);
}
