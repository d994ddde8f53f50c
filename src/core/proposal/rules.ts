import type { Contract } from "../../config/contract.ts";
import { canonical } from "../artifacts/canonical.ts";
import type { Json } from "../artifacts/ingredient.ts";
import type { RulesChange } from "./documents.ts";

/** A place in a contract: `["evaluate", "gates", 0]`. */
export type RulePath = readonly (string | number)[];

/** Where the head's contract has the value at a path, or its nearest ancestor that stands. */
export type LineOf = (path: RulePath) => number | null;

/**
 * What a change alters in the rules by which its model is judged: which rows there are, which of them
 * are held back, what must hold of them, what decides, what errors cost, who answers, and where bytes
 * are kept; and what comes after the merge: where it is served, how it is looked at, which command brings
 * new rows. What only makes another model, features and training, is no rule.
 *
 * Lists are compared as what they hold: a gate taken away from the top is one change, not one for each
 * gate that moved up. Values are texts where they are texts, else JSON.
 */
export function compareRules(before: Contract, after: Contract, lineOf: LineOf): RulesChange[] {
  return RULES.flatMap((path) => compareAt(path, at(before, path), at(after, path), lineOf));
}

/** The parts of a contract that are rules. */
const RULES: readonly RulePath[] = [
  ["model"],
  ["task"],
  ["owner"],
  ["plan", "costs"],
  ["artifacts"],
  ["data"],
  ["prepare"],
  ["split"],
  ["evaluate"],
  ["deploy"],
  ["monitor"],
  ["retrain"],
];

/**
 * What differs between two sets of named values, such as data files by their md5.
 *
 * @example compareNamed("data", new Map([["a.csv", "1"]]), new Map([["a.csv", "2"]])) // => [{ kind: "data", name: "a.csv", before: "1", after: "2", line: null }]
 */
export function compareNamed(
  kind: Exclude<RulesChange["kind"], "contract">,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): RulesChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => ({
      kind,
      name: cut(name, MOST_NAME),
      before: cutOrNull(before.get(name)),
      after: cutOrNull(after.get(name)),
      line: null,
    }));
}

/**
 * Whether a change of rules may bring other rows to the holdout: then a model that was trained by the
 * new rules may know rows that the old ones hold back.
 *
 * @example movesRows([{ kind: "contract", name: "split.holdout", before: "0.2", after: "0.3", line: 3 }]) // => true
 * @example movesRows([{ kind: "data", name: "split.csv", before: "md5 0f", after: null, line: null }]) // => false
 */
export function movesRows(changes: readonly RulesChange[]): boolean {
  return changes.some(
    ({ kind, name }) =>
      kind === "contract" &&
      /^(split|prepare\.rows|data\.(personal|roles\.(id|group|time)))(\.|$)/.test(name),
  );
}

/**
 * Whether a change of rules may choose which rows are measured, what each of them counts, or which groups are
 * shown: then a number by the new rules may be that of a single row, whose label is nobody's to read.
 *
 * Gates, costs, thresholds and intervals are of numbers that the base's rules would show as well.
 *
 * @example tellsRows([{ kind: "contract", name: "data.roles.weight", before: null, after: "w", line: 3 }]) // => true
 * @example tellsRows([{ kind: "data", name: "rows.sql", before: "md5 0f", after: "md5 1e", line: null }]) // => true
 * @example tellsRows([{ kind: "contract", name: "evaluate.gates.0", before: "f1 >= 0.8", after: null, line: 9 }]) // => false
 */
export function tellsRows(changes: readonly Pick<RulesChange, "kind" | "name">[]): boolean {
  return changes.some(({ kind, name }) => kind === "data" || (kind === "contract" && !OF_NO_ROW.test(name)));
}

const OF_NO_ROW =
  /^(model|owner|plan|artifacts|data\.expect|evaluate\.(gates|waivers|holdout|metrics|custom|decision|bootstrap|test)|deploy|monitor|retrain)(\.|$)/;

function compareAt(
  path: RulePath,
  before: Json | undefined,
  after: Json | undefined,
  lineOf: LineOf,
): RulesChange[] {
  if (canonical(before) === canonical(after) && (before === undefined) === (after === undefined)) return [];
  if (isList(before) && isList(after) && [...before, ...after].some(isMap)) {
    return compareLists(path, before, after, lineOf);
  }
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => compareAt([...path, key], own(before, key), own(after, key), lineOf));
  }
  return [changeOf(path, before, after, lineOf)];
}

/** Entries that only one of the lists has, those taken away beside those added, in their order. */
function compareLists(
  path: RulePath,
  before: readonly Json[],
  after: readonly Json[],
  lineOf: LineOf,
): RulesChange[] {
  const gone = without(before, after);
  const added = without(after, before);
  if (gone.length === 0 && added.length === 0) return [changeOf(path, before, after, lineOf)]; // another order
  return Array.from({ length: Math.max(gone.length, added.length) }, (_, nth) => {
    const [was, is] = [gone[nth], added[nth]];
    const index = is?.index ?? was?.index ?? 0;
    return {
      ...changeOf([...path, index], was?.value, is?.value, lineOf),
      line: lineOf(is === undefined ? path : [...path, is.index]),
    };
  });
}

/** What of a list the other one does not have, as often as it does not. */
function without(
  list: readonly Json[],
  other: readonly Json[],
): { readonly index: number; readonly value: Json }[] {
  const left = new Map<string, number>();
  for (const value of other) left.set(canonical(value), (left.get(canonical(value)) ?? 0) + 1);
  return list.flatMap((value, index) => {
    const count = left.get(canonical(value)) ?? 0;
    if (count === 0) return [{ index, value }];
    left.set(canonical(value), count - 1);
    return [];
  });
}

function changeOf(
  path: RulePath,
  before: Json | undefined,
  after: Json | undefined,
  lineOf: LineOf,
): RulesChange {
  return {
    kind: "contract",
    name: cut(path.join("."), MOST_NAME),
    before: shown(before),
    after: shown(after),
    line: lineOf(path),
  };
}

/** A gate as one writes it; else a text as it is, and everything else as JSON. */
function shown(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return cut(value, MOST);
  if (isMap(value) && typeof value.gate === "string" && typeof value.when_inconclusive === "string") {
    return cut(`${value.gate} (when inconclusive: ${value.when_inconclusive})`, MOST);
  }
  return cut(canonical(value), MOST);
}

const MOST = 2000; // characters, as documents.ts has it
const MOST_NAME = 500;

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;
const cutOrNull = (text: string | undefined): string | null => (text === undefined ? null : cut(text, MOST));

function at(contract: Contract, path: RulePath): Json | undefined {
  let value: unknown = contract;
  for (const step of path) value = (value as Record<string, unknown> | undefined)?.[step];
  return value as Json | undefined;
}

/** A source or a metric may be called as what every object has, such as "constructor". */
const own = (map: { readonly [key: string]: Json }, key: string): Json | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const isMap = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
