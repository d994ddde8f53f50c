import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { listen } from "../../../src/adapters/server/http.ts";
import { errorBody } from "../../../src/core/serving/refusal.ts";
import type { Listen, Listening, Request, Response } from "../../../src/ports/server.ts";

const MOST = 100_000;

interface Bench {
  readonly server: Listening;
  readonly port: number;
  readonly refused: number[];
  readonly failed: unknown[];
}

async function bench(
  context: TestContext,
  answer: (request: Request) => Promise<Response>,
  more: Partial<Listen> = {},
): Promise<Bench> {
  const refused: number[] = [];
  const failed: unknown[] = [];
  const server = await listen({
    host: "127.0.0.1",
    port: 0,
    most: MOST,
    answer,
    refusal: errorBody,
    refused: (status) => void refused.push(status),
    failed: (error) => void failed.push(error),
    ...more,
  });
  context.after(() => server.close(0));
  return { server, port: Number(new URL(server.url).port), refused, failed };
}

const echo = async ({ body }: Request): Promise<Response> => ({ status: 200, body: `${body.length}` });

/** Speaks bytes, and gives back all that came until the other side closed. */
function speak(port: number, talk: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => talk(socket));
    let heard = "";
    socket.on("data", (bytes) => {
      heard += bytes.toString("latin1");
    });
    socket.on("error", () => {}); // reset by the other side, which had answered
    socket.on("close", () => resolve(heard));
  });
}

describe("the server", () => {
  it("answers request after request on one connection", async (context) => {
    const { port } = await bench(context, echo);
    const post = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n";
    const heard = await speak(port, (socket) =>
      socket.end(`${post}\r\nabc${post}Connection: close\r\n\r\nabc`),
    );
    assert.equal(heard.match(/HTTP\/1\.1 200 OK/g)?.length, 2);
    assert.match(heard, /Connection: keep-alive[\s\S]*connection: close/i);
  });

  it("reads nothing of a body that says it is too long", async (context) => {
    const asked: Request[] = [];
    const { port, refused } = await bench(context, async (request) => {
      asked.push(request);
      return { status: 200, body: "" };
    });
    const head = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n";
    const heard = await speak(port, (socket) => socket.write(head));
    assert.match(heard, /^HTTP\/1\.1 413 /);
    assert.match(heard, /\{"error":"the body is larger than 100 kB"\}\n$/);
    assert.deepEqual([asked.length, refused], [0, [413]]);
  });

  it("stops reading a body that turns out too long", async (context) => {
    const { port } = await bench(context, echo);
    let sent = 0;
    const piece = Buffer.alloc(65_536, "x");
    const heard = await speak(port, (socket) => {
      socket.write("POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      const more = (): void => {
        if (socket.destroyed || sent >= 100_000_000) return;
        sent += piece.length;
        socket.write(Buffer.concat([Buffer.from("10000\r\n"), piece, Buffer.from("\r\n")]), more);
      };
      more();
    });
    assert.match(heard, /^HTTP\/1\.1 413 /);
    assert.ok(sent < 50_000_000, `${sent} bytes were taken`); // what the system's own buffers hold, and no more
  });

  it("refuses before it is sent what asks whether it should be", async (context) => {
    const { port } = await bench(context, echo);
    const head = "POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n";
    const long = await speak(port, (socket) => socket.write(`${head}Content-Length: 100000000\r\n\r\n`));
    assert.match(long, /^HTTP\/1\.1 413 /);
    const short = await speak(port, (socket) => {
      socket.write(`${head}Content-Length: 2\r\n\r\n`);
      socket.once("data", () => socket.write("ab"));
    });
    assert.match(short, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[\s\S]*\r\n\r\n2$/);
  });

  it("answers what is no HTTP, and headers without end, in the protocol's form", async (context) => {
    const { port, refused } = await bench(context, echo);
    const noise = await speak(port, (socket) => socket.write("\x16\x03\x01 hello\r\n\r\n"));
    assert.match(noise, /^HTTP\/1\.1 400 [\s\S]*\{"error":"Malformed request"\}\n$/);
    const headers = await speak(port, (socket) =>
      socket.write(`GET / HTTP/1.1\r\nHost: x\r\nLong: ${"x".repeat(70_000)}\r\n\r\n`),
    );
    assert.match(headers, /^HTTP\/1\.1 431 /);
    assert.deepEqual(refused, [400, 431]);
  });

  it("answers 500 and goes on where we have a bug", async (context) => {
    const bug = new Error("of ours");
    const { server, failed } = await bench(context, async ({ target }) => {
      if (target === "/bug") throw bug;
      return { status: 200, body: "ok" };
    });
    const response = await fetch(`${server.url}/bug`);
    assert.deepEqual([response.status, await response.json()], [500, { error: "Internal error" }]);
    assert.deepEqual(failed, [bug]);
    assert.equal((await fetch(`${server.url}/`)).status, 200);
  });

  it("holds no more bodies at once than there is room for", async (context) => {
    const { port, refused } = await bench(context, echo);
    const head = `POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: ${MOST}\r\nConnection: close\r\n\r\n`;
    const held: Socket[] = [];
    const most = await Promise.race(
      Array.from({ length: 20 }, () =>
        speak(port, (socket) => {
          held.push(socket);
          socket.write(head);
          socket.write(Buffer.alloc(MOST - 1)); // the last byte never comes
        }),
      ),
    );
    assert.match(most, /^HTTP\/1\.1 503 .*[\s\S]*too many requests at once/);
    assert.ok(refused.length >= 3 && refused.every((status) => status === 503), String(refused));
    for (const socket of held) socket.destroy();
  });

  it("finishes what runs when it ends, takes nothing new, and lets idle connections go", async (context) => {
    let go = (): void => {};
    const running = new Promise<void>((resolve) => {
      go = resolve;
    });
    let begun = (): void => {};
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const { server, port } = await bench(context, async ({ target }) => {
      if (target === "/slow") {
        begun();
        await running;
      }
      return { status: 200, body: target };
    });
    const idle = speak(port, (socket) => socket.write("GET /idle HTTP/1.1\r\nHost: x\r\n\r\n"));
    // A body of which half is there belongs to what runs, too.
    let finish = (): void => {};
    const half = new Promise<string>((resolve, reject) => {
      const request = httpRequest(
        { port, host: "127.0.0.1", method: "POST", path: "/half", headers: { "content-length": 4 } },
        (response) => response.on("data", (bytes) => resolve(String(bytes))),
      );
      request.on("error", reject);
      request.write("ab");
      finish = () => void request.end("cd");
    });
    const slow = fetch(`${server.url}/slow`);
    await started;
    await fetch(`${server.url}/warm`); // by now the half body has arrived, too
    const closing = server.close(10_000);
    assert.match(await idle, /200 OK[\s\S]*\/idle$/);
    await assert.rejects(fetch(`${server.url}/new`, { headers: { connection: "close" } }));
    finish();
    go();
    assert.equal(await (await slow).text(), "/slow");
    assert.equal(await half, "/half");
    assert.equal(await closing, 0);
  });

  it("cuts off what does not end in time", async (context) => {
    let begun = (): void => {};
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const { server, port } = await bench(context, () => {
      begun();
      return new Promise(() => {});
    });
    const stuck = speak(port, (socket) => socket.write("GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n"));
    await started;
    assert.equal(await server.close(50), 1);
    assert.equal(await stuck, "");
  });

  it("says where an address is taken", async (context) => {
    const { port } = await bench(context, echo);
    await assert.rejects(bench(context, echo, { port }), {
      message: `127.0.0.1:${port} is taken by another program; choose another --host or --port`,
    });
  });
});
