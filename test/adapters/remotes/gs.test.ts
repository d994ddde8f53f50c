import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { openGs } from "../../../src/adapters/remotes/buckets/gs.ts";
import type { Bucket } from "../../../src/ports/bucket.ts";
import { Unreachable } from "../../../src/ports/bucket.ts";
import { all, outgoing } from "../../contracts/bucket.ts";
import { settingOf } from "../../interop/remotes/servers/setting.ts";
import { type Odd, oddServer } from "./odd-server.ts";

const key = "files/md5/60/b725f10c9c85c70d97880dfe8191b3";
const MIB = 1 << 20;

async function facing(
  answer: (request: IncomingMessage, before: number, body: Buffer) => Odd,
  work: (bucket: Bucket, asked: readonly string[]) => Promise<void>,
): Promise<void> {
  const server = await oddServer(answer);
  const bucket = await openGs(settingOf("gs://acme/below", { endpointurl: server.origin }), {}, "/");
  try {
    await work(bucket, server.asked);
  } finally {
    await bucket.close();
    await server.stop();
  }
}

const refusing = (status: number, message: string): Odd => ({
  status,
  body: JSON.stringify({ error: { code: status, message } }),
});

describe("a bucket of Google's, answered oddly", () => {
  it("says in a sentence what is to be put right", async () => {
    const cases: readonly (readonly [Odd, RegExp])[] = [
      [
        refusing(404, "The specified bucket does not exist."),
        /: there is no bucket "acme" at http:\S+; make it/,
      ],
      [
        refusing(403, "x does not have storage.objects.get access."),
        /: "acme" refuses GET below\/files\S+: x does not .* access; it needs the role/,
      ],
      [refusing(401, "Anonymous caller"), /wants credentials for "acme"; set credentialpath/],
      [{ status: 200, body: "<html>Sign in</html>" }, /answers as no object store does/],
    ];
    for (const [odd, expected] of cases) {
      await facing(
        () => odd,
        async (bucket) => {
          await assert.rejects(buffer(bucket.read(key)), expected);
          await assert.rejects(bucket.size(key), expected);
        },
      );
    }
    await facing(
      () => refusing(503, "Backend error"),
      async (bucket) => {
        await assert.rejects(all(bucket.list("")), Unreachable);
      },
    );
  });

  it("goes on where a session has kept half of a part", async () => {
    let kept = 0;
    const size = 17 * MIB;
    await facing(
      ({ url = "", headers }, _before, body) => {
        if (url.includes("uploadType=resumable")) {
          return { status: 200, headers: { location: "http://elsewhere.example/session?upload_id=1" } };
        }
        assert.equal(url, "/session?upload_id=1", "it stays with the host that was asked");
        const [, from, total] =
          /^bytes (\d+|\*)(?:-\d+)?\/(\d+)$/.exec(String(headers["content-range"])) ?? [];
        assert.equal(Number(total), size);
        if (kept === 5 * MIB && from !== "*" && Number(from) !== kept) return refusing(400, "wrong place");
        if (kept === 0) kept = 5 * MIB;
        else if (from !== "*") kept = Number(from) + body.length;
        if (kept === 5 * MIB && from === "0") return refusing(503, "Backend error");
        if (kept === size) return { status: 200, body: JSON.stringify({ generation: "7", etag: "e" }) };
        return { status: 308, headers: { range: `bytes=0-${kept - 1}` } };
      },
      async (bucket) => {
        const written = await bucket.writeVersion?.(key, outgoing(Buffer.alloc(size)));
        assert.deepEqual(written, { etag: "e", version: "7" });
      },
    );
  });

  it("sends no token of the machine's to a host that is not Google's", async () => {
    const seen: (string | undefined)[] = [];
    await facing(
      ({ headers }) => {
        seen.push(headers.authorization);
        return { status: 404, body: "No such object: acme/below" };
      },
      async (bucket) => {
        assert.equal(await bucket.size(key), undefined);
      },
    );
    assert.deepEqual(seen, [undefined]);
    const plain = { endpointurl: "http://storage.example.org", credentialpath: "key.json" };
    await assert.rejects(
      openGs(settingOf("gs://acme/x", plain), {}, "/"),
      /is not https:\/\/; a token would be read/,
    );
  });
});
