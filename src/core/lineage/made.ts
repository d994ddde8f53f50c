import { compareIngredients } from "../artifacts/changes.ts";
import type { Ingredient } from "../artifacts/ingredient.ts";
import type { Lock } from "../artifacts/lock.ts";

/** The stage that an ingredient of the kind "stage" comes from, and which of its outputs it is. */
export function sourceOf({
  kind,
  name,
}: Pick<Ingredient, "kind" | "name">): { readonly stage: string; readonly path: string } | undefined {
  const [, stage, path] = kind === "stage" ? (/^([a-z-]+): (.+)$/s.exec(name) ?? []) : [];
  return stage === undefined || path === undefined ? undefined : { stage, path };
}

/** What is found out of a lock and a stage once is asked for again: of the version after it, and of its metrics. */
function ofLock<T>(find: (lock: Lock, stage: string) => T): (lock: Lock, stage: string) => T {
  const known = new WeakMap<Lock, Map<string, T>>();
  return (lock, stage) => {
    const own = known.get(lock) ?? new Map<string, T>();
    known.set(lock, own);
    const before = own.get(stage);
    if (before !== undefined) return before;
    const found = find(lock, stage);
    own.set(stage, found);
    return found;
  };
}

/**
 * The stages that something came through, in the order of the lock: the one named, and all before it.
 *
 * @example stagesUpTo(new Map(), "train") // => []
 */
export const stagesUpTo = ofLock((lock: Lock, stage: string): readonly string[] => {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const one = lock.get(name);
    if (one === undefined || found.has(name)) return;
    found.add(name);
    for (const ingredient of one.in) {
      const source = sourceOf(ingredient);
      if (source !== undefined) visit(source.stage);
    }
  };
  visit(stage);
  return [...lock.keys()].filter((name) => found.has(name));
});

/** Everything that a stage and those before it took in from outside, each thing once. */
export const ingredientsUpTo = ofLock((lock: Lock, stage: string): readonly Ingredient[] => {
  const found = new Map<string, Ingredient>();
  for (const name of stagesUpTo(lock, stage)) {
    for (const one of lock.get(name)?.in ?? []) {
      const key = `${one.kind} ${one.name}`;
      if (one.kind !== "stage" && !found.has(key)) found.set(key, one);
    }
  }
  return [...found.values()];
});

/** The stage that made these bytes; undefined where this lock names none. @param path below the lock's folder */
export function stageOf(lock: Lock, path: string, name: string): string | undefined {
  for (const [stage, { out }] of lock) {
    if (out.some((one) => one.path === path && one.md5 === name)) return stage;
  }
  return undefined;
}

/** Why a stage made something else than before, one sentence each. */
export const causesBetween = (before: Lock, after: Lock, stage: string): readonly string[] =>
  compareIngredients(ingredientsUpTo(before, stage), ingredientsUpTo(after, stage)).map(({ text }) => text);

/** Whether what was measured was made of these bytes, a model's or a source's. */
export function isMeasured(lock: Lock, name: string): boolean {
  const all = stagesUpTo(lock, "evaluate");
  return all.some((stage) => lock.get(stage)?.in.some(({ md5 }) => md5 === name));
}

/**
 * The numbers of a lock's evaluation.
 *
 * @example metricsOf(new Map()) // => {}
 */
export function metricsOf(lock: Lock): Readonly<Record<string, number>> {
  const metrics = lock.get("evaluate")?.facts.metrics;
  if (typeof metrics !== "object" || metrics === null || Array.isArray(metrics)) return {};
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}
