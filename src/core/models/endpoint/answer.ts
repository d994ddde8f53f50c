import { UserError } from "../../../errors.ts";
import type { Task } from "../../measures/task.ts";
import { parseJson } from "../../serving/json.ts";
import { Refusal } from "../../serving/refusal.ts";
import { oneLine } from "../../text/one-line.ts";
import { quoted } from "../onnx/quoted.ts";
import type { Protocol } from "./address.ts";
import type { EndpointInput } from "./question.ts";

/** A model's numbers for the rows of one request. */
export interface RawAnswer {
  /** Numbers a row. */
  readonly raw: number;
  readonly values: Float64Array;
}

/**
 * Reads the answer to a request.
 *
 * @param rows how many were asked about
 * @param output the output with the scores, where it was named
 * @throws {UserError} without the address: on anything but so many rows of numbers
 * @example readAnswer("v1", '{"predictions": [[0.25], [1]]}', 2, "regression").values // => [0.25, 1]
 * @example readAnswer("v1", '{"predictions": [0.25]}', 2, "regression") // throws "1 rows for 2"
 * @example readAnswer("v1", "<html>", 1, "regression") // throws "no JSON"
 */
export function readAnswer(
  protocol: Protocol,
  text: string,
  rows: number,
  task: Task,
  output?: string,
): RawAnswer {
  const body = objectOf(text);
  return protocol === "v1" ? readV1(body, rows, output) : readV2(body, rows, task, output);
}

/** A body that must be an object in JSON. @throws {UserError} that quotes how it begins */
export function objectOf(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof SyntaxError)) throw error;
    const start = oneLine(text.trim().slice(0, 60));
    const page = /^\s*<(!doctype|html|\?xml)/i.test(text) ? ": a page for people, such as a login" : "";
    throw new UserError(`answered with what is no JSON (it begins "${start}")${page}`);
  }
  if (!isObject(value)) throw new UserError("answered with JSON that is no object");
  if (isDeep(value))
    throw new UserError(`answered with lists or objects more than ${DEEPEST} deep inside each other`);
  return value;
}

const DEEPEST = 32; // what a server says of its inputs has ten

/** Whether a value is deeper than any answer: whoever walks through it by calling himself would never return. */
function isDeep(value: object): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === DEEPEST) return true;
    const next: object[] = [];
    for (const one of level)
      for (const inner of Array.isArray(one) ? one : Object.values(one))
        if (typeof inner === "object" && inner !== null) next.push(inner);
    level = next;
  }
  return false;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const own = (from: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(from, key) ? from[key] : undefined;

/** Rows under `predictions`: numbers, lists of them, or objects of which one member is the scores. */
function readV1(body: Readonly<Record<string, unknown>>, rows: number, output?: string): RawAnswer {
  const list = own(body, "predictions");
  if (!Array.isArray(list))
    throw new UserError(
      `answered without "predictions"${own(body, "error") === undefined ? "" : `: ${said(own(body, "error"))}`}`,
    );
  counted(list.length, rows);
  const [first] = list;
  const member = isObject(first) ? chosen(Object.keys(first), output) : undefined;
  return gathered(list.map((item) => (member !== undefined && isObject(item) ? own(item, member) : item)));
}

/** The one output of shape [rows] or [rows, outputs] that is named, or the only one, or named like probabilities. */
function readV2(
  body: Readonly<Record<string, unknown>>,
  rows: number,
  task: Task,
  output?: string,
): RawAnswer {
  const outputs = own(body, "outputs");
  if (!Array.isArray(outputs) || !outputs.every(isObject)) {
    const error = own(body, "error");
    throw new UserError(`answered without "outputs"${error === undefined ? "" : `: ${said(error)}`}`);
  }
  const names = outputs.map((one) => String(own(one, "name")));
  const one = outputs[names.indexOf(chosen(names, output))] ?? {};
  const [datatype, shape, data] = [own(one, "datatype"), own(one, "shape"), own(one, "data")];
  const name = quoted(String(own(one, "name")));
  if (task !== "regression" && !(typeof datatype === "string" && /^(FP|BF)\d+$/.test(datatype)))
    throw new UserError(
      `answered ${name} as ${said(datatype)}, which are labels and no probabilities; name the output that has them, such as predict_proba`,
    );
  if (
    !Array.isArray(shape) ||
    !shape.every((size) => Number.isInteger(size) && size >= 0) ||
    !Array.isArray(data)
  )
    throw new UserError(`answered ${name} without "shape" or "data"`);
  const [first, ...rest] = shape as number[];
  counted(first ?? 0, rows);
  const raw = rest.reduce((product, size) => product * size, 1);
  const values = gathered(data.flat(4));
  if (rest.filter((size) => size !== 1).length > 1 || values.values.length !== rows * raw || values.raw !== 1)
    throw new UserError(
      `answered ${name} of shape [${shape.slice(0, 8).join(", ")}] with ${data.length} numbers`,
    );
  return { raw, values: values.values };
}

function counted(found: number, rows: number): void {
  if (found !== rows) throw new UserError(`answered ${found} rows for ${rows}`);
}

/** The output with the scores. */
function chosen(names: readonly string[], output: string | undefined): string {
  const probable = names.filter((name) => /prob/i.test(name));
  const [found, second] =
    output !== undefined ? names.filter((name) => name === output) : names.length === 1 ? names : probable;
  if (found !== undefined && second === undefined) return found;
  throw new UserError(
    `answered with ${names.slice(0, 20).map(quoted).join(", ") || "no outputs"}; right is ${output === undefined ? "one output, or one that is named" : quoted(output)}`,
  );
}

/** Numbers, or lists of as many each; null is what is no number, and refused where scores are looked at. */
function gathered(list: readonly unknown[]): RawAnswer {
  const rows = list.map((item) => (Array.isArray(item) ? item.flat(4) : [item]));
  const raw = rows[0]?.length ?? 1;
  // before room is made for as many: a first row of millions would ask for more than there is
  for (const [row, { length }] of rows.entries())
    if (length !== raw)
      throw new UserError(`answered ${length} numbers in row ${row + 1} and ${raw} in row 1`);
  const values = new Float64Array(list.length * raw);
  for (const [row, items] of rows.entries()) {
    for (const [place, item] of items.entries()) {
      if (typeof item !== "number" && item !== null)
        throw new UserError(`answered ${said(item)} in row ${row + 1}; right is a number`);
      values[row * raw + place] = item ?? Number.NaN;
    }
  }
  return { raw, values };
}

/** What a server said, as a message quotes it: one line and short. */
export function said(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return oneLine(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

/**
 * What a model says it takes; nothing where it does not say, which no protocol asks of it.
 *
 * @example readInputs("v2", '{"name": "m", "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 4]}]}') // => [{ name: "x", datatype: "FP32", shape: [-1, 4] }]
 * @example readInputs("v1", "<html>") // => []
 */
export function readInputs(protocol: Protocol, text: string): readonly EndpointInput[] {
  let body: Readonly<Record<string, unknown>>;
  try {
    body = objectOf(text);
  } catch {
    return [];
  }
  if (protocol === "v2") {
    const inputs = own(body, "inputs");
    return (Array.isArray(inputs) ? inputs : []).filter(isObject).flatMap((one) => {
      const [name, datatype, shape] = [own(one, "name"), own(one, "datatype"), own(one, "shape")];
      if (typeof name !== "string" || typeof datatype !== "string") return [];
      return [{ name, datatype, shape: sizes(shape) }];
    });
  }
  const path = ["metadata", "signature_def", "signature_def", "serving_default", "inputs"];
  const inputs = path.reduce<unknown>((at, key) => (isObject(at) ? own(at, key) : undefined), body);
  return Object.entries(isObject(inputs) ? inputs : {}).flatMap(([name, one]) => {
    const shape = isObject(one) ? own(one, "tensor_shape") : undefined;
    const dims = isObject(shape) ? own(shape, "dim") : undefined;
    const list = Array.isArray(dims)
      ? dims.map((dim) => (isObject(dim) ? Number(own(dim, "size")) : -1))
      : undefined;
    return [{ name, datatype: undefined, shape: sizes(list) }];
  });
}

const sizes = (shape: unknown): readonly number[] | undefined =>
  Array.isArray(shape) && shape.every((size) => Number.isInteger(size)) ? (shape as number[]) : undefined;

/**
 * The classes in the order of the scores, where a server says so; of the protocols none does, but `trainyard serve`.
 *
 * @example readClasses('{"trainyard": {"classes": ["no", "yes"]}}') // => ["no", "yes"]
 */
export function readClasses(text: string): readonly string[] | undefined {
  try {
    const ours = own(objectOf(text), "trainyard");
    const classes = isObject(ours) ? own(ours, "classes") : undefined;
    const named = Array.isArray(classes) && classes.every((name) => typeof name === "string");
    return named && classes.length > 1 ? (classes as string[]) : undefined;
  } catch {
    return undefined;
  }
}
