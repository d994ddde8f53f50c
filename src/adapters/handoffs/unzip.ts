import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import * as zlib from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import { formatBytes } from "../../core/text/bytes.ts";
import { UserError } from "../../errors.ts";
import { names, problemOfName } from "./entry-name.ts";

/** What an archive may hold at most. */
export interface Most {
  readonly content: number;
  readonly files: number;
}

/** Kinds of a file, within the mode that Unix archivers write beside it. */
const KIND = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
/** Ways of storing that are read: as it is, and deflated. */
const METHODS = [0, 8];
/** Entries beyond the files that are allowed, for folders. */
const SPARE = 1000;

/**
 * Writes what an archive holds into an empty folder. The archive is a stranger's: only regular files
 * with plain names are taken, and what comes out is counted while it comes, whatever the archive says.
 *
 * @param archive its bytes, or the path of its file
 * @throws {UserError} for everything that is not taken; what was written by then is the caller's to remove
 */
export async function unzip(
  archive: Uint8Array | string,
  folder: string,
  most: Most,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const zip = await opened(archive);
  try {
    if (zip.entryCount > most.files + SPARE) throw tooMany(most);
    const seen = names();
    let [files, bytes] = [0, 0];
    for await (const entry of zip.eachEntry()) {
      check(entry);
      const other = seen.add(entry.fileName);
      if (other !== undefined) {
        throw new UserError(`it holds both ${quoted(other)} and ${quoted(entry.fileName)}`);
      }
      const path = join(folder, entry.fileName);
      if (entry.fileName.endsWith("/")) {
        await mkdir(path, { recursive: true });
        continue;
      }
      if (++files > most.files) throw tooMany(most);
      if (bytes + entry.uncompressedSize > most.content) throw tooLarge(most);
      await mkdir(dirname(path), { recursive: true });
      bytes += await write(zip, entry, path, most.content - bytes, most);
    }
    return { files, bytes };
  } catch (error) {
    throw asDamage(error);
  } finally {
    zip.close();
  }
}

async function opened(archive: Uint8Array | string): Promise<ZipFile> {
  const { fromBufferPromise, openPromise } = (await import("yauzl")).default; // bundled, it has no names
  const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true };
  try {
    return typeof archive === "string"
      ? await openPromise(archive, options)
      : await fromBufferPromise(Buffer.from(archive.buffer, archive.byteOffset, archive.length), options);
  } catch (error) {
    throw asDamage(error);
  }
}

function check(entry: Entry): void {
  const name = quoted(entry.fileName);
  const problem = problemOfName(entry.fileName);
  if (problem !== undefined) throw new UserError(`it holds ${name}, which ${problem}`);
  if (entry.isEncrypted()) throw new UserError(`it holds ${name}, which is encrypted`);
  if (!METHODS.includes(entry.compressionMethod)) {
    throw new UserError(
      `it holds ${name}, compressed in a way that is not known (${entry.compressionMethod})`,
    );
  }
  const kind = (entry.externalFileAttributes >>> 16) & KIND;
  const right = entry.fileName.endsWith("/") ? FOLDER : REGULAR;
  if (kind !== 0 && kind !== right) {
    throw new UserError(`it holds ${name}, which is neither a regular file nor a folder`);
  }
}

async function write(zip: ZipFile, entry: Entry, path: string, left: number, most: Most): Promise<number> {
  const source: Readable = await zip.openReadStreamPromise(entry);
  source.on("error", () => {}); // it may fail before it is read, and after it was given up
  const target = await open(path, "wx", 0o644);
  let size = 0;
  let sum = 0;
  try {
    for await (const part of source as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > left) throw tooLarge(most);
      sum = checksum?.(part, sum) ?? entry.crc32;
      await target.write(part);
    }
  } finally {
    source.destroy();
    await target.close();
  }
  if (sum !== entry.crc32)
    throw new UserError(`${quoted(entry.fileName)} is not what was packed: it is damaged`);
  return size;
}

/** Node has it from 20.15 and 22.2 on. */
const checksum = (zlib as { crc32?: (data: Uint8Array, value?: number) => number }).crc32;

const tooMany = ({ files }: Most): UserError =>
  new UserError(`it holds more than the ${files} files that are allowed`);

const tooLarge = ({ content }: Most): UserError =>
  new UserError(`it holds more than the ${formatBytes(content)} that are allowed`);

/** What the reader of archives says is about the archive, and never a bug of ours. */
function asDamage(error: unknown): Error {
  if (error instanceof UserError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const ofArchive = code === undefined || code.startsWith("Z_");
  if (!ofArchive) return error as Error;
  return new UserError(`it is no archive that can be read (${oneLine(message)})`, { cause: error });
}

/** A stranger's name, safe to print and of a reasonable length. */
const quoted = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);

const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, " ").slice(0, 200);
