import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { describe, it } from "node:test";
import { UserError } from "../../../../src/errors.ts";
import { type Bucket, Unreachable } from "../../../../src/ports/bucket.ts";
import { all, outgoing } from "../../../contracts/bucket.ts";
import { webdav, withServer } from "./server.ts";

const bytes = Buffer.from("age,income\n42,50000\n");

/** A listing of things by the paths that a server gives them. */
function listing(entries: readonly (readonly [href: string, folder: boolean])[]): string {
  const responses = entries.map(([href, folder]) => {
    const type = folder ? "<lp1:resourcetype><D:collection/></lp1:resourcetype>" : "<lp1:resourcetype/>";
    const size = folder ? "" : "<lp1:getcontentlength>20</lp1:getcontentlength>";
    const ok = `<D:propstat><D:prop>${type}${size}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>`;
    const none =
      "<D:propstat><D:prop><lp1:getlastmodified/></D:prop><D:status>HTTP/1.1 404</D:status></D:propstat>";
    return `<D:response><D:href>${href}</D:href>${ok}${none}</D:response>`;
  });
  return `<?xml version="1.0"?>\n<D:multistatus xmlns:D="DAV:" xmlns:lp1="DAV:">${responses.join("")}</D:multistatus>`;
}

async function lists(
  answer: string | RequestListener,
  work: (bucket: Bucket) => Promise<void>,
): Promise<void> {
  const listener: RequestListener =
    typeof answer === "string" ? (_request, response) => response.writeHead(207).end(answer) : answer;
  await withServer(listener, async ({ origin }) => work(await webdav(`${origin}/store`)));
}

function userError(expected: RegExp) {
  return (error: Error): boolean => {
    assert.ok(error instanceof UserError && !(error instanceof Unreachable), String(error.stack));
    assert.match(error.message, expected);
    return true;
  };
}

describe("a WebDAV server's listing", () => {
  it("is read with whole urls, other prefixes and escapes", () =>
    lists(
      (request, response) => {
        const { origin } = new URL(`http://${request.headers.host}`);
        assert.equal(request.headers.depth, "1");
        const root = [
          ["/store/", true],
          [`${origin}/store/a%20b%26`, false],
          ["/store/tmp/", true],
          ["/store/f", true],
        ];
        const below = [
          ["/store/f", true],
          ["/store/f/%E6%97%A5&amp;&#x672C;", false],
        ];
        response
          .writeHead(207)
          .end(listing((request.url === "/store/f/" ? below : root) as [string, boolean][]));
      },
      async (bucket) =>
        assert.deepEqual((await all(bucket.list(""))).map(({ key }) => key).sort(), ["a b&", "f/日&本"]),
    ));

  it("names nothing elsewhere", async () => {
    for (const href of [
      "/etc/passwd",
      "/store/../x",
      "/store/%2e%2e",
      "/store/..%2fx",
      "/store/a/b",
      "/store/a%00",
      "/store/a%5Cb",
      "//evil/store/x",
      "/storex",
    ])
      await lists(
        listing([
          ["/store/", true],
          [href, false],
        ]),
        (bucket) =>
          assert.rejects(all(bucket.list("")), userError(/lists ".*" in \/store\/, where it is not/)),
      );
  });

  it("has no document type, no entities and an end", async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${listing([["/store/&b;", false]])}`;
    const wrong: readonly (readonly [string, RegExp])[] = [
      [bomb, /a document type/],
      [listing([["/store/&b;", false]]), /the entity &b;/],
      [listing([["/store/&#1114112;", false]]), /the entity/],
      [listing([["/store/%", false]]), /a path that is no url/],
      [listing([["/store/a", false]]).slice(0, -16), /breaks off/],
      [listing([]).replace("</D:multistatus>", "</D:response>"), /ends where it did not begin/],
      ["<D:multistatus>".repeat(100_000), /too deep/],
      ["<html><body>log in</body></html>", /it is html/],
      ["", /breaks off/],
      ["<<<<", /a broken element/],
    ];
    for (const [answer, expected] of wrong)
      await lists(answer, (bucket) => assert.rejects(all(bucket.list("")), userError(expected)));
  });

  it("does not go on forever, downwards", () =>
    lists(
      (request, response) => {
        const here = request.url ?? "";
        response.writeHead(207).end(
          listing([
            [here, true],
            [`${here}a/`, true],
          ]),
        );
      },
      (bucket) => assert.rejects(all(bucket.list("")), userError(/folders in folders without an end/)),
    ));

  it("is nothing where there is no folder, and an error where it is refused", async () => {
    await lists(
      (_request, response) => response.writeHead(404).end(),
      async (bucket) => assert.deepEqual(await all(bucket.list("files/")), []),
    );
    await lists(
      (_request, response) => response.writeHead(403).end(),
      (bucket) => assert.rejects(all(bucket.list("")), userError(/403 Forbidden to PROPFIND/)),
    );
  });
});

describe("a WebDAV server", () => {
  it("gets a file beside, which then moves to its name", () =>
    withServer(
      (request, response) => request.resume().on("end", () => response.writeHead(201).end()),
      async ({ origin, asked }) => {
        const bucket = await webdav(`${origin}/store`, { token: "t0ken" });
        await bucket.write("files/md5/ab/c", outgoing(bytes));
        await bucket.write("files/md5/ab/d", outgoing(bytes));
        const did = asked.map(
          ({ method, url = "" }) => `${method} ${url.replace(/trainyard-[0-9a-f]{24}/, "DRAFT")}`,
        );
        assert.deepEqual(did, [
          ...["MKCOL /store/tmp/", "MKCOL /store/files/md5/ab/"],
          ...[
            "PUT /store/tmp/DRAFT",
            "PROPFIND /store/tmp/", // once; what it cannot tell is no error
            "MOVE /store/tmp/DRAFT",
            "PUT /store/tmp/DRAFT",
            "MOVE /store/tmp/DRAFT",
          ],
        ]);
        assert.equal(asked[4]?.headers.destination, `${origin}/store/files/md5/ab/c`);
        assert.ok(asked.every(({ headers }) => headers.authorization === "Bearer t0ken"));
      },
    ));

  it("loses the draft of what could not be moved", () =>
    withServer(
      (request, response) =>
        request.resume().on("end", () => response.writeHead(request.method === "MOVE" ? 507 : 201).end()),
      async ({ origin, asked }) => {
        const bucket = await webdav(origin);
        await assert.rejects(bucket.write("a", outgoing(bytes)), userError(/507 .*no space left/));
        assert.deepEqual(
          asked.map(({ method }) => method),
          ["MKCOL", "MKCOL", "PUT", "PROPFIND", "MOVE", "DELETE"],
        );
        assert.equal(asked[5]?.url, asked[2]?.url);
      },
    ));

  it("is not asked for a token by a command", async () => {
    const command = { bearer_token_command: "touch /tmp/x" };
    await assert.rejects(
      webdav("http://a.example", command),
      userError(/config:3 bearer_token_command is not run/),
    );
    await assert.rejects(
      webdav("http://a.example", { user: "ada", ask_password: "true" }),
      userError(/nobody is there/),
    );
  });
});
