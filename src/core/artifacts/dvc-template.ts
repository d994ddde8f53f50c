import { UserError } from "../../errors.ts";
import { scalar, type Value } from "./dvc-values.ts";

/** What `${}` may name: parameters and `vars` by their first key. */
export type Context = ReadonlyMap<string, Value>;

const HOLE = /(?<!\\)\$\{(.*?)\}/gs;

/**
 * A value with all `${}` in it filled in, as DVC fills them: alone it keeps its type, within a text it
 * is text. `\${` stays.
 *
 * @param where for messages, such as `the outputs of "train"`
 * @throws {UserError} where nothing of that name is set, or a list stands within a text
 */
export function fill(value: Value, context: Context, where: string): Value {
  switch (value.kind) {
    case "list":
      return { ...value, items: value.items.map((item) => fill(item, context, where)) };
    case "map": {
      const entries = [...value.entries].map(
        ([key, inner]) => [fillText(key, inner, context, where), fill(inner, context, where)] as const,
      );
      return { ...value, entries: new Map(entries) };
    }
    case "scalar": {
      if (typeof value.value !== "string") return value;
      const whole = /^\$\{([^}]*)\}$/.exec(value.value.trim())?.[1];
      if (whole !== undefined && value.value.trim() === value.value)
        return select(whole, value, context, where);
      return scalar(fillText(value.value, value, context, where), value.at);
    }
  }
}

function fillText(text: string, value: Value, context: Context, where: string): string {
  const filled = text.replace(HOLE, (_whole, name: string) => {
    const found = select(name, value, context, where);
    if (found.kind === "scalar") return found.text;
    throw new UserError(`"\${${name}}" in ${where} is a ${found.kind}, which is no part of a text`, {
      at: value.at,
    });
  });
  return filled.replaceAll("\\${", "${");
}

/** `a.b[0]` and `a.b.0` are one. */
function select(name: string, { at }: Value, context: Context, where: string): Value {
  const steps = name
    .replaceAll("[", ".")
    .replaceAll("]", "")
    .split(".")
    .map((step) => step.trim());
  let found: Value | undefined = context.get(steps[0] ?? "");
  for (const step of steps.slice(1)) {
    if (found?.kind === "map") found = found.entries.get(step);
    else if (found?.kind === "list") found = /^-?\d+$/.test(step) ? found.items.at(Number(step)) : undefined;
    else found = undefined;
  }
  if (found !== undefined) return found;
  throw new UserError(
    `"\${${name}}" in ${where} is not set; it stands in params.yaml or in "vars" as "${steps[0]}"`,
    { at },
  );
}

/**
 * Two contexts in one. Maps grow together; of anything else there may be only one.
 *
 * @throws {UserError} where both set the same
 */
export function merged(into: Context, more: Context, source: string): Context {
  const all = new Map(into);
  for (const [key, value] of more) {
    const there = all.get(key);
    if (there === undefined) all.set(key, value);
    else if (there.kind === "map" && value.kind === "map") {
      all.set(key, { ...there, entries: merged(there.entries, value.entries, source) });
    } else {
      throw new UserError(`"${key}" of ${source} is set already; DVC lets nothing be set twice`, {
        at: value.at,
      });
    }
  }
  return all;
}
