import { createHash } from "node:crypto";
import { join } from "node:path";
import { isDirectory, type ObjectName, type Sha256 } from "../core/artifacts/digest.ts";
import { digestRows } from "../core/artifacts/digest-table.ts";
import { parseVerifyState, printVerifyState, type VerifyState } from "../core/artifacts/verify-state.ts";
import type { Voucher } from "../core/artifacts/voucher.ts";
import { compareText } from "../core/text/order.ts";
import { UserError } from "../errors.ts";
import { Unreachable } from "../ports/bucket.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type Children, childrenOf } from "./children.ts";
import { knowing } from "./places.ts";
import { type Finding, hashOf, keepAnew, repairAll } from "./repair.ts";
import { workingTree } from "./tree.ts";
import type { Version } from "./version.ts";
import { versionsOf } from "./versions-of.ts";

/** Objects between two notes of how far it came. */
const NOTED = 500;
/** Remote objects that are read at once. */
const LANES = 8;

/** What was found in one place; what `verify --json` prints. */
export interface Verified {
  readonly url: string;
  readonly objects: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  /** Objects that nothing in the working tree names. */
  readonly unlisted: number;
  /** Objects that an interrupted run had looked at before. */
  readonly before: number;
}

/** The cache or a remote, as far as it is looked through. */
export type Place = Pick<Remote, "url" | "list"> & Partial<Pick<Remote, "read" | "vouched">>;

/**
 * Hashes every object of the cache or of a remote, holds it against its name and what vouches for it, and
 * looks for what the working tree names and is not there. Interrupted, the next run goes on.
 *
 * @param remote looked through in place of the cache
 * @param options.repair from the other side, or from the working tree
 */
export async function verify(
  workspace: Workspace,
  given: Remote | undefined,
  options: { readonly repair: boolean },
): Promise<Verified> {
  const { cache, files, root, progress } = workspace;
  const versions = (await versionsOf(workingTree(workspace))).filter(
    ({ cached, pushed }) => cached && pushed,
  );
  const remote = given === undefined ? undefined : knowing(given, versions);
  const place = remote ?? cache;
  const read = (name: ObjectName): AsyncIterable<Uint8Array> =>
    remote?.read(name) ?? cache.open(name).bytes();
  const note = join(root, ".trainyard", `verify-${createHash("md5").update(place.url).digest("hex")}.json`);
  const state = parseVerifyState(await files.read(note), place.url);

  const there = new Map<ObjectName, number>();
  for await (const { name, size } of place.list()) there.set(name, size);
  const names = [...there.keys()].sort(compareText);
  const from = state === undefined ? 0 : names.findIndex((name) => compareText(name, state.last) > 0);
  const todo = from < 0 ? [] : names.slice(from);
  const rows = digestRows();
  const damaged = new Set<ObjectName>((state?.damaged ?? []).filter((name) => there.has(name)));
  const task = progress.start("verifying", names.length);
  let bytes = 0;
  for (let at = 0; at < todo.length; at += NOTED) {
    const part = todo.slice(at, at + NOTED);
    await inLanes(part, remote === undefined ? 1 : LANES, async (name) => {
      const found = await hashOf(name, read(name), (count) => {
        bytes += count;
      });
      if (found === undefined) damaged.add(name);
      else rows.add(name, found);
    });
    task.update(names.length - todo.length + at + part.length, names.length);
    const next: VerifyState = { url: place.url, last: part.at(-1) ?? "", damaged: [...damaged] };
    await files.write(note, printVerifyState(next));
  }
  task.end();

  const named = await namedBy(workspace, versions);
  const sha256s = rows.table();
  const findings: Finding[] = [];
  for (const name of damaged) findings.push(finding("damaged", name, named));
  for (const [name, path] of named) {
    if (!there.has(name) && !isMadeAnew(path)) findings.push(finding("missing", name, named));
  }
  for (const [name, kind] of await notVouchedFor(workspace, remote, versions, (one) => sha256s.get(one))) {
    findings.push(finding(kind, name, named));
  }
  const store = remote?.versions;
  const done = !options.repair
    ? findings
    : remote === undefined || store === undefined
      ? await repairAll(workspace, remote, findings, { named, versions })
      : await keepAnew(workspace, remote, store, findings, versions);
  await files.remove(note);
  return {
    url: place.url,
    objects: names.length,
    bytes,
    findings: done.sort((a, b) => compareText(a.name, b.name)),
    unlisted: names.filter((name) => !named.has(name)).length,
    before: names.length - todo.length,
  };
}

function finding(kind: Finding["kind"], name: ObjectName, named: ReadonlyMap<ObjectName, string>): Finding {
  const path = named.get(name);
  return { name, kind, repaired: false, ...(path === undefined ? {} : { path }) };
}

/** What lies in .trainyard is made again where it is missing; data and models cannot be. */
const isMadeAnew = (path: string): boolean => /(^|\/)\.trainyard\//.test(path);

/** Every object that the working tree names, and by which path. */
async function namedBy(
  { cache, remote }: Workspace,
  versions: readonly Version[],
): Promise<Map<ObjectName, string>> {
  const named = new Map<ObjectName, string>();
  for (const version of versions) {
    const { name, path, remote: own, files } = version;
    named.set(name, path);
    if (!isDirectory(name)) continue;
    if (files !== undefined) {
      for (const file of files) if (file.name !== undefined) named.set(file.name, path);
      continue;
    }
    try {
      if (!(await cache.has(name)))
        await (await remote(own)).receive([name], (one, bytes) => cache.receive(one, bytes));
      for (const child of (await childrenOf(cache, name)).names()) named.set(child, path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // the manifest itself is missing or damaged, and told of
    }
  }
  return named;
}

/** Objects of other bytes than a lock or a voucher of the remote says, and those whose voucher is none. */
async function notVouchedFor(
  { cache }: Workspace,
  remote: Remote | undefined,
  versions: readonly Version[],
  sha256Of: (name: ObjectName) => Sha256 | undefined,
): Promise<ReadonlyMap<ObjectName, "forged" | "unreadable">> {
  const wrong = new Map<ObjectName, "forged" | "unreadable">();
  for (const { name, sha256 } of versions) {
    let voucher: Voucher | undefined;
    try {
      voucher = await remote?.vouched(name);
    } catch (error) {
      if (!(error instanceof UserError) || error instanceof Unreachable) throw error;
      wrong.set(name, "unreadable");
    }
    const children = isDirectory(name) ? await childrenIn(cache, name) : undefined;
    const found = isDirectory(name) ? children?.digest(sha256Of) : sha256Of(name);
    for (const said of [sha256, voucher?.sha256]) {
      if (said !== undefined && found !== undefined && said !== found) wrong.set(name, "forged");
    }
    for (const child of voucher?.files === undefined ? [] : (children?.names() ?? [])) {
      const [said, is] = [voucher?.files?.get(child), sha256Of(child)];
      if (said !== undefined && is !== undefined && said !== is) wrong.set(child, "forged");
    }
  }
  return wrong;
}

/** What a directory lists, where its manifest is whole; else that is told of. */
async function childrenIn(cache: Workspace["cache"], name: ObjectName): Promise<Children | undefined> {
  try {
    return await childrenOf(cache, name);
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof ObjectDamaged) return undefined;
    throw error;
  }
}

async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await work(items[at] as T);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
}
