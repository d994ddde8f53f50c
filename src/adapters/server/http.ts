import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { formatBytes } from "../../core/text/bytes.ts";
import { UserError } from "../../errors.ts";
import type { Listen, Listening, Response } from "../../ports/server.ts";
import { type Budget, budget, readBody } from "./body.ts";

/** Milliseconds in which a request must have come whole, and its headers. */
const REQUEST = 60_000;
const HEADERS = 15_000;
/** Longer than proxies keep a connection that nobody uses, so that they close it and not we. */
const IDLE = 75_000;
/** A connection on which nothing moves: a caller that does not read its answer. */
const STUCK = 120_000;
const CONNECTIONS = 2048;
/** Bodies that are held at the same time. */
const HELD = 16;
/** How long a caller that is still sending may read why it was refused. */
const LINGER = 1000;

/** Listens with HTTP/1.1. @throws {UserError} where the address is taken or not ours */
export async function listen(options: Listen): Promise<Listening> {
  const held = budget(options.most * HELD);
  let closing = false;
  const server = createServer(
    { requestTimeout: REQUEST, headersTimeout: HEADERS, connectionsCheckingInterval: 5000, noDelay: true },
    (request, response) => void serve(request, response, options, held, () => closing),
  );
  server.keepAliveTimeout = IDLE;
  server.maxConnections = CONNECTIONS;
  server.setTimeout(STUCK);
  // Before it sends, a caller may ask whether it should: one that is too long is refused right then.
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (!tooLong(request, options.most)) response.writeContinue();
    void serve(request, response, options, held, () => closing);
  });
  server.on("checkExpectation", (_, response: ServerResponse) => {
    options.refused(417);
    send(response, { status: 417, body: options.refusal("Expectation failed") }, true);
  });
  const unread = new WeakSet<Socket>(); // one that goes on talking is not told again
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (unread.has(socket)) return;
    unread.add(socket);
    const status = STATUS[error.code ?? ""] ?? 400;
    options.refused(status);
    unreadable(socket, status, options.refusal(WORDS[status] ?? "Malformed request"));
  });
  await started(server, options);
  server.on("error", options.failed);
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    close(patience) {
      closing = true;
      return drained(server, patience);
    },
  };
}

function started(server: Server, { host, port }: Listen): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = { EADDRINUSE: "is taken by another program", EACCES: "may not be used by this account" };
      const known =
        why[error.code as keyof typeof why] ?? `cannot be listened on (${error.code ?? error.message})`;
      reject(new UserError(`${host}:${port} ${known}; choose another --host or --port`, { cause: error }));
    });
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: Listen,
  held: Budget,
  closing: () => boolean,
): Promise<void> {
  const refuse = (status: number, message: string): void => {
    options.refused(status);
    linger(response, { status, body: options.refusal(message) });
  };
  try {
    if (tooLong(request, options.most)) {
      return refuse(413, `the body is larger than ${formatBytes(options.most)}`);
    }
    const body = await readBody(request, options.most, held);
    if (body === "too long") return refuse(413, `the body is larger than ${formatBytes(options.most)}`);
    if (body === "too many") return refuse(503, "too many requests at once; try again a little later");
    if (body === "gone") return;
    try {
      const answer = await options.answer({
        method: request.method ?? "",
        target: request.url ?? "",
        header(name) {
          const value = request.headers[name];
          return Array.isArray(value) ? value[0] : value;
        },
        body: body.bytes,
      });
      send(response, answer, closing());
      if (answer.after !== undefined) setImmediate(answer.after);
    } finally {
      body.release();
    }
  } catch (error) {
    options.failed(error);
    if (response.headersSent) response.destroy();
    else send(response, { status: 500, body: options.refusal("Internal error") }, true);
  }
}

/** Whether a request says of itself that its body is too long. */
const tooLong = ({ headers }: IncomingMessage, most: number): boolean =>
  Number(headers["content-length"] ?? 0) > most;

function send(response: ServerResponse, { status, type, headers, body }: Response, last: boolean): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    "content-type": type ?? "application/json",
    "content-length": bytes.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
    ...(last ? { connection: "close" } : {}),
  });
  response.end(bytes);
}

/**
 * Answers a caller that may still be sending, reads no more of it, and closes when it had time to read
 * the answer: closed at once, the answer would be lost with the connection. Ended instead, Node would
 * read the rest of the request.
 */
function linger(response: ServerResponse, { status, body }: Response): void {
  const { socket } = response;
  const bytes = Buffer.from(body);
  response.shouldKeepAlive = false;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    connection: "close",
  });
  response.write(bytes);
  setTimeout(() => socket?.destroy(), LINGER);
}

/** Answers what is no HTTP, or came too late to be. */
function unreadable(socket: Socket, status: number, body: string): void {
  if (!socket.writable) return void socket.destroy();
  const head = `HTTP/1.1 ${status} ${WORDS[status]}\r\ncontent-type: application/json\r\n`;
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const WORDS: Readonly<Record<number, string>> = {
  400: "Malformed request",
  408: "Request timeout",
  413: "Payload too large",
  431: "Request header fields too large",
  503: "Service unavailable",
};

/** Ends a server in order: idle connections at once, the others when they are answered, or cut off. */
function drained(server: Server, patience: number): Promise<number> {
  return new Promise((resolve) => {
    let cut = 0;
    const late = setTimeout(() => {
      server.getConnections((_, count) => {
        cut = count;
        server.closeAllConnections();
      });
    }, patience);
    // What was answered meanwhile leaves its connection idle: it is closed with the next look.
    const look = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearTimeout(late);
      clearInterval(look);
      resolve(cut);
    });
    server.closeIdleConnections();
  });
}
