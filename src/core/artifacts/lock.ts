import { Document, isSeq, type Node, visit } from "yaml";
import type * as z from "zod";
import { UserError } from "../../errors.ts";
import type { Verdict } from "../gates/verdict.ts";
import type { Content, Sha256 } from "./digest.ts";
import type { Ingredient, Json } from "./ingredient.ts";
import { LOCK_SCHEMA, lockFile } from "./lock-schema.ts";
import { readPlainLock } from "./plain-lock.ts";
import { readPlainYaml } from "./plain-yaml.ts";
import { parseYamlFile } from "./yaml-file.ts";

/** What a stage was made of and what it made. */
export interface StageLock {
  /** Over everything that went in; see `fingerprint`. */
  readonly fingerprint: Sha256;
  readonly in: readonly Ingredient[];
  readonly out: readonly LockedOutput[];
  readonly verdict?: Verdict;
  readonly facts: Readonly<Record<string, Json>>;
}

/** A file or directory that a stage left; the path is relative to the lock's folder. */
export interface LockedOutput extends Content {
  readonly path: string;
}

/** `trainyard.lock`: the stages by name, in the order in which they run. */
export type Lock = ReadonlyMap<string, StageLock>;

/**
 * Reads a lock; a file that is not there is a lock of nothing.
 *
 * @param name its path, for messages
 * @throws {UserError} at the line of a merge conflict, or of what is wrong
 *
 * @example parseLock(undefined, "trainyard.lock").size // => 0
 * @example parseLock("<<<<<<< HEAD\n", "trainyard.lock") // throws "trainyard.lock:1 holds a merge conflict"
 */
export function parseLock(text: string | undefined, name: string): Lock {
  if (text === undefined || text.trim() === "") return new Map();
  const known = recent.get(text);
  if (known !== undefined) return known;
  const lock = parseAnew(text, name);
  const [oldest] = recent.keys();
  if (recent.size >= RECENT && oldest !== undefined) recent.delete(oldest);
  recent.set(text, lock);
  return lock;
}

/** A run reads the same text several times, and to parse it is most of what a run without changes does. */
const recent = new Map<string, Lock>();
const RECENT = 8;

function parseAnew(text: string, name: string): Lock {
  const plain = readPlainLock(text);
  if (plain !== undefined) return plain;
  const conflict = text.split("\n").findIndex((line) => /^(<{7}|={7}|>{7}|\|{7})( |$|\r)/.test(line));
  if (conflict >= 0) {
    throw new UserError(
      "holds a merge conflict; keep either side whole, then `trainyard run` makes anew what the merge changed",
      { at: { file: name, line: conflict + 1 } },
    );
  }
  const quick = lockFile.safeParse(readPlainYaml(text));
  if (quick.success) return lockOf(quick.data);
  const { document, place } = parseYamlFile(text, name); // knows the places of what is wrong
  const parsed = lockFile.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (parsed.success) return lockOf(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  const what = path.length === 0 ? "" : `${path.join(".")}: `;
  throw new UserError(
    `${what}${issue?.message ?? "is no lock"}; if nobody meant to edit it, restore it from Git or delete it and run again`,
    { at: place(path) },
  );
}

function lockOf({ stages }: z.infer<typeof lockFile>): Lock {
  return new Map(Object.entries(stages) as [string, StageLock][]);
}

/**
 * Writes a lock: one fact a line and always in the same order, so that two branches that changed
 * different stages merge by themselves.
 *
 * @example printLock(new Map()) // => "# Written by `trainyard run`; commit it. What went into each stage, and what came out.\n\nschema: trainyard/lock/1\nstages: {}\n"
 */
export function printLock(lock: Lock): string {
  const stages = Object.fromEntries([...lock].map(([name, one]) => [name, printedStage(one)]));
  const document = new Document({ schema: LOCK_SCHEMA, stages }, { aliasDuplicateObjects: false });
  document.commentBefore =
    " Written by `trainyard run`; commit it. What went into each stage, and what came out.";
  visit(document, {
    Pair(_key, { key, value }) {
      if (String(key) === "value" || isShortList(value)) (value as Node & { flow?: boolean }).flow = true;
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
}

/** Lists of plain values stand on one line; everything else has a line for each part. */
function isShortList(value: unknown): boolean {
  return isSeq(value) && value.items.every((item) => !(item instanceof Object && "items" in item));
}

function printedStage({ fingerprint, in: ingredients, out, verdict, facts }: StageLock): object {
  return {
    fingerprint,
    in: ingredients.map(({ name, kind, md5, sha256, size, value, reason }) =>
      present({ name, kind, md5, sha256, size, value, reason }),
    ),
    out: out.map(({ path, md5, sha256, size, nfiles }) => present({ path, md5, sha256, size, nfiles })),
    ...present({ verdict }),
    facts,
  };
}

function present(map: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}
