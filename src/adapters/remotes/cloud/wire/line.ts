import type { IncomingHttpHeaders } from "node:http";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { Unreachable } from "../../../../ports/bucket.ts";
import { Body, type Length } from "./body.ts";
import { Unchunked } from "./chunked.ts";
import { type Ask, malformed, parseHead } from "./head.ts";

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

/** Where to connect to, and how. Times in milliseconds. */
export interface Reach {
  readonly origin: string;
  readonly connectTimeout: number;
  readonly readTimeout: number;
  /** False takes any certificate. */
  readonly verify: boolean;
  /** Certificates that are trusted instead of the system's, as PEM. */
  readonly authorities?: Buffer;
}

/** One connection: a request, its answer, and then the next one. */
export interface Line {
  /** How many answers it has given. */
  readonly answers: number;
  /**
   * @param head as `printHead` makes it
   * @throws what ended the connection before an answer came
   */
  ask(head: string, request: Ask): Promise<Answer>;
  destroy(): void;
}

/** Bytes that are read at once where nobody has said where they belong. */
const SCRATCH = 64 << 10;
const LONGEST_HEAD = 64 << 10;
/** Up to here a body is sent in one piece with its head. */
const JOINED = 64 << 10;
const END = Buffer.from("\r\n\r\n");

/**
 * Opens a connection. Node's own client costs several times a small request, and each of the chunks in which it
 * reads a large answer is memory of its own: here bytes are read to where they belong.
 *
 * @param idle told when another request may follow
 * @param closed told that none will
 */
export function openLine(reach: Reach, idle: (line: Line) => void, closed: (line: Line) => void): Line {
  const { origin, connectTimeout, readTimeout } = reach;
  const scratch = Buffer.allocUnsafeSlow(SCRATCH);
  let waiting:
    | { readonly method: string; resolve(answer: Answer): void; reject(error: Error): void }
    | undefined;
  let head: Buffer | undefined;
  let body: Body | undefined;
  let stays = true;
  let flushed = true;
  let direct = false;
  let ended: Error | undefined;
  let answers = 0;

  const socket = socketTo(reach, {
    buffer: () => {
      const room = body?.room;
      direct = room !== undefined && room.length > SCRATCH;
      return direct && room !== undefined ? room : scratch;
    },
    callback: (count, buffer) => {
      try {
        if (direct && body !== undefined) {
          body.put(count);
          if (body.done) finish();
        } else take(buffer.subarray(0, count));
      } catch (error) {
        fail(error as Error);
      }
      return body?.isFull !== true;
    },
  });

  const fail = (error: Error): void => {
    if (ended !== undefined) return;
    ended = error;
    socket.destroy();
    const [asked, answer] = [waiting, body];
    waiting = undefined;
    body = undefined;
    answer?.fail(error);
    asked?.reject(error);
    closed(line);
  };

  const finish = (): void => {
    body = undefined;
    waiting = undefined;
    answers++;
    if (!stays || !flushed || ended !== undefined) fail(hungUp());
    else {
      socket.unref();
      idle(line);
    }
  };

  function take(given: Uint8Array): void {
    let bytes = given;
    let done = false;
    while (bytes.length > 0 && !done) {
      if (body !== undefined) {
        bytes = bytes.subarray(body.take(bytes));
        done = body.done;
        continue;
      }
      if (waiting === undefined) throw malformed("it says more than it was asked");
      head = head === undefined ? Buffer.from(bytes) : Buffer.concat([head, bytes]);
      const cut = head.indexOf(END);
      if (cut < 0) {
        if (head.length > LONGEST_HEAD) throw malformed("it says too much before it answers");
        return;
      }
      bytes = head.subarray(cut + END.length);
      const text = head.toString("latin1", 0, cut);
      head = undefined;
      done = answer(text);
    }
    if (!done || ended !== undefined) return;
    // What follows would be taken for the answer to the next request.
    if (bytes.length > 0) throw malformed("it says more than it was asked");
    finish();
  }

  /** @returns whether that was all of it */
  function answer(text: string): boolean {
    const found = parseHead(text);
    if (found.status < 200) return false; // the answer is still to come
    const { status, headers } = found;
    const { method, resolve } = waiting ?? { method: "", resolve: () => {} };
    const length = lengthOf(method, status, headers);
    stays = found.stays && length !== "until the end";
    const made = new Body(
      length,
      () => fail(hungUp()),
      () => socket.resume(),
    );
    body = made;
    waiting = waiting && { ...waiting, reject: () => {} };
    resolve({ status, headers, body: made });
    return made.done;
  }

  const line: Line = {
    get answers() {
      return answers;
    },

    ask(text, { method, body: sent }) {
      return new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting = { method, resolve, reject };
        flushed = false;
        socket.ref();
        const done = (): void => {
          flushed = true;
        };
        if (sent === undefined || sent.length === 0) socket.write(text, "latin1", done);
        else if (sent.length <= JOINED) {
          const whole = Buffer.allocUnsafe(text.length + sent.length);
          whole.write(text, "latin1");
          whole.set(sent, text.length);
          socket.write(whole, done);
        } else {
          socket.cork();
          socket.write(text, "latin1");
          socket.write(sent, done);
          socket.uncork();
        }
      });
    },

    destroy: () => fail(hungUp()),
  };

  socket.setNoDelay(true);
  socket.setTimeout(connectTimeout);
  socket.once("connect", () => socket.setTimeout(readTimeout));
  socket.on("timeout", () => {
    if (body?.isFull !== true) fail(new Unreachable(`${origin} does not answer`)); // else it is we who are slow
  });
  socket.on("error", fail);
  socket.on("end", () => {
    body?.end();
    fail(hungUp());
  });
  socket.on("close", () => fail(hungUp()));
  return line;
}

function hungUp(): Error {
  return Object.assign(new Error("aborted"), { code: "ECONNRESET" });
}

function lengthOf(method: string, status: number, headers: IncomingHttpHeaders): Length {
  if (method === "HEAD" || status === 204 || status === 304) return 0;
  const coding = headers["transfer-encoding"];
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked") throw malformed(`it sends its answer as ${coding}`);
    return new Unchunked();
  }
  const length = headers["content-length"];
  if (length === undefined) return "until the end";
  if (!/^\d{1,15}$/.test(length)) throw malformed("it says no length");
  return Number(length);
}

interface OnRead {
  buffer(): Uint8Array;
  callback(count: number, buffer: Uint8Array): boolean;
}

function socketTo({ origin, verify, authorities }: Reach, onread: OnRead): Socket {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  const secure = protocol === "https:";
  const where = { host, port: port === "" ? (secure ? 443 : 80) : Number(port), onread };
  if (!secure) return connect(where);
  return connectSecurely({
    ...where,
    rejectUnauthorized: verify,
    ALPNProtocols: ["http/1.1"],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(authorities === undefined ? {} : { ca: authorities }),
  });
}
