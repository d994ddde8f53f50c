import type { Ingredient } from "./ingredient.ts";
import type { StageLock } from "./lock.ts";
import { LOCK_SCHEMA, lockedIngredient, lockedStage } from "./lock-schema.ts";
import { readPlainYaml } from "./plain-yaml.ts";

/*
 * A thousand versions of a lock differ in a few lines each. A lock as it is printed is therefore read in parts,
 * stages and what went into them, and each part that was read before is taken from there.
 */

/** What stands before the first stage. */
const HEAD = new RegExp(`^(?:#.*\\n|\\n)*schema: ${LOCK_SCHEMA}\\nstages:\\n`);
/** A stage: its name, and what stands below it. */
const STAGE = / {2}([a-z][a-z0-9-]*):\n((?: {4}.*\n)+)/y;
/** Of what stands below a stage: what comes before the ingredients, these, and what comes after them. */
const PARTS = /^((?: {4}[a-z].*\n)*?) {4}in:\n((?: {4}- .*\n(?: {6}.*\n)*)+)((?: {4}.*\n)*)$/;
const INGREDIENT = / {4}- .*\n(?: {6}.*\n)*/y;
const AGAIN = /^ {4}in:/m;

/** So many parts are remembered: those of a few thousand versions. */
const stages = remembering(2000, readStage);
const ingredients = remembering(20_000, readIngredient);

/**
 * The stages of a lock that is written as `printLock` writes it, or undefined where it is anything else or
 * wrong: a whole parser has to say what it is.
 *
 * @example readPlainLock("schema: trainyard/lock/1\nstages: {}\n") // => undefined
 */
export function readPlainLock(text: string): ReadonlyMap<string, StageLock> | undefined {
  const head = HEAD.exec(text)?.[0];
  if (head === undefined) return undefined;
  const found = new Map<string, StageLock>();
  STAGE.lastIndex = head.length;
  for (let at = head.length; at < text.length; at = STAGE.lastIndex) {
    const [, name, body] = STAGE.exec(text) ?? [];
    if (name === undefined || body === undefined || found.has(name)) return undefined;
    const stage = stages(body);
    if (stage === undefined) return undefined;
    found.set(name, stage);
  }
  return found;
}

function readStage(body: string): StageLock | undefined {
  const [, before = "", list, after = ""] = PARTS.exec(body) ?? [];
  if (list === undefined || AGAIN.test(before) || AGAIN.test(after)) return undefined;
  const rest = readPlainYaml(`stage:\n${before}${after}`.replace(/^ {4}/gm, "  "));
  const own = typeof rest?.stage === "object" ? { ...rest.stage, in: [] } : undefined;
  const parsed = lockedStage.safeParse(own);
  if (!parsed.success) return undefined;
  const found: Ingredient[] = [];
  INGREDIENT.lastIndex = 0;
  while (INGREDIENT.lastIndex < list.length) {
    const one = ingredients(INGREDIENT.exec(list)?.[0] ?? "");
    if (one === undefined) return undefined;
    found.push(one);
  }
  return { ...(parsed.data as StageLock), in: found };
}

function readIngredient(item: string): Ingredient | undefined {
  const read = readPlainYaml(`in:\n${item.replace(/^ {4}/gm, "")}`)?.in;
  const parsed = lockedIngredient.safeParse(Array.isArray(read) && read.length === 1 ? read[0] : undefined);
  return parsed.success ? (parsed.data as Ingredient) : undefined;
}

/** A function that remembers its answers, and forgets all when they become too many. */
function remembering<T>(
  most: number,
  read: (text: string) => T | undefined,
): (text: string) => T | undefined {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const own = Buffer.from(text).toString(); // a part of a text keeps the whole of it in memory
    const found = read(own);
    if (found === undefined) return undefined;
    if (known.size >= most) known.clear();
    known.set(own, found);
    return found;
  };
}
