import * as z from "zod";
import { UserError } from "../../errors.ts";
import { digitsOf, isDirectory, isLegacy, legacyMd5, md5, type ObjectName } from "./digest.ts";

/** An object of a cache or remote, as a plan lists it. */
export interface Listed {
  readonly name: ObjectName;
  readonly size: number;
  /** When it was written; undefined where nobody says. */
  readonly modified?: Date | undefined;
}

/** Why an object stays, or that it may go. */
export type Fate =
  | { readonly fate: "unused" }
  | { readonly fate: "used"; readonly why: string }
  | { readonly fate: "young"; readonly why: string };

/**
 * What becomes of an object. What was written lately stays whoever names it: it may belong to a push
 * whose commit is still on its way.
 *
 * @param before objects that were not written before then are young
 *
 * @example fateOf({ name: "x", size: 1 }, new Map(), new Date(0)) // => { "fate": "young", "why": "nobody says when it was written" }
 * @example fateOf({ name: "x", size: 1, modified: new Date(0) }, new Map(), new Date(1)) // => { "fate": "unused" }
 */
export function fateOf(
  { name, modified }: Listed,
  used: ReadonlyMap<ObjectName, string>,
  before: Date,
): Fate {
  const why = used.get(name);
  if (why !== undefined) return { fate: "used", why };
  if (modified === undefined) return { fate: "young", why: "nobody says when it was written" };
  if (modified.getTime() >= before.getTime()) {
    return { fate: "young", why: `written on ${modified.toISOString().slice(0, 10)}` };
  }
  return { fate: "unused" };
}

/** What may go, by place, written down so that it can be looked at before it goes. */
export interface GcPlan {
  /** Where from: a cache's folder, a remote's url. */
  readonly places: ReadonlyMap<string, readonly Listed[]>;
}

const SCHEMA = "trainyard/gc/1";
const file = z.strictObject({
  schema: z.literal(SCHEMA),
  places: z.array(
    z.strictObject({
      url: z.string(),
      objects: z.array(
        z.strictObject({
          name: z.string(),
          size: z.number().int().nonnegative(),
          modified: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** A plan as text: one object a line, so that it can be read, counted and shortened. */
export function printGcPlan({ places }: GcPlan): string {
  const texts = [...places].map(([url, objects]) => {
    const lines = objects.map(({ name, size, modified }) =>
      JSON.stringify({ name, size, ...(modified === undefined ? {} : { modified: modified.toISOString() }) }),
    );
    const list = lines.length === 0 ? "[]" : `[\n    ${lines.join(",\n    ")}\n  ]`;
    return `  { "url": ${JSON.stringify(url)}, "objects": ${list} }`;
  });
  return `{ "schema": "${SCHEMA}", "places": [\n${texts.join(",\n")}\n] }\n`;
}

/**
 * Reads a plan that anybody may have edited.
 *
 * @throws {UserError} where it is none
 *
 * @example parseGcPlan("{}", "gc.json") // throws "gc.json is no plan"
 */
export function parseGcPlan(text: string, path: string): GcPlan {
  const wrong = (what: string): UserError =>
    new UserError(`is no plan of \`trainyard gc --plan\`: ${what}`, { at: { file: path } });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong("it is no JSON");
  }
  const parsed = file.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "is wrong"}`);
  }
  return {
    places: new Map(
      parsed.data.places.map(({ url, objects }) => [
        url,
        objects.map(({ name, size, modified }) => {
          const known = isLegacy(name) ? legacyMd5(digitsOf(name)) : md5(name);
          if (known === undefined) throw wrong(`"${name}" is not the name of an object`);
          return { name: known, size, ...(modified === undefined ? {} : { modified: new Date(modified) }) };
        }),
      ]),
    ),
  };
}

/** Manifests first: a directory that is half gone is none. */
export function manifestsFirst<T extends { readonly name: ObjectName }>(objects: readonly T[]): readonly T[] {
  return [...objects].sort((a, b) => Number(isDirectory(b.name)) - Number(isDirectory(a.name)));
}
