import { canonical } from "./canonical.ts";
import { essence } from "./fingerprint.ts";
import type { Ingredient, Json, Kind } from "./ingredient.ts";

/** One thing that is not what it was, in words. */
export interface Change {
  readonly kind: Kind;
  readonly name: string;
  /** A value as JSON, or a shortened digest; null where it was not there. */
  readonly before: string | null;
  readonly after: string | null;
  /** The whole sentence: `parameter features.0.scale changed ["age"] → ["age","wage"]`. */
  readonly text: string;
}

/**
 * What differs between the ingredients that a stage had and those that it would have.
 *
 * @example compareIngredients([{ kind: "parameters", name: "seed", value: 7, reason: "" }], [{ kind: "parameters", name: "seed", value: 8, reason: "" }])[0].text // => "parameter seed changed 7 → 8"
 * @example compareIngredients([], [{ kind: "data", name: "cps.csv", md5: "60b725f10c9c85c70d97880dfe8191b3", reason: "" }])[0].text // => "cps.csv is new: md5 60b725f1"
 */
export function compareIngredients(
  before: readonly Ingredient[],
  now: readonly Ingredient[],
): readonly Change[] {
  const old = new Map(before.map((one) => [keyOf(one), one]));
  const current = new Map(now.map((one) => [keyOf(one), one]));
  const changed = now.filter((one) => {
    const other = old.get(keyOf(one));
    if (other === one) return false; // read once, and taken for both
    return other === undefined || canonical(essence(other)) !== canonical(essence(one));
  });
  const gone = before.filter((one) => !current.has(keyOf(one)));
  return [
    ...changed.map((one) => changeOf(one, old.get(keyOf(one)), one)),
    ...gone.map((one) => changeOf(one, one, undefined)),
  ];
}

function keyOf({ kind, name }: Ingredient): string {
  return `${kind} ${name}`;
}

function changeOf({ kind, name }: Ingredient, old?: Ingredient, current?: Ingredient): Change {
  const before = old === undefined ? null : shown(old);
  const after = current === undefined ? null : shown(current);
  const subject = SUBJECTS[kind] === "" ? name : `${SUBJECTS[kind]} ${name}`;
  const text =
    before === null
      ? `${subject} is new: ${after}`
      : after === null
        ? `${subject} is gone, it was ${before}`
        : `${subject} changed ${before} → ${after.replace(/^md5 /, "")}`;
  return { kind, name, before, after, text };
}

/** How a kind is called in front of a name; files are known by their paths. */
const SUBJECTS: Readonly<Record<Kind, string>> = {
  data: "",
  code: "code",
  environment: "environment",
  parameters: "parameter",
  backend: "backend",
  tool: "tool",
  stage: "output of",
};

/** Enough digits to tell two versions apart at a glance, as Git shows commits. */
const DIGITS = 8;
const LONGEST = 120;

function shown({ md5, sha256, value }: Ingredient): string {
  if (md5 !== undefined) return `md5 ${md5.slice(0, DIGITS)}`;
  if (sha256 !== undefined) return `sha256 ${sha256.slice(0, DIGITS)}`;
  const text = plain(value ?? null);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function plain(value: Json): string {
  return JSON.stringify(value);
}
