import { expand, type Scope } from "./expressions.ts";
import { isMapping, type Mapping, text, type Value } from "./value.ts";

const EMPTY: Readonly<Record<string, Value>> = { string: "", boolean: false, number: 0 };

/** Case does not matter in the names of inputs and secrets. */
export const named = (values: Mapping, name: string): Value | undefined =>
  Object.entries(values).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

function typed(name: string, type: string, value: Value): Value {
  if (value === null || value === "") return EMPTY[type] ?? "";
  if (type === "string" && typeof value !== "object") return text(value);
  if (typeof value === type) return value;
  throw new Error(`Input ${name}: unexpected value '${text(value)}', expected type: ${type}.`);
}

/**
 * The `inputs` of a called workflow: what the caller gives, with its type; defaults else; else nothing.
 *
 * @param declared `on.workflow_call.inputs`
 * @param given the caller's `with`, already filled in
 */
export function callInputs(declared: Value | undefined, given: Mapping, scope: Scope): Mapping {
  const definitions = Object.entries(isMapping(declared) ? declared : {});
  return Object.fromEntries(
    definitions.map(([name, definition]) => {
      const { type = "string", default: preset } = isMapping(definition) ? definition : {};
      const value = named(given, name) ?? (preset === undefined ? null : expand(preset, scope));
      return [name, typed(name, String(type), value)];
    }),
  );
}

/** The `inputs` of a dispatched workflow: what was typed in, with its type; defaults else. */
export function dispatchInputs(declared: Value | undefined, given: Value | undefined): Mapping {
  const definitions = Object.entries(isMapping(declared) ? declared : {});
  return Object.fromEntries(
    definitions.map(([name, definition]) => {
      const { type, default: preset = "" } = isMapping(definition) ? definition : {};
      const value = (isMapping(given) ? named(given, name) : undefined) ?? preset;
      if (type === "boolean") return [name, String(value) === "true"];
      return [name, type === "number" ? Number(value) : text(value)];
    }),
  );
}
