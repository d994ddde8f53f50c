import type { Incoming } from "../../../ports/remote.ts";
import { inLanes } from "../lanes.ts";
import { type Run, readObject, readSpan, runsOf } from "./reading.ts";
import type { Found, ReadLayer } from "./volume.ts";

const LANES = 6;
/** An object up to here is held in memory while it is taken; a larger one is passed on as it comes. */
const SMALL = 8 << 20;

type Take = (found: Found, incoming: Incoming) => Promise<void>;

/** Hands over many objects, each layer read once as far as it is wanted. */
export async function receiveAll(read: ReadLayer, wanted: readonly Found[], take: Take): Promise<void> {
  const small = wanted.filter(({ entry }) => entry.size <= SMALL);
  const large = wanted.filter(({ entry }) => entry.size > SMALL);
  const alone = (found: Found): Promise<void> => take(found, (from) => readObject(read, found, from));
  const tasks = [
    ...large.map((found) => () => alone(found)),
    ...runsOf(small).map((run) => () => receiveRun(read, run, take)),
  ];
  await inLanes(LANES, tasks, (task) => task());
}

async function receiveRun(read: ReadLayer, run: Run, take: Take): Promise<void> {
  const stream = spanReader(readSpan(read, run.volume, run.from, run.to), run.from);
  try {
    for (const found of run.objects) {
      const bytes = await stream.read(found.start, found.start + found.entry.size);
      await take(
        found,
        Object.assign((from = 0) => once(bytes.subarray(from)), { begin: async () => bytes }),
      );
    }
  } finally {
    await stream.close();
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/**
 * Cuts a stream at places that only grow; two objects may share their last bytes, so what the longest
 * of them has is kept until a later one begins.
 */
function spanReader(source: AsyncIterable<Uint8Array>, begin: number) {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let start = begin;
  let end = begin;

  return {
    async read(from: number, to: number): Promise<Buffer> {
      while (held[0] !== undefined && start + held[0].length <= from) {
        start += held[0].length;
        held = held.slice(1);
      }
      while (end < to) {
        const { done, value } = await iterator.next();
        if (done === true) break;
        end += value.length;
        if (end <= from && held.length === 0) start = end;
        else held.push(Buffer.from(value.buffer, value.byteOffset, value.length));
      }
      const first = held[0];
      if (first !== undefined && to <= start + first.length) return first.subarray(from - start, to - start);
      return Buffer.concat(held).subarray(from - start, to - start);
    },
    async close(): Promise<void> {
      await iterator.return?.();
    },
  };
}
