import { compareIngredients } from "../core/artifacts/changes.ts";
import type { Lock, StageLock } from "../core/artifacts/lock.ts";
import type { Change } from "../core/report/report.ts";

/** What a reviewer is told of: all that goes in, told once, but not what only follows from it. */
export function changesBetween(before: Lock, after: Lock): Change[] {
  const changes = new Map<string, Change>();
  for (const [stage, now] of after) {
    const old = before.get(stage);
    for (const { kind, name, before: was, after: is } of compareIngredients(old?.in ?? [], now.in)) {
      if (kind === "stage" || name === "baseline" || name === "base") continue;
      changes.set(`${kind} ${name}`, { kind: kindOf(kind, name), name, before: was, after: is });
    }
  }
  return [...changes.values(), ...rowChanges(before.get("ingest"), after.get("ingest"))];
}

function kindOf(
  kind: Exclude<Parameters<typeof compareIngredients>[0][number]["kind"], "stage">,
  name: string,
): Change["kind"] {
  if (kind !== "parameters") return kind;
  if (name.startsWith("features")) return "features";
  return name.startsWith("evaluate.gates") ? "gates" : "parameters";
}

function rowChanges(before: StageLock | undefined, after: StageLock | undefined): Change[] {
  const [was, is] = [before?.facts.rows, after?.facts.rows];
  if (typeof was !== "number" || typeof is !== "number" || was === is) return [];
  return [{ kind: "rows", name: "rows", before: String(was), after: String(is) }];
}
