import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { type Dispatcher, util } from "undici";
import { type Answer, bodyFrom, bodyOf } from "./answer.ts";

/** Up to here an answer is given when all of it is there: a stream for each costs more than the bytes. */
const SMALL = 64 << 10;
/** So much of a larger one lies ready; then the server has to wait. */
const READY = 1 << 20;

/** Takes an answer from undici as it comes. */
export function arriving(
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandlers {
  const parts: Buffer[] = [];
  let head: Pick<Answer, "status" | "headers"> | undefined;
  let stream: Readable | undefined;
  let stop: (error?: Error) => void = () => {};
  return {
    onConnect(abort) {
      stop = abort;
    },

    onHeaders(status, raw, resume) {
      if (status < 200) return true; // the answer is still to come
      head = { status, headers: util.parseHeaders(raw) as IncomingHttpHeaders };
      // one that says no length may have no end
      if (status === 204 || Number(head.headers["content-length"]) <= SMALL) return true;
      const made = new Readable({
        highWaterMark: READY,
        read: resume,
        destroy(error, done) {
          if (!made.readableEnded) stop(error ?? new Error("aborted"));
          done(error);
        },
      });
      stream = made;
      resolve({ ...head, body: bodyFrom(made) });
      return true;
    },

    onData(chunk) {
      if (stream !== undefined) return stream.push(chunk);
      parts.push(chunk);
      return true;
    },

    onComplete() {
      if (stream !== undefined) stream.push(null);
      else if (head !== undefined)
        resolve({ ...head, body: bodyOf(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)) });
    },

    onError(error) {
      if (stream !== undefined) stream.destroy(error);
      else reject(error);
    },
  };
}
