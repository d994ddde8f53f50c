import {
  closeSync,
  constants,
  createReadStream,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { copyFile, type FileHandle, open } from "node:fs/promises";
import { type Digest, digestOf, type ObjectName, type Sha256 } from "../../core/artifacts/digest.ts";
import { UserError } from "../../errors.ts";
import { Unreachable } from "../../ports/bucket.ts";
import { type Incoming, ObjectDamaged, ObjectForged, ObjectMissing } from "../../ports/remote.ts";
import { type Aside, hashAside, hashWhole } from "../hashing/aside.ts";
import { heldTo } from "../hashing/held.ts";
import type { ObjectFolder } from "./objects.ts";
import type { Partials } from "./partials.ts";
import { prove, provenAt } from "./proven.ts";

/** Up to here an object is gathered, hashed and written at once; of a larger one a part is kept when it breaks off. */
const SMALL = 1 << 20;
/** What objects are; made so at once where the process may do that. */
const MODE = 0o444;
const WIDE = (MODE & process.umask()) !== 0;
/** So much is gathered before it is written. */
const GATHERED = 1 << 20;

/** An object that is being taken in. */
interface Taking {
  readonly objects: Pick<ObjectFolder, "draft" | "settle" | "pathOf" | "url" | "seen">;
  readonly partials: Partials;
  readonly name: ObjectName;
  readonly incoming: Incoming;
  readonly expected: Sha256 | undefined;
}

/**
 * Takes one object in. What an interrupted one left is gone on with; where it turns out to be wrong, it is
 * dropped and begun anew.
 *
 * @throws {ObjectDamaged, ObjectForged} and keeps nothing
 */
export async function receiveObject(taking: Taking): Promise<void> {
  const left = taking.partials.claim(taking.name);
  if (left !== undefined) {
    try {
      return await takeLarge(taking, left.path, [], left.size);
    } catch (error) {
      // Unreachable: the part stays for the next time. Anything else may be the part's fault.
      if (error instanceof Unreachable || !(error instanceof UserError)) throw error;
      rmSync(left.path, { force: true });
    }
  }
  const { path } = taking.incoming;
  if (path !== undefined && (await takeFile(taking, path))) return;
  await takeStream(taking);
}

/** Takes bytes from a file of this machine: shares its blocks where the file system can. */
async function takeFile(taking: Taking, path: string): Promise<boolean> {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return false;
  if (size <= SMALL) {
    await takeSmall(taking, [readFileSync(path)]);
    return true;
  }
  const draft = taking.objects.draft();
  try {
    await copyFile(path, draft, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    const digest = await hashWhole(draft, statSync(draft).size);
    await hold(taking, digest, () => createReadStream(draft));
    await toDisk(draft);
    settleLarge(taking, draft, digest);
  } finally {
    rmSync(draft, { force: true });
  }
  return true;
}

async function takeStream(taking: Taking): Promise<void> {
  const begun = (await taking.incoming.begin?.()) ?? taking.incoming(0);
  if (begun instanceof Uint8Array) return takeSmall(taking, [begun]);
  const chunks = begun[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size <= SMALL) {
    const { value, done } = await chunks.next();
    if (done) return takeSmall(taking, first);
    first.push(value);
    size += value.length;
  }
  const rest: Incoming = () => ({ [Symbol.asyncIterator]: () => chunks });
  await takeLarge({ ...taking, incoming: rest }, taking.partials.begin(taking.name), first, 0);
}

/** A whole object in memory: everything at once, since thousands come one after the other. */
async function takeSmall(taking: Taking, parts: readonly Uint8Array[]): Promise<void> {
  const [only] = parts;
  const bytes = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  await hold(taking, digestOf(bytes), () => [bytes]);
  const draft = taking.objects.draft();
  try {
    const file = openSync(draft, "wx", MODE);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } finally {
      closeSync(file);
    }
    taking.objects.settle(draft, taking.name, WIDE ? undefined : MODE);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Writes what comes to `path` and hashes it there in other threads.
 *
 * @param first what has been read already
 * @param from how much lies in the file already
 */
async function takeLarge(
  taking: Taking,
  path: string,
  first: readonly Uint8Array[],
  from: number,
): Promise<void> {
  const file = await open(path, from === 0 ? "wx" : "r+");
  const hash = hashAside(path);
  let digest: Digest;
  try {
    const size = await writeAll(file, hash, taking.incoming(from), first, from);
    await file.sync();
    hash.upTo(size);
    digest = await hash.digest();
    await hold(taking, digest, () => createReadStream(path));
  } catch (error) {
    hash.drop();
    // Kept are the bytes of those that could not be asked, and of those that were interrupted.
    const isAnswer =
      error instanceof ObjectDamaged || error instanceof ObjectForged || error instanceof ObjectMissing;
    if (isAnswer || isFull(error)) rmSync(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  settleLarge(taking, path, digest);
}

function settleLarge({ objects, name }: Taking, draft: string, digest: Digest): void {
  const { ino } = statSync(draft);
  objects.settle(draft, name);
  const path = objects.pathOf(name);
  prove(path, ino, digest);
  const before = objects.seen?.state(path);
  if (provenAt(path) !== undefined) objects.seen?.take(name, path, digest, before);
}

async function writeAll(
  file: FileHandle,
  hash: Aside,
  bytes: AsyncIterable<Uint8Array>,
  first: readonly Uint8Array[],
  from: number,
): Promise<number> {
  let at = from;
  let gathered = [...first];
  let size = first.reduce((sum, { length }) => sum + length, 0);
  hash.upTo(at);
  const write = async (): Promise<void> => {
    while (gathered.length > 0) {
      const { bytesWritten } = await file.writev(gathered, at);
      at += bytesWritten;
      gathered = rest(gathered, bytesWritten);
    }
    hash.upTo(at);
    size = 0;
  };
  try {
    for await (const chunk of bytes) {
      gathered.push(chunk);
      size += chunk.length;
      if (size >= GATHERED) {
        await write();
      }
    }
  } finally {
    await write();
  }
  return at;
}

/** What is left of parts where so many bytes of them were written. */
function rest(parts: readonly Uint8Array[], written: number): Uint8Array[] {
  let left = written;
  let whole = 0;
  for (const { length } of parts) {
    if (length > left) break;
    left -= length;
    whole++;
  }
  const [first, ...others] = parts.slice(whole);
  return first === undefined ? [] : [first.subarray(left), ...others];
}

/** @throws where the bytes are not those that are wanted */
async function hold(
  { name, expected }: Taking,
  found: Digest,
  again: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  await heldTo(name, found, again, "what was received");
  if (expected !== undefined && found.sha256 !== expected)
    throw new ObjectForged(name, found.sha256, expected);
}

async function toDisk(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function isFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT";
}
