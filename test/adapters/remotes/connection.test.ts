import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type Connection, connectTo, wholeBody } from "../../../src/adapters/remotes/cloud/connection.ts";
import { partial } from "../../../src/adapters/remotes/cloud/partial.ts";
import { Unreachable } from "../../../src/ports/bucket.ts";

const GET = { method: "GET", path: "/x", headers: {} };

/** A server that writes what it is told for each request, and a connection to it. */
async function facing(
  respond: (socket: Socket, request: string, number: number) => void,
  work: (connection: Connection, sockets: readonly Socket[]) => Promise<void>,
  lanes = 1,
): Promise<void> {
  const sockets: Socket[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("data", (text) => respond(socket, text.toString("latin1"), ++requests));
    socket.on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const times = { connectTimeout: 5000, readTimeout: 5000, verify: true };
  const connection = connectTo(`http://127.0.0.1:${port}`, { lanes: lanes - 4, ...times });
  try {
    await work(connection, sockets);
  } finally {
    connection.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const bodyOf = async (connection: Connection, method = "GET"): Promise<string> =>
  (await wholeBody("it", await connection.ask({ ...GET, method }))).toString();

describe("an answer without an end", () => {
  const flood = (head: string) => (socket: Socket) => {
    socket.write(`HTTP/1.1 206 Partial Content\r\n${head}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const more = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on("drain", more);
    more();
  };

  it("is left at the length that it promised", async () => {
    await facing(flood("Content-Range: bytes 0-9/10\r\n"), async (connection) => {
      for (const take of [
        async () => (await range()).whole?.(),
        async () => buffer((await range()).bytes as AsyncGenerator<Uint8Array>),
      ]) {
        await assert.rejects(take, (error: Error) => {
          assert.ok(error instanceof Unreachable);
          assert.match(error.message, /^it sent \d+ bytes where 10 are right$/);
          return true;
        });
      }
      async function range() {
        return partial(await connection.ask(GET), 0, 10, "it", "state");
      }
    });
  });

  it("is not waited for where it has nothing to say", async () => {
    await facing(flood(""), async (connection) => {
      await (await connection.ask(GET)).body.drained();
    });
  });
});

describe("an answer", () => {
  it("is understood wherever it is cut: with a length, in chunks, and up to the end", async () => {
    const answers = [
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "x"\r\n\r\nhello',
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\nA: b\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\nhello",
    ];
    for (const [index, answer] of answers.entries()) {
      const respond = (socket: Socket, _: string, number: number): void => {
        const cut = (number * 7) % answer.length;
        socket.setNoDelay(true);
        socket.write(answer.slice(0, cut));
        setTimeout(2).then(() =>
          index === 2 ? socket.end(answer.slice(cut)) : socket.write(answer.slice(cut)),
        );
      };
      await facing(respond, async (connection, sockets) => {
        for (let i = 0; i < 12; i++) assert.equal(await bodyOf(connection), "hello");
        assert.equal(sockets.length, index === 2 ? 12 : 1);
      });
    }
  });

  it("has no bytes where it can have none, and its connection is used again", async () => {
    const respond = (socket: Socket, request: string): void => {
      const status = request.startsWith("HEAD") ? "200 OK\r\nContent-Length: 7" : "204 No Content";
      socket.write(`HTTP/1.1 ${status}\r\n\r\n`);
    };
    await facing(respond, async (connection, sockets) => {
      for (const method of ["HEAD", "DELETE", "HEAD"]) {
        const answer = await connection.ask({ ...GET, method });
        await answer.body.drained();
        assert.equal(answer.headers["content-length"], method === "HEAD" ? "7" : undefined);
      }
      assert.equal(sockets.length, 1);
    });
  });

  it("that breaks off gives what came, and an error that can be tried again", async () => {
    for (const head of ["Content-Length: 99999", "Transfer-Encoding: chunked"]) {
      const text = head.startsWith("C") ? "half" : "9\r\nhalf";
      const respond = (socket: Socket): void => {
        socket.end(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${text}`);
      };
      await facing(respond, async (connection) => {
        await assert.rejects(bodyOf(connection), Unreachable);
        const seen: Uint8Array[] = [];
        const { body } = await connection.ask(GET);
        await assert.rejects(async () => {
          for await (const part of body) seen.push(part);
        });
        assert.equal(Buffer.concat(seen).toString(), "half");
      });
    }
  });

  it("that is none, or more than one, is refused", async () => {
    const wrong = [
      "SSH-2.0-OpenSSH\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
      `HTTP/1.1 200 OK\r\na: ${"x".repeat(70_000)}`,
    ];
    for (const answer of wrong) {
      await facing(
        (socket) => socket.write(answer),
        (connection) => assert.rejects(bodyOf(connection), Unreachable, answer.slice(0, 80)),
      );
    }
  });

  it("is not that to a request which was made after it came", async () => {
    const answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
    const respond = (socket: Socket, _: string, number: number): void => {
      socket.write(`${answer}${number}${number === 1 ? `${answer}x` : ""}`);
    };
    await facing(respond, async (connection, sockets) => {
      assert.deepEqual([await bodyOf(connection), await bodyOf(connection)], ["1", "2"]);
      assert.equal(sockets.length, 2);
    });
  });

  it("is waited for by the server where it is large and nobody reads it", async () => {
    const size = 64 << 20;
    let sent: Socket | undefined;
    const respond = (socket: Socket): void => {
      sent = socket;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
      for (let left = size; left > 0; left -= 1 << 20) socket.write(Buffer.alloc(1 << 20, left >> 20));
    };
    await facing(respond, async (connection) => {
      const { body } = await connection.ask(GET);
      await setTimeout(300);
      assert.ok((sent?.writableLength ?? 0) > size / 2, "most of it is still there");
      const all = await buffer(body);
      assert.deepEqual([all.length, all[0], all.at(-1)], [size, 64, 1]);
    });
  });
});

describe("a request", () => {
  it("goes again where a kept connection was closed meanwhile, and only there", async () => {
    const respond = (socket: Socket, _: string, number: number): void => {
      if (number === 2) socket.destroy();
      else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    };
    await facing(respond, async (connection, sockets) => {
      assert.deepEqual([await bodyOf(connection), await bodyOf(connection)], ["x", "x"]);
      assert.equal(sockets.length, 2);
    });
    await facing(
      (socket) => socket.destroy(),
      (connection) => assert.rejects(bodyOf(connection), Unreachable),
    );
  });

  it("waits for a connection where there are enough", async () => {
    const respond = (socket: Socket): void => {
      setTimeout(5).then(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
    };
    const work = async (connection: Connection, sockets: readonly Socket[]): Promise<void> => {
      await Promise.all(Array.from({ length: 20 }, () => bodyOf(connection)));
      assert.equal(sockets.length, 3);
    };
    await facing(respond, work, 3);
  });

  it("is not made of what would end its lines", async () => {
    await facing(
      (socket, text) => {
        assert.equal(text.split("\r\n")[0], "GET /x HTTP/1.1", "nothing else is sent");
        socket.destroy();
      },
      async (connection) => {
        const ask = (more: object): Promise<unknown> => connection.ask({ ...GET, ...more });
        await assert.rejects(ask({ path: "/a b" }), TypeError);
        await assert.rejects(ask({ path: "/a\r\nx: y" }), TypeError);
        await assert.rejects(ask({ headers: { "x-a": "1\r\nb: 2" } }), TypeError);
        await assert.rejects(ask({ headers: { "a b": "1" } }), TypeError);
        await assert.rejects(ask({ headers: { "x-a": "中" } }), TypeError);
        await assert.rejects(ask({}), Unreachable, "the one connection is still to be had");
      },
    );
  });
});
