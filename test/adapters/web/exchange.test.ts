import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { exchange, unanswered } from "../../../src/adapters/web/exchange.ts";

const LONG = "x".repeat(3000);

describe("exchange", () => {
  let server: Server;
  let answer: RequestListener = (_, response) => response.end();
  let url = "";

  before(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/here?key=secret`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const asked = (more: { patience?: number; stop?: AbortSignal; body?: string } = {}) => {
    const method = more.body === undefined ? "GET" : "POST";
    return exchange({ url, method, headers: {}, patience: 5000, most: 2000, place: "the server", ...more });
  };

  it("gives status, headers and text, and sends a body", async () => {
    answer = (request, response) => {
      response.writeHead(503, { "retry-after": "7" });
      request
        .on("data", (sent) => response.write(`${request.method} ${sent}`))
        .on("end", () => response.end());
    };
    const found = await asked({ body: "rows" });
    assert.ok(found.answered);
    assert.deepEqual([found.status, found.headers.get("retry-after"), found.text], [503, "7", "POST rows"]);
  });

  it("refuses an answer that is too long, without the address's key", async () => {
    answer = (_, response) => response.end(LONG);
    await assert.rejects(asked(), {
      name: "UserError",
      message: "the server answered with more than 2.0 kB",
    });
  });

  it("follows nobody, and leaves on the wire what is sent along", async () => {
    let came = 0;
    answer = (_, response) => {
      came++;
      response.writeHead(302, { location: "/elsewhere" }).end(LONG);
    };
    const found = await asked();
    assert.ok(found.answered);
    assert.deepEqual([found.status, found.headers.get("location"), found.text], [302, "/elsewhere", ""]);
    assert.equal(came, 1);
  });

  it("says that nobody answered in time", async () => {
    answer = () => {};
    const found = await asked({ patience: 50 });
    assert.ok(!found.answered);
    assert.equal(unanswered("it", found).message, "it did not answer within 0.05 s");
  });

  it("says why a connection broke", async () => {
    answer = (request) => request.socket.destroy();
    const found = await asked();
    assert.ok(!found.answered);
    assert.match(unanswered("it", found).message, /^it did not answer \((UND_ERR_SOCKET|ECONNRESET)\)$/);
  });

  it("ends when it is told to, with the reason that it was told", async () => {
    answer = () => {};
    const found = await asked({ stop: AbortSignal.abort(new Error("enough")) });
    assert.ok(!found.answered);
    assert.deepEqual([found.why, found.late], ["enough", false]);
  });
});
