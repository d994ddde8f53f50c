/** Some bytes of an object, and what is known of the whole. */
export interface Range {
  /** Of the whole object. */
  readonly total: number;
  /** Which state of the object it is; later ranges must be of the same. */
  readonly state: string;
  /** The byte after the last of these; a server without ranges sends all. */
  readonly reached: number;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The same at once. */
  whole?(): Promise<Uint8Array>;
}

/** Asks for the bytes from the first to before the last; undefined where there are none from there on. */
export type AskRange = (from: number, to: number, state?: string) => Promise<Range | undefined>;

/** Bytes that may be held for all objects together that are being read ahead. */
export interface Ahead {
  left: number;
}

/** Bytes of one request; one connection to a far bucket gives some 50 to 100 MB a second, so several are used. */
const RANGE = 8 << 20;
/** Up to here an object is one piece of memory. */
const SMALL = 1 << 20;
/** How many requests are ahead of the reader, memory permitting. */
const DEPTH = 4;

/**
 * Reads an object in ranges, of which the next ones are fetched while one is read. A small object is one
 * request, and nothing is ever waited for but the bytes that come next.
 *
 * @param to the byte before which it ends, where that is not the object's end
 */
export async function* readInRanges(
  from: number,
  ask: AskRange,
  ahead: Ahead,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  const first = await ask(from, Math.min(from + RANGE, to));
  if (first !== undefined) yield* goOn({ ...first, total: Math.min(first.total, to) }, ask, ahead);
}

/** All bytes of an object: at once where they are few, else as `readInRanges` gives them. */
export async function beginInRanges(
  ask: AskRange,
  ahead: Ahead,
): Promise<Uint8Array | AsyncIterable<Uint8Array>> {
  const first = await ask(0, RANGE);
  if (first === undefined) return new Uint8Array();
  const { total, reached, whole } = first;
  return whole !== undefined && total <= SMALL && reached === total ? whole() : goOn(first, ask, ahead);
}

/** Reads on from the first range. */
async function* goOn(first: Range, ask: AskRange, ahead: Ahead): AsyncGenerator<Uint8Array> {
  const { total, state } = first;
  const fetched: Promise<readonly Uint8Array[]>[] = [];
  const stop = { now: false };
  let next = first.reached;
  let held = 0;

  const fetchAhead = (): void => {
    while (next < total && fetched.length < DEPTH && ahead.left >= RANGE) {
      ahead.left -= RANGE;
      held++;
      const fetching = collect(ask(next, Math.min(next + RANGE, total), state), stop);
      fetching.catch(() => {}); // looked at when its turn comes
      fetched.push(fetching);
      next += RANGE;
    }
  };

  try {
    if (total > next) fetchAhead();
    yield* first.bytes;
    for (;;) {
      fetchAhead();
      const range = fetched.shift();
      if (range !== undefined) {
        yield* await range;
        ahead.left += RANGE;
        held--;
      } else if (next < total) {
        const streamed = await ask(next, Math.min(next + RANGE, total), state);
        next += RANGE;
        if (streamed !== undefined) yield* streamed.bytes;
      } else return;
    }
  } finally {
    stop.now = true;
    ahead.left += held * RANGE;
  }
}

async function collect(
  asked: Promise<Range | undefined>,
  stop: { readonly now: boolean },
): Promise<readonly Uint8Array[]> {
  const parts: Uint8Array[] = [];
  const range = await asked;
  for await (const part of range?.bytes ?? []) {
    if (stop.now) break;
    parts.push(part);
  }
  return parts;
}
