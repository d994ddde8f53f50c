import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Forge } from "../../../src/ports/forge.ts";
import type { Scripted } from "./answering.ts";
import { scripted } from "./scripted.ts";

const AT = "/repos/acme/wages";

describe("the GitHub adapter loads", () => {
  const { server, forgeAt } = scripted();

  describe("an artifact", () => {
    const zip = `GET ${AT}/actions/artifacts/3/zip`;
    const found = (url: string) => ({ status: 302, headers: { location: url } });
    const opened = async (store: string, inActions: boolean): Promise<Forge> =>
      forgeAt({ [zip]: found(`${store}/blob?sig=1`) }, inActions ? { GITHUB_ACTIONS: "true" } : {});

    for (const inActions of [true, false]) {
      it(`without showing the token to its store, ${inActions ? "within" : "outside of"} Actions`, async () => {
        const store = await server(() => ({ "GET /blob": (response) => response.end("PK12") }));
        const forge = await opened(store.url, inActions);
        assert.equal(Buffer.from(await forge.runs.artifact(3, 4)).toString(), "PK12");
        assert.equal(store.asked[0]?.headers.authorization, undefined);
        assert.doesNotMatch(JSON.stringify(store.asked), /ghs_secret/);
      });
    }

    it("no further than it is allowed, whatever was announced", async () => {
      let ended = false;
      const store = await server(() => ({
        "GET /blob": (response) => {
          response.on("close", () => {
            ended = true;
          });
          const more = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536)));
            response.once("drain", more);
          };
          more();
        },
      }));
      const forge = await opened(store.url, false);
      await assert.rejects(forge.runs.artifact(3, 1_000_000), /artifact 3 is larger than the 1.0 MB/);
      for (let i = 0; i < 100 && !ended; i++) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(ended, "the connection is closed");
    });

    it("again where its store broke off, by an address of its own", async () => {
      const broken: Scripted = (response) => {
        response.writeHead(200, { "content-length": "4" });
        response.write("PK");
        setTimeout(() => response.destroy(), 10);
      };
      const store = await server(() => ({
        "GET /blob": [
          broken,
          { status: 503 },
          (response: { end(text: string): void }) => response.end("PK12"),
        ],
      }));
      const forge = await opened(store.url, false);
      assert.equal((await forge.runs.artifact(3, 4)).length, 4);
    });

    it("not, where it has expired", async () => {
      const forge = await forgeAt({ [zip]: { status: 410, body: { message: "Artifact has expired" } } });
      await assert.rejects(forge.runs.artifact(3, 4), /artifact 3 has expired; run the workflow again/);
    });
  });
});
