import { UserError } from "../../errors.ts";
import { type DataEntry, dataEntry } from "./entry.ts";
import { entriesAt, type Found, isMapping, mapsAt, readFound, textAt, under, wrong } from "./found.ts";
import type { Json } from "./ingredient.ts";

/** What a stage of `dvc.yaml` was made of and what it made, when it last ran. */
export interface DvcLockStage {
  /** As it was run: with all `${}` filled in. */
  readonly cmd: string | readonly string[];
  readonly deps: readonly DvcLockEntry[];
  readonly outs: readonly DvcLockEntry[];
  readonly params: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** An input or output, with its path as `dvc.yaml` says it: below the stage's `wdir`, or a url. */
export interface DvcLockEntry extends DataEntry {
  readonly path: string;
}

/** `dvc.lock`: the stages by name, in the file's order. */
export type DvcLock = ReadonlyMap<string, DvcLockStage>;

/**
 * Reads `dvc.lock` of DVC 2 or 3, which may come from a stranger.
 *
 * @param file its path, for messages
 * @throws {UserError} at line and column of what is wrong, a lock of DVC 1 and a merge conflict included
 *
 * @example parseDvcLock("schema: '2.0'\nstages:\n  a:\n    cmd: x\n    outs:\n    - path: m\n      hash: md5\n      md5: 60b725f10c9c85c70d97880dfe8191b3\n      size: 2\n", "dvc.lock").get("a").outs[0].path // => "m"
 * @example parseDvcLock("a:\n  cmd: x\n", "dvc.lock") // throws "of DVC 1"
 */
export function parseDvcLock(text: string, file: string): DvcLock {
  if (text.trim() === "") return new Map();
  const conflict = text.split("\n").findIndex((line) => /^(<{7}|>{7}|\|{7})( |$|\r)/.test(line));
  if (conflict >= 0) {
    throw new UserError("holds a merge conflict; solve it, or keep either side whole and run `dvc repro`", {
      at: { file, line: conflict + 1 },
    });
  }
  return readFound(text, file, (top) => {
    if (!isMapping(top.value)) throw new UserError("is no lock of DVC's", { at: { file } });
    const schema = under(top, "schema");
    if (schema.value === undefined) {
      wrong(top, 'has no "schema", so it is of DVC 1; run `dvc repro` of DVC 2 or later to write it anew');
    }
    if (schema.value !== "2.0") wrong(schema, `schema is "${String(schema.value)}"; what is read is "2.0"`);
    return new Map(entriesAt(top, "stages").map(([name, stage]) => [name, stageOf(stage)]));
  });
}

function stageOf(stage: Found): DvcLockStage {
  if (!isMapping(stage.value)) return wrong(stage, "a stage is not a map");
  const cmd = under(stage, "cmd").value;
  const params = under(stage, "params").value;
  return {
    cmd: typeof cmd === "string" || Array.isArray(cmd) ? (cmd as string | readonly string[]) : "",
    deps: mapsAt(stage, "deps").map(entryOf),
    outs: mapsAt(stage, "outs").map(entryOf),
    params: (isMapping(params) ? params : {}) as DvcLockStage["params"],
  };
}

function entryOf(map: Found): DvcLockEntry {
  return { path: textAt(map, "path") ?? wrong(map, 'has no "path"'), ...dataEntry(map) };
}
