import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Digest, Md5, Sha256 } from "../../core/artifacts/digest.ts";

/** Hashes a file in other threads, also while it is still being written. */
export interface Aside {
  /** Says that so many bytes of the file are there to be read. */
  upTo(bytes: number): void;
  /** The digests of what was said to be there; once only. */
  digest(): Promise<Digest>;
  /** Gives it up. */
  drop(): void;
}

/** A file and one algorithm: the two digests of a file are found side by side. */
interface Hash {
  readonly path: string;
  readonly algorithm: "md5" | "sha256";
  upTo(bytes: number): void;
  readonly found: Promise<string>;
  end(): void;
  drop(): void;
}

/**
 * What a thread does, as text: so there is no file that a bundle would have to carry along. It reads by
 * itself, since bytes that a file holds already need not be copied between threads.
 */
const THREAD = `
const { parentPort } = require("node:worker_threads");
const { closeSync, openSync, readSync } = require("node:fs");
const { createHash } = require("node:crypto");
const buffer = Buffer.allocUnsafe(1 << 20);
const open = new Map();
parentPort.on("message", ({ id, path, algorithm, upTo, end, drop }) => {
  let one = open.get(id);
  try {
    if (path !== undefined) open.set(id, (one = { file: openSync(path, "r"), at: 0, hash: createHash(algorithm) }));
    if (one === undefined) return;
    while (one.at < upTo) {
      const read = readSync(one.file, buffer, 0, Math.min(buffer.length, upTo - one.at), one.at);
      if (read === 0) throw new Error("it became shorter while it was hashed");
      one.hash.update(buffer.subarray(0, read));
      one.at += read;
    }
    if (!end && !drop) return;
    if (end) parentPort.postMessage({ id, hex: one.hash.digest("hex") });
  } catch (error) {
    parentPort.postMessage({ id, code: error.code, message: error.message });
  }
  open.delete(id);
  if (one !== undefined) closeSync(one.file);
});
`;

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, { resolve(hex: string): void; reject(error: Error): void }>;
}

const threads: Thread[] = [];
let last = 0;

/** Begins to hash a file. */
export function hashAside(path: string): Aside {
  const hashes = [begin(path, "sha256"), begin(path, "md5")] as const;
  return {
    upTo(bytes) {
      for (const one of hashes) one.upTo(bytes);
    },
    async digest() {
      for (const one of hashes) one.end();
      const [sha256, md5] = await Promise.all(hashes.map(({ found }) => found));
      return { md5: md5 as Md5, sha256: sha256 as Sha256 };
    },
    drop() {
      for (const one of hashes) one.drop();
    },
  };
}

/** The digests of a file that stands still. */
export function hashWhole(path: string, size: number): Promise<Digest> {
  const aside = hashAside(path);
  aside.upTo(size);
  return aside.digest();
}

function begin(path: string, algorithm: Hash["algorithm"]): Hash {
  const id = ++last;
  const { worker, waiting } = threadFor();
  const found = new Promise<string>((resolve, reject) => waiting.set(id, { resolve, reject }));
  found.catch(() => {}); // heard of by whoever waits, or by nobody where it is dropped
  worker.ref();
  worker.postMessage({ id, path, algorithm });
  return {
    path,
    algorithm,
    found,
    upTo: (upTo) => worker.postMessage({ id, upTo }),
    end: () => worker.postMessage({ id, end: true }),
    drop() {
      worker.postMessage({ id, drop: true });
      settle({ worker, waiting }, id);
    },
  };
}

/** The thread with the least to do; a new one where all have something and there are cores. */
function threadFor(): Thread {
  const [idlest] = [...threads].sort((a, b) => a.waiting.size - b.waiting.size);
  const most = Math.max(2, Math.min(4, availableParallelism()));
  if (idlest !== undefined && (idlest.waiting.size === 0 || threads.length >= most)) return idlest;
  const thread: Thread = { worker: new Worker(THREAD, { eval: true }), waiting: new Map() };
  thread.worker.on(
    "message",
    ({ id, hex, code, message }: { id: number; hex?: string; code?: string; message?: string }) => {
      const one = thread.waiting.get(id);
      settle(thread, id);
      if (hex !== undefined) one?.resolve(hex);
      else one?.reject(Object.assign(new Error(message), code === undefined ? {} : { code }));
    },
  );
  thread.worker.on("error", (error) => {
    threads.splice(threads.indexOf(thread), 1);
    for (const one of thread.waiting.values()) one.reject(error as Error);
  });
  thread.worker.unref();
  threads.push(thread);
  return thread;
}

/** A thread with nothing to do keeps no process alive. */
function settle({ worker, waiting }: Thread, id: number): void {
  waiting.delete(id);
  if (waiting.size === 0) worker.unref();
}
