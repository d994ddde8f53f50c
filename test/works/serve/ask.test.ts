import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { ask } from "../../../src/adapters/web/ask.ts";
import { askServed } from "../../../src/works/serve/ask.ts";

const sha256 = "cd".repeat(32);

async function listening(context: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("asking a server what it serves", () => {
  it("reads its own answer", async (context) => {
    const url = await listening(context, ({ url: path }, response) => {
      assert.equal(path, "/v1/models/wages");
      response.end(JSON.stringify({ trainyard: { sha256, version: "v1.2.0" } }));
    });
    assert.deepEqual(await askServed({ ask }, `${url}/`, "wages"), { served: { sha256, version: "v1.2.0" } });
  });

  it("follows it nowhere else", async (context) => {
    let asked = 0;
    const url = await listening(context, (_, response) => {
      asked++;
      response.writeHead(302, { location: "/v1/models/other" }).end();
    });
    const { trouble } = await askServed({ ask }, url, "wages");
    assert.match(trouble ?? "", /leads on to another address \(302\), which is not followed/);
    assert.equal(asked, 1);
  });

  it("stops where the answer does not end", async (context) => {
    let gone = false;
    const url = await listening(context, (_, response) => {
      const more = (): void => void (gone || response.write("x".repeat(65_536), more));
      response.on("close", () => {
        gone = true;
      });
      more();
    });
    const { trouble } = await askServed({ ask }, url, "wages");
    assert.match(trouble ?? "", /answered with more than 6\d/);
  });

  it("waits no longer than it must", async (context) => {
    const url = await listening(context, (_, response) => void response.write("{"));
    const { trouble } = await askServed({ ask }, url, "wages", 200);
    assert.match(trouble ?? "", /did not answer within 0\.2 s/);
  });

  it("says what it got where nothing of ours answers", async (context) => {
    const url = await listening(context, ({ url: path }, response) => {
      response.statusCode = path?.endsWith("gone") ? 404 : 200;
      response.end("<html>");
    });
    assert.match((await askServed({ ask }, url, "wages")).trouble ?? "", /does not say what it serves/);
    assert.match((await askServed({ ask }, url, "gone")).trouble ?? "", /answers 404/);
    assert.match(
      (await askServed({ ask }, "http://127.0.0.1:1", "wages")).trouble ?? "",
      /did not answer \(.+\)/,
    );
  });
});
