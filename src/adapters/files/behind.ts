import { availableParallelism } from "node:os";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";

/** A small file that is to be made, whole, at a path where nothing is. */
export interface Draft {
  readonly path: string;
  /** As `open` takes it; what the process masks is taken off. */
  readonly mode: number;
  /** Its time of modification, in seconds since 1970; where it is given, what was made is told. */
  readonly time?: number;
  /** Given to it whatever the process masks. */
  readonly chmod?: number;
  /** Where something lies at the path already, that is left as it is and no error. */
  readonly mayBeThere?: boolean;
}

/** What the disk says of a file that was made. */
export interface Made {
  readonly changed: number;
  readonly inode: number;
}

/**
 * Makes small files behind the back of whoever has their bytes: making one takes the kernel more time than
 * reading and hashing it, so that two cores are through with thousands of them in half of the time.
 */
export interface Behind {
  /** Whether it has so much to do that `write` may wait: who asks had better write the next file on their own. */
  readonly isBusy: boolean;
  /**
   * Takes over the bytes, which are free again when this returns. The file is there after `end`.
   *
   * @param onMade told later, in the order of the calls, and by `end` at the latest, where a time was given
   * @param bytes at most a mebibyte
   * @throws what an earlier file failed with: nothing is written after it
   */
  write(draft: Draft, bytes: Uint8Array, onMade?: (made: Made) => void): void;
  /** Waits for all of it, without a turn of the event loop. @throws what a file failed with */
  end(): void;
}

/** Bytes of a batch; a larger file is none that is written behind. */
const BATCH_BYTES = 1 << 20;
const BATCH_FILES = 512;
/** Batches that may be under way, one of them being filled: a disk is slow now and then. */
const BATCHES = 8;
/** A thread that has not begun after so many milliseconds never will; one that has may wait for a disk as long as it takes. */
const START = 60_000;

/**
 * What the thread does, as text: so there is no file that a bundle would have to carry along. What fails is
 * removed, said, and followed by nothing; each batch is counted as done in any case, since somebody waits for it.
 */
const THREAD = `
const { workerData } = require("node:worker_threads");
const { chmodSync, closeSync, fstatSync, futimesSync, openSync, rmSync, writeSync } = require("node:fs");
const { port, bytes, found, done, batchBytes, batchFiles } = workerData;
let failed = false;
Atomics.store(done, 1, 1);
function make({ path, mode, time, chmod, mayBeThere }, from, to, at) {
  let file;
  try {
    file = openSync(path, "wx", mode);
  } catch (error) {
    if (mayBeThere && error.code === "EEXIST") return;
    throw error;
  }
  try {
    for (let next = from; next < to; ) next += writeSync(file, bytes, next, to - next);
    if (time !== undefined) {
      futimesSync(file, time, time);
      const { ctimeMs, ino } = fstatSync(file);
      found[at] = ctimeMs;
      found[at + 1] = ino;
    }
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  if (chmod !== undefined) chmodSync(path, chmod);
}
port.on("message", ({ slot, drafts, ends }) => {
  try {
    let from = slot * batchBytes;
    for (let i = 0; i < drafts.length && !failed; i++) {
      const to = slot * batchBytes + ends[i];
      make(drafts[i], from, to, (slot * batchFiles + i) * 2);
      from = to;
    }
  } catch ({ message, code, errno, syscall, path }) {
    failed = true;
    port.postMessage({ message, code, errno, syscall, path });
  }
  Atomics.add(done, 0, 1);
  Atomics.notify(done, 0);
});
`;

interface Batch {
  readonly drafts: Draft[];
  /** Where the bytes of each end, counted from the batch's first. */
  readonly ends: number[];
  readonly onMade: (((made: Made) => void) | undefined)[];
}

/** Whether a second thread could be of use. */
export function canWriteBehind(): boolean {
  return availableParallelism() > 1;
}

/** Begins to write behind; the thread lives until `end`, and may be begun anew by the next file. */
export function writeBehind(): Behind {
  let thread: Behind | undefined;
  return {
    get isBusy() {
      return thread?.isBusy === true;
    },
    write(draft, bytes, onMade) {
      thread ??= startThread(); // some 15 ms of this thread, and 30 of the other
      thread.write(draft, bytes, onMade);
    },
    end() {
      const ended = thread;
      thread = undefined;
      ended?.end();
    },
  };
}

function startThread(): Behind {
  const bytes = new Uint8Array(new SharedArrayBuffer(BATCHES * BATCH_BYTES));
  const found = new Float64Array(new SharedArrayBuffer(BATCHES * BATCH_FILES * 2 * 8));
  const done = new Int32Array(new SharedArrayBuffer(8));
  const { port1: port, port2 } = new MessageChannel();
  const worker = new Worker(THREAD, {
    eval: true,
    workerData: { port: port2, bytes, found, done, batchBytes: BATCH_BYTES, batchFiles: BATCH_FILES },
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 }, // lists of a few hundred paths
  });
  worker.unref();
  port.unref();

  const under: Batch[] = [];
  let sent = 0;
  let collected = 0;
  let filling = emptyBatch();
  let failure: Error | undefined;

  /** Waits until so many batches are done, and tells of their files. */
  function collect(upTo: number): void {
    for (let count = Atomics.load(done, 0); count < upTo; count = Atomics.load(done, 0)) {
      if (Atomics.wait(done, 0, count, START) === "timed-out" && Atomics.load(done, 1) === 0) {
        throw new Error("the thread that writes files did not start");
      }
    }
    failure ??= failureFrom(port);
    for (; collected < upTo; collected++) {
      const batch = under.shift();
      const at = (collected % BATCHES) * BATCH_FILES * 2;
      if (failure !== undefined) continue;
      batch?.onMade.forEach((tell, i) => {
        tell?.({ changed: found[at + i * 2] ?? 0, inode: found[at + i * 2 + 1] ?? 0 });
      });
    }
  }

  function send(): void {
    if (filling.drafts.length === 0) return;
    port.postMessage({ slot: sent % BATCHES, drafts: filling.drafts, ends: filling.ends });
    under.push(filling);
    filling = emptyBatch();
    sent++;
    collect(Math.max(collected, sent - BATCHES + 1)); // the slot that is filled next is free then
  }

  return {
    get isBusy() {
      return sent - Atomics.load(done, 0) >= BATCHES - 1;
    },

    write(draft, content, onMade) {
      if (content.length > BATCH_BYTES)
        throw new RangeError(`${draft.path} is too large to be written behind`);
      let from = filling.ends.at(-1) ?? 0;
      if (filling.drafts.length === BATCH_FILES || from + content.length > BATCH_BYTES) {
        send();
        from = 0;
      }
      if (failure !== undefined) throw failure;
      bytes.set(content, (sent % BATCHES) * BATCH_BYTES + from);
      filling.drafts.push(draft);
      filling.ends.push(from + content.length);
      filling.onMade.push(onMade);
    },

    end() {
      try {
        send();
        collect(sent);
      } finally {
        port.close();
        void worker.terminate();
      }
      if (failure !== undefined) throw failure;
    },
  };
}

function emptyBatch(): Batch {
  return { drafts: [], ends: [], onMade: [] };
}

/** An error of the thread's, with what the callers of `fs` look at. */
function failureFrom(port: MessagePort): Error | undefined {
  const received = receiveMessageOnPort(port)?.message as
    | { readonly message: string; readonly [key: string]: unknown }
    | undefined;
  if (received === undefined) return undefined;
  const { message, ...rest } = received;
  return Object.assign(new Error(message), rest);
}
