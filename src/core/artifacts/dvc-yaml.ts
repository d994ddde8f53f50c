import { posix } from "node:path";
import { UserError } from "../../errors.ts";
import { type Context, fill, merged } from "./dvc-template.ts";
import { entryOf, readValues, scalar, type Value } from "./dvc-values.ts";

/** An output that a stage of `dvc.yaml` declares. */
export interface DvcOut {
  /** As `dvc.lock` has it: below the stage's `wdir`, or a url. */
  readonly path: string;
  readonly kind: "out" | "metric" | "plot";
  readonly cached: boolean;
  readonly pushed: boolean;
  readonly persist: boolean;
  readonly remote?: string;
}

/** What is read of a stage: where it works, and what it leaves. */
export interface DvcStage {
  /** Below the folder of `dvc.yaml`. */
  readonly wdir: string;
  readonly outs: readonly DvcOut[];
}

/** Texts of other files by path, relative to the folder of `dvc.yaml`; undefined where there is none. */
export type ReadBeside = (path: string) => string | undefined;

const DEFAULT_PARAMS = "params.yaml";

/**
 * The files that a `dvc.yaml` takes values for `${}` from, relative to its folder; some may not be there.
 *
 * @example valueFiles("vars:\n- a.yaml:x,y\n- b: 1\nstages: {}\n", "dvc.yaml") // => ["params.yaml", "a.yaml"]
 */
export function valueFiles(text: string, file: string): readonly string[] {
  const top = readValues(text, file);
  const files = [DEFAULT_PARAMS, ...varFiles(top)];
  const stages = entryOf(top, "stages");
  for (const stage of stages?.kind === "map" ? stages.entries.values() : []) {
    const own = entryOf(stage, "do") ?? stage;
    const wdir = entryOf(own, "wdir");
    const folder = wdir?.kind === "scalar" ? wdir.text : ".";
    files.push(...varFiles(own).map((name) => posix.join(folder, name)));
  }
  return [...new Set(files)];
}

function varFiles(owner: Value): readonly string[] {
  return itemsIn(owner, "vars").flatMap((item) =>
    item.kind === "scalar" ? [item.text.split(":")[0] ?? ""] : [],
  );
}

/**
 * The stages of a `dvc.yaml` by name, those of `foreach` and `matrix` one by one, with all `${}` filled
 * in as far as outputs need it.
 *
 * @param file its path, for messages
 * @throws {UserError} at line and column
 *
 * @example parseDvcYaml("stages:\n  a:\n    foreach: [x, y]\n    do:\n      cmd: c\n      outs:\n      - m/${item}.bin\n", "dvc.yaml", () => undefined).get("a@y").outs[0].path // => "m/y.bin"
 */
export function parseDvcYaml(text: string, file: string, read: ReadBeside): ReadonlyMap<string, DvcStage> {
  const top = readValues(text, file);
  const stages = entryOf(top, "stages");
  if (stages === undefined) return new Map();
  if (stages.kind !== "map") throw new UserError('"stages" is not a map', { at: stages.at });
  const context = withVars(withFile(new Map(), DEFAULT_PARAMS, read, false), top, ".", read);
  const all = new Map<string, DvcStage>();
  for (const [name, stage] of stages.entries) {
    for (const [full, own, body] of generated(name, stage, context))
      all.set(full, stageOf(full, body, own, read));
  }
  return all;
}

/** A stage as it stands, or as many as `foreach` or `matrix` make of it. */
function generated(
  name: string,
  stage: Value,
  context: Context,
): readonly (readonly [name: string, context: Context, body: Value])[] {
  const foreach = entryOf(stage, "foreach");
  const matrix = entryOf(stage, "matrix");
  if (foreach !== undefined) {
    const body = entryOf(stage, "do");
    if (body === undefined)
      throw new UserError(`the stage "${name}" has "foreach" and no "do"`, { at: stage.at });
    return each(fill(foreach, context, `foreach of "${name}"`), name).map(([key, item, withKey]) => {
      const own = new Map(context).set("item", item);
      return [`${name}@${key}`, withKey ? own.set("key", scalar(key, item.at)) : own, body];
    });
  }
  if (matrix === undefined) return [[name, context, stage]];
  return product(fill(matrix, context, `matrix of "${name}"`), name).map(([key, item]) => [
    `${name}@${key}`,
    new Map(context).set("item", item).set("key", scalar(key, item.at)),
    stage,
  ]);
}

/** Scalars are their own keys; in a list that holds anything else, places are. */
function each(data: Value, name: string): readonly (readonly [key: string, item: Value, withKey: boolean])[] {
  if (data.kind === "map") return [...data.entries].map(([key, item]) => [key, item, true]);
  if (data.kind !== "list")
    throw new UserError(`foreach of "${name}" is neither a list nor a map`, { at: data.at });
  const simple = data.items.every(({ kind }) => kind === "scalar");
  return data.items.map((item, index) => [simple ? textOf(item) : String(index), item, false]);
}

/** Stages beyond this are a mistake. */
const MOST_STAGES = 100_000;

function product(matrix: Value, name: string): readonly (readonly [key: string, item: Value])[] {
  if (matrix.kind !== "map") throw new UserError(`matrix of "${name}" is not a map`, { at: matrix.at });
  let rows: (readonly [keys: readonly string[], entries: ReadonlyMap<string, Value>])[] = [[[], new Map()]];
  for (const [variable, values] of matrix.entries) {
    if (values.kind !== "list") {
      throw new UserError(`"${variable}" in the matrix of "${name}" is not a list`, { at: values.at });
    }
    if (rows.length * values.items.length > MOST_STAGES) {
      throw new UserError(`the matrix of "${name}" makes more than ${MOST_STAGES} stages`, { at: matrix.at });
    }
    rows = rows.flatMap(([keys, entries]) =>
      values.items.map((value, index) => {
        const key = value.kind === "scalar" ? value.text : `${variable}${index}`;
        return [[...keys, key], new Map(entries).set(variable, value)] as const;
      }),
    );
  }
  return rows.map(([keys, entries]) => [keys.join("-"), { kind: "map", at: matrix.at, entries }]);
}

function stageOf(name: string, body: Value, context: Context, read: ReadBeside): DvcStage {
  const given = entryOf(body, "wdir");
  const wdir = given === undefined ? "." : textOf(fill(given, context, `wdir of "${name}"`));
  const own = withVars(context, body, wdir, read);
  const outs = (["outs", "metrics", "plots"] as const).flatMap((section) =>
    itemsIn(body, section).flatMap((item) =>
      outsIn(fill(item, own, `${section} of "${name}"`), KIND_OF[section]),
    ),
  );
  return { wdir, outs };
}

const KIND_OF = { outs: "out", metrics: "metric", plots: "plot" } as const;

/** `path`, or `path: { cache: false }`; of plots also `path: [{ x: a }, { x: b }]`. */
function outsIn(item: Value, kind: DvcOut["kind"]): readonly DvcOut[] {
  if (item.kind === "scalar") return [outOf(item.text, kind, [])];
  if (item.kind !== "map")
    throw new UserError("an output is neither a path nor a path with options", { at: item.at });
  return [...item.entries].map(([path, options]) =>
    outOf(path, kind, options.kind === "list" ? options.items : [options]),
  );
}

function outOf(path: string, kind: DvcOut["kind"], options: readonly Value[]): DvcOut {
  const option = (key: string): Value | undefined =>
    options.map((one) => entryOf(one, key)).find((value) => value !== undefined);
  const flag = (key: string, otherwise: boolean): boolean => {
    const value = option(key);
    if (value === undefined) return otherwise;
    if (value.kind === "scalar" && typeof value.value === "boolean") return value.value;
    throw new UserError(`"${key}" is neither true nor false`, { at: value.at });
  };
  const remote = option("remote");
  return {
    path,
    kind,
    cached: flag("cache", true),
    pushed: flag("push", true),
    persist: flag("persist", false),
    ...(remote?.kind === "scalar" ? { remote: remote.text } : {}),
  };
}

function withVars(context: Context, owner: Value, folder: string, read: ReadBeside): Context {
  return itemsIn(owner, "vars").reduce<Context>((all, item) => {
    if (item.kind === "map") return merged(all, item.entries, '"vars"');
    if (item.kind !== "scalar") throw new UserError('"vars" holds files and maps', { at: item.at });
    const [path = "", keys] = item.text.split(":");
    const file = posix.join(folder, path);
    if (file === DEFAULT_PARAMS && keys === undefined) return all; // is there already
    return withFile(
      all,
      file,
      read,
      true,
      keys?.split(",").filter((key) => key !== ""),
    );
  }, context);
}

function withFile(
  context: Context,
  path: string,
  read: ReadBeside,
  needed: boolean,
  keys?: readonly string[],
): Context {
  const text = read(path);
  if (text === undefined) {
    if (!needed) return context;
    throw new UserError(`"vars" names "${path}", which is not there`);
  }
  if (!/\.(ya?ml|json)$/.test(path)) {
    throw new UserError(`"vars" names "${path}"; this version reads values from YAML and JSON alone`);
  }
  const values = readValues(text, path);
  if (values.kind !== "map") return context;
  const chosen =
    keys === undefined ? values.entries : new Map([...values.entries].filter(([key]) => keys.includes(key)));
  return merged(context, chosen, `"${path}"`);
}

function itemsIn(owner: Value, key: string): readonly Value[] {
  const list = entryOf(owner, key);
  if (list === undefined) return [];
  if (list.kind !== "list") throw new UserError(`"${key}" is not a list`, { at: list.at });
  return list.items;
}

function textOf(value: Value): string {
  if (value.kind === "scalar") return value.text;
  throw new UserError(`a ${value.kind} stands where a text is needed`, { at: value.at });
}
