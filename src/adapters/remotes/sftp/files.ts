import { UserError } from "../../../errors.ts";
import { type Outgoing, Unreachable } from "../../../ports/bucket.ts";
import type { Lease } from "./channels.ts";

/** SFTP's words for what went wrong. */
const STATUS = {
  end: 1,
  missing: 2,
  denied: 3,
  failure: 4,
  noConnection: 6,
  lost: 7,
  unsupported: 8,
} as const;

/** A piece of a file in one request: what OpenSSH takes; ssh2 cuts it for servers that take less. */
const PIECE = 255 << 10;
/** Requests under way for one file, so that a long way does not slow it down: 2 MB. */
const AHEAD = 8;

/** Whether a server said that something is not there. */
export function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === STATUS.missing;
}

/** Whether a server said no without saying why; it is there already, say. */
export function isFailure(error: unknown): boolean {
  return (error as { code?: unknown }).code === STATUS.failure;
}

/** What a server refused, as an error that says what was asked. */
export function trouble(error: unknown, url: string, doing: string): unknown {
  if (error instanceof UserError) return error;
  const { code, message } = error as { code?: unknown; message?: string };
  switch (code) {
    case STATUS.denied:
      return new UserError(`${url} does not let you ${doing}: permission denied`);
    case STATUS.failure:
      return new UserError(`${url} cannot ${doing}: no space is left, or a quota or a file is in the way`);
    case STATUS.missing:
      return new UserError(`${url} cannot ${doing}: a folder is missing`);
    case STATUS.unsupported:
      return new UserError(`${url} cannot ${doing}: its SFTP server does not know how`);
  }
  if (code === STATUS.lost || code === STATUS.noConnection || message === "No response from server")
    return new Unreachable(`${url} broke off`, { cause: error });
  return typeof code === "number" ? new UserError(`${url} cannot ${doing}: ${message}`) : error;
}

/** The bytes of a file from one on, or to before another, several pieces asked for at once. */
export async function* readFile(
  lease: Lease,
  path: string,
  from: number,
  to = Number.POSITIVE_INFINITY,
): AsyncIterable<Uint8Array> {
  const handle = await lease.ask<Buffer>((sftp, done) => sftp.open(path, "r", done));
  try {
    const stats = await lease.ask<{ size: number }>((sftp, done) => sftp.fstat(handle, done));
    const size = Math.min(stats.size, to);
    const piece = (at: number): Promise<Buffer> => readPiece(lease, handle, at, Math.min(PIECE, size - at));
    const ahead: Promise<Buffer>[] = [];
    let at = from;
    while (at < size || ahead.length > 0) {
      for (; at < size && ahead.length < AHEAD; at += PIECE) {
        const asked = piece(at);
        asked.catch(() => {}); // awaited below, or not at all
        ahead.push(asked);
      }
      yield (await ahead.shift()) as Buffer;
    }
  } finally {
    lease.ask((sftp, done) => sftp.close(handle, done)).catch(() => {}); // nothing depends on it
  }
}

/** All of a piece; a server may give less than was asked. */
async function readPiece(lease: Lease, handle: Buffer, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const count = await lease.ask<number>((sftp, done) =>
      sftp.read(handle, bytes, read, length - read, at + read, done),
    );
    if (count <= 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

/** Writes a new file, several pieces under way at once. */
export async function writeFile(lease: Lease, path: string, outgoing: Outgoing): Promise<void> {
  const handle = await lease.ask<Buffer>((sftp, done) => sftp.open(path, "wx", done));
  let failed: unknown;
  const ahead: Promise<void>[] = [];
  const write = (bytes: Uint8Array, position: number): void => {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const asked = lease.ask((sftp, done) => sftp.write(handle, piece, 0, piece.length, position, done));
    ahead.push(
      asked.catch((error: unknown) => {
        failed ??= error;
      }),
    );
  };
  try {
    let position = 0;
    for await (const chunk of outgoing.bytes()) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE);
        if (ahead.length >= AHEAD) await ahead.shift();
        if (failed !== undefined) throw failed;
        write(piece, position);
        position += piece.length;
      }
    }
    if (position !== outgoing.size)
      throw new UserError(
        `a file changed while it was sent: it had ${outgoing.size} bytes, and gave ${position}`,
      );
  } finally {
    await Promise.all(ahead);
    await lease
      .ask((sftp, done) => sftp.close(handle, done))
      .catch((error: unknown) => {
        failed ??= error;
      });
  }
  if (failed !== undefined) throw failed;
}

/** Gives a file another name; what had that name is gone in the same moment, where the server can. */
export async function rename(lease: Lease, from: string, to: string): Promise<void> {
  try {
    await lease.ask((sftp, done) => sftp.ext_openssh_rename(from, to, done));
  } catch (error) {
    if (
      !/does not support/.test((error as Error).message) &&
      (error as { code?: unknown }).code !== STATUS.unsupported
    )
      throw error;
    await lease.ask((sftp, done) => sftp.unlink(to, done)).catch(() => {}); // there is none, mostly
    await lease.ask((sftp, done) => sftp.rename(from, to, done));
  }
}
