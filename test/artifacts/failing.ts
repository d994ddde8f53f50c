import { type Bucket, type Outgoing, Unreachable } from "../../src/ports/bucket.ts";

/** How often what fails, from 0 to 1. */
export interface Faults {
  /** A question, read or write is not answered. */
  readonly silent?: number;
  /** Bytes break off in the middle, on their way in or out. */
  readonly halves?: number;
  /** A login page comes in place of an object, with status 200. */
  readonly pages?: number;
  readonly random: () => number;
}

const PAGE = Buffer.from("<html><body>Please log in</body></html>");

/** A bucket on a bad line. What it says of a retry is that none has to wait. */
export function failing(bucket: Bucket, { silent = 0, halves = 0, pages = 0, random }: Faults): Bucket {
  const fault = (text: string): Unreachable => new Unreachable(text, { after: 0 });
  const ask = (): void => {
    if (random() < silent) throw fault("no answer");
  };
  const { path: _, ...rest } = bucket;
  return {
    ...rest,
    async size(key) {
      ask();
      return bucket.size(key);
    },
    async *read(key, from) {
      ask();
      if (random() < pages) {
        yield PAGE;
        return;
      }
      const breaks = random() < halves;
      for await (const chunk of bucket.read(key, from)) {
        const half = chunk.subarray(0, Math.ceil(chunk.length / 2));
        yield breaks ? half : chunk;
        if (breaks) throw fault("the line broke");
      }
    },
    async write(key, bytes) {
      ask();
      await bucket.write(key, random() < halves ? half(bytes) : bytes);
    },
    async *list(prefix) {
      ask();
      yield* bucket.list(prefix);
    },
    async remove(keys) {
      ask();
      await bucket.remove(keys);
    },
  };

  function half(outgoing: Outgoing): Outgoing {
    const { path: _, settled: __, ...rest } = outgoing;
    return {
      ...rest,
      async *bytes(from, to) {
        for await (const chunk of outgoing.bytes(from, to)) {
          yield chunk.subarray(0, chunk.length >> 1);
          throw fault("the line broke");
        }
        throw fault("the line broke");
      },
    };
  }
}

/** Numbers between 0 and 1, the same each time for one seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Two files with one md5 (Wang, Feng, Lai, Yu 2004): 79054025255fb1a26e4bc422aef54eb4. */
export const COLLISION = [
  "d131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f8955ad340609f4b30283e488832571415a085125e8f7cdc99fd91dbdf280373c5bd8823e3156348f5bae6dacd436c919c6dd53e2b487da03fd02396306d248cda0e99f33420f577ee8ce54b67080a80d1ec69821bcb6a8839396f9652b6ff72a70",
  "d131dd02c5e6eec4693d9a0698aff95c2fcab50712467eab4004583eb8fb7f8955ad340609f4b30283e4888325f1415a085125e8f7cdc99fd91dbd7280373c5bd8823e3156348f5bae6dacd436c919c6dd53e23487da03fd02396306d248cda0e99f33420f577ee8ce54b67080280d1ec69821bcb6a8839396f965ab6ff72a70",
].map((hex) => Buffer.from(hex, "hex")) as unknown as readonly [Buffer, Buffer];
