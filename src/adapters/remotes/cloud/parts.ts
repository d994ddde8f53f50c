import { open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { type Outgoing, Unreachable } from "../../../ports/bucket.ts";
import type { Buffers } from "./buffers.ts";

/** Tries of one part before the whole is given up, and milliseconds before the second. */
const TRIES = 4;
const FIRST_WAIT = 200;

/**
 * Sends an object in parts, several at once, while its bytes are read once from first to last, so that
 * whoever holds them to a digest sees all of them.
 *
 * @param send stores part `number`, counted from zero; it is tried again where the server cannot be reached
 * @param atOnce how many parts are under way at most, besides what memory allows
 * @throws what the bytes or a part threw, after every part that was under way has ended
 */
export async function inParts(
  outgoing: Outgoing,
  partSize: number,
  buffers: Buffers,
  send: (bytes: Uint8Array, number: number) => Promise<void>,
  atOnce = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { path } = outgoing;
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let number = 0;
  let left = outgoing.size;
  let part: Buffer | undefined;
  let filled = 0;

  const begin = (buffer: Buffer): void => {
    const mine = number++;
    const sending = persistently(() => send(buffer, mine))
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => {
        buffers.give(buffer);
        underWay.delete(sending);
      });
    underWay.add(sending);
  };

  /** Read to where it is sent from, without a copy between; the last part waits until the bytes are found right. */
  const fromFile = async (path: string, settled: Promise<void>): Promise<void> => {
    const file = await open(path, "r");
    try {
      for (let at = 0; left > 0; at += filled) {
        part = await buffers.take(Math.min(partSize, left));
        for (filled = 0; filled < part.length; ) {
          if (failures.length > 0) throw failures[0];
          const { bytesRead } = await file.read(part, filled, part.length - filled, at + filled);
          if (bytesRead === 0) throw new Error(`${path} became shorter while it was sent`);
          filled += bytesRead;
          outgoing.taken?.(bytesRead);
        }
        left -= filled;
        while (underWay.size >= atOnce) await Promise.race(underWay);
        if (left === 0) await settled;
        if (failures.length > 0) throw failures[0];
        begin(part);
        part = undefined;
      }
    } finally {
      await file.close();
    }
  };

  try {
    const settled = path === undefined ? undefined : outgoing.settled?.();
    if (path !== undefined && settled !== undefined) await fromFile(path, settled);
    else
      for await (const chunk of outgoing.bytes()) {
        for (let at = 0; at < chunk.length; ) {
          if (failures.length > 0) throw failures[0];
          if (left === 0) throw new Error(`more bytes came than the ${outgoing.size} that were announced`);
          part ??= await buffers.take(Math.min(partSize, left));
          const taken = Math.min(part.length - filled, chunk.length - at);
          part.set(chunk.subarray(at, at + taken), filled);
          at += taken;
          filled += taken;
          left -= taken;
          if (filled < part.length) continue;
          while (underWay.size >= atOnce) await Promise.race(underWay);
          if (failures.length > 0) throw failures[0];
          begin(part);
          part = undefined;
          filled = 0;
        }
      }
    if (left > 0) throw new Error(`${left} bytes are missing of the ${outgoing.size} that were announced`);
  } finally {
    if (part !== undefined) buffers.give(part);
    await Promise.all(underWay);
  }
  if (failures.length > 0) throw failures[0];
}

async function persistently(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unreachable) || tries >= TRIES) throw error;
      await setTimeout(error.after ?? FIRST_WAIT * 2 ** (tries - 1) * (0.5 + Math.random()));
    }
  }
}

/**
 * All bytes of a small object.
 *
 * @param held memory of its size to put them in
 * @throws {Error} where they are not as many as was said
 */
export async function wholeOf(
  outgoing: Outgoing,
  held: Buffer = Buffer.allocUnsafe(outgoing.size),
): Promise<Uint8Array> {
  let size = 0;
  for await (const chunk of outgoing.bytes()) {
    if (size + chunk.length <= held.length) held.set(chunk, size);
    size += chunk.length;
  }
  if (size === held.length) return held;
  throw new Error(`other than the ${outgoing.size} bytes came that were announced`);
}
