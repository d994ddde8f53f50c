import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { HeadObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { encoded, signed } from "../../../src/adapters/remotes/buckets/s3/sign.ts";
import { openS3 } from "../../../src/adapters/remotes/buckets/s3.ts";
import { UserError } from "../../../src/errors.ts";
import type { Bucket } from "../../../src/ports/bucket.ts";
import { Unreachable } from "../../../src/ports/bucket.ts";
import { all, outgoing } from "../../contracts/bucket.ts";
import { settingOf } from "../../interop/remotes/servers/setting.ts";
import { type Odd, oddServer } from "./odd-server.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "secret" };
const bytes = Buffer.from("age,income\n42,50000\n");
const key = "files/md5/60/b725f10c9c85c70d97880dfe8191b3";

function refusing(status: number, code: string, more = ""): Odd {
  return {
    status,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message>${more}</Error>`,
  };
}

/** Lets a bucket talk to a server that answers as it is told. */
async function facing(
  answer: (request: IncomingMessage, before: number, body: Buffer) => Odd,
  work: (bucket: Bucket, asked: readonly string[]) => Promise<void>,
  options: Readonly<Record<string, string>> = {},
): Promise<void> {
  const server = await oddServer(answer);
  const setting = settingOf("s3://acme/below", {
    endpointurl: server.origin,
    region: "eu-west-1",
    ...options,
  });
  const bucket = await openS3(setting, KEYS, "/");
  try {
    await work(bucket, server.asked);
  } finally {
    await bucket.close();
    await server.stop();
  }
}

/** The error of a download that a server refuses so. */
async function refusedWith(odd: Odd): Promise<Error> {
  let thrown: Error | undefined;
  await facing(
    () => odd,
    async (bucket) => {
      thrown = await buffer(bucket.read(key)).then(
        () => new Error("it was not refused"),
        (error: Error) => error,
      );
    },
  );
  return thrown as Error;
}

describe("a bucket of S3, answered oddly", () => {
  it("says in a sentence what is to be put right", async () => {
    const cases: readonly (readonly [Odd, RegExp])[] = [
      [refusing(404, "NoSuchBucket"), /^there is no bucket "acme" at http:\S+; make it, or correct/],
      [
        refusing(403, "AccessDenied"),
        /^acme at http:\S+ refuses GET below\/files\S+ with the key AKIATEST \(AccessDenied\); it needs s3:/,
      ],
      [refusing(403, "InvalidAccessKeyId"), /does not know the key AKIATEST/],
      [refusing(403, "SignatureDoesNotMatch"), /the secret of the key AKIATEST is not the one/],
      [refusing(400, "ExpiredToken"), /the session of the key AKIATEST has ended; sign in again/],
      [
        { ...refusing(403, "RequestTimeTooSkewed"), headers: { date: "Sat, 21 Nov 2026 10:00:00 GMT" } },
        /^this machine's clock differs .* set it right \(it is Sat, 21 Nov 2026 10:00:00 GMT there\)$/,
      ],
      [
        refusing(400, "AuthorizationHeaderMalformed", "<Region>us-east-2</Region>"),
        /^the bucket "acme" is not in eu-west-1 but in us-east-2; correct the remote's region$/,
      ],
      [{ status: 403, body: "<html>Sign in</html>" }, /refuses GET/],
      [{ status: 418, body: "" }, /with 418 and no word of S3; is this its address\?$/],
    ];
    for (const [odd, expected] of cases) {
      const error = await refusedWith(odd);
      assert.ok(error instanceof UserError && !(error instanceof Unreachable), error.stack);
      assert.match(error.message, expected);
    }
  });

  it("asks to be tried again where a server is busy, as long as it wants", async () => {
    for (const odd of [
      refusing(503, "SlowDown"),
      refusing(500, "InternalError"),
      { status: 429 },
      { status: 502 },
    ]) {
      assert.ok((await refusedWith(odd)) instanceof Unreachable);
    }
    const busy = await refusedWith({ ...refusing(503, "SlowDown"), headers: { "retry-after": "7" } });
    assert.equal((busy as Unreachable).after, 7000);
    const gone = await openS3(settingOf("s3://acme/x", { endpointurl: "http://127.0.0.1:1" }), KEYS, "/");
    await assert.rejects(gone.size(key), Unreachable);
  });

  it("takes no login page for an object, a list, or a kept upload", async () => {
    const page = { status: 200, headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" };
    await facing(
      () => page,
      async (bucket) => {
        const trouble = /answers as no object store does, with a login page perhaps/;
        await assert.rejects(bucket.size(key), trouble);
        await assert.rejects(buffer(bucket.read(key)), trouble);
        await assert.rejects(bucket.write(key, outgoing(bytes)), trouble);
        await assert.rejects(all(bucket.list("")), trouble);
        await assert.rejects(bucket.remove([key, `${key}.dir`]), trouble);
      },
    );
  });

  it("takes no half of an object", async () => {
    const half = { etag: '"x"', "content-length": "20", "content-range": "bytes 0-19/20" };
    await facing(
      () => ({ status: 206, headers: half, body: bytes.subarray(0, 9), cut: true }),
      async (bucket) => {
        await assert.rejects(buffer(bucket.read(key)), Unreachable);
      },
    );
    const short = { etag: '"x"', "content-range": "bytes 0-19/20" };
    await facing(
      () => ({ status: 206, headers: short, body: bytes.subarray(0, 9) }),
      async (bucket) => {
        await assert.rejects(buffer(bucket.read(key)), /sent 9 bytes where 20 are right/);
      },
    );
  });

  it("hears an error that comes after the 200 of a large upload, and goes on with the parts that are ours", async () => {
    const data = Buffer.alloc((16 << 20) + 1, "x");
    const md5Of = (part: Buffer): string => createHash("md5").update(part).digest("hex");
    const parts = [
      { number: 1, etag: md5Of(data.subarray(0, 16 << 20)), size: 16 << 20 },
      { number: 2, etag: md5Of(Buffer.from("y")), size: 1 },
    ].map(
      ({ number, etag, size }) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag><Size>${size}</Size></Part>`,
    );
    let puttings = 0;
    await facing(
      ({ method, url = "" }) => {
        if (url.includes("uploads=")) return { status: 200, body: "<R><UploadId>u&amp;1</UploadId></R>" };
        if (method === "GET") return { status: 200, body: `<R>${parts.join("")}</R>` };
        if (method === "PUT") return { status: 200, headers: { etag: '"p"' } };
        if (++puttings === 1) return refusing(200, "InternalError");
        return { status: 200, body: '<R><ETag>"x"</ETag></R>' };
      },
      async (bucket, asked) => {
        await assert.rejects(bucket.write(key, outgoing(data)), Unreachable);
        assert.equal(asked.filter((one) => one.includes("partNumber=")).length, 2);
        const before = asked.length;
        await bucket.write(key, outgoing(data));
        const again = asked.slice(before).map((one) => one.replace(/ .*\?/, " "));
        assert.deepEqual(again, [
          "GET part-number-marker=0&uploadId=u%261",
          "PUT partNumber=2&uploadId=u%261",
          "POST uploadId=u%261",
        ]);
      },
    );
  });

  it("goes on with no upload to which somebody may still add, and ends those of a week ago", async () => {
    const days = (count: number): string => new Date(Date.now() - count * 24 * 60 * 60 * 1000).toISOString();
    const upload = (name: string, id: string, began: string): string =>
      `<Upload><Key>below/${name}</Key><UploadId>${id}</UploadId><Initiated>${began}</Initiated></Upload>`;
    const theirs = key.replace("60/", "61/");
    for (const { last, taken } of [
      { last: days(0), taken: false },
      { last: days(1), taken: true },
    ]) {
      await facing(
        ({ method, url = "" }) => {
          if (method === "GET" && url.includes("uploads=")) {
            const all = [
              upload(key, "day", days(2)),
              upload(theirs, "week", days(8)),
              upload("own", "x", days(9)),
            ];
            return { status: 200, body: `<R>${all.join("")}</R>` };
          }
          if (url.includes("uploads=")) return { status: 200, body: "<R><UploadId>new</UploadId></R>" };
          const part = `<Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>1</Size><LastModified>${last}</LastModified></Part>`;
          if (method === "GET") return { status: 200, body: `<R>${part}</R>` };
          if (method === "DELETE") return { status: 204 };
          return { status: 200, headers: { etag: '"p"' }, body: '<R><ETag>"x"</ETag></R>' };
        },
        async (bucket, asked) => {
          await bucket.write(key, outgoing(Buffer.alloc((16 << 20) + 1)));
          assert.match(asked.at(-1) ?? "", taken ? /^POST .*uploadId=day$/ : /^POST .*uploadId=new$/);
          const ended = asked.filter((one) => one.startsWith("DELETE"));
          assert.deepEqual(ended, [`DELETE /acme/below/${theirs}?uploadId=week`]);
        },
      );
    }
  });

  it("sends digests of parts where a bucket with locks asks for them", async () => {
    const seen: (string | undefined)[] = [];
    await facing(
      ({ method, url = "", headers }) => {
        if (url.includes("?uploads=")) return { status: 200, body: "<R><UploadId>u</UploadId></R>" };
        if (method !== "PUT") return { status: 200, body: '<R><ETag>"x"</ETag></R>' };
        seen.push(headers["content-md5"] as string | undefined);
        return headers["content-md5"] === undefined
          ? {
              status: 400,
              body: "<Error><Code>InvalidRequest</Code><Message>Content-MD5 is required</Message></Error>",
            }
          : { status: 200, headers: { etag: '"p"' } };
      },
      async (bucket) => {
        await bucket.write(key, outgoing(Buffer.alloc((16 << 20) + 1)));
        assert.equal(seen.filter((one) => one !== undefined).length, 2);
      },
    );
  });

  it("removes one by one where a server cannot remove many at once", async () => {
    await facing(
      ({ method }) => (method === "POST" ? refusing(501, "NotImplemented") : { status: 204 }),
      async (bucket, asked) => {
        await bucket.remove(["a", "b", "c"]);
        await bucket.remove(["d", "e"]);
        assert.equal(asked.filter((one) => one.startsWith("POST")).length, 1);
        assert.deepEqual(
          asked.filter((one) => one.startsWith("DELETE")).sort(),
          ["a", "b", "c", "d", "e"].map((one) => `DELETE /acme/below/${one}`),
        );
      },
    );
  });

  it("says which object was not removed", async () => {
    const body = "<DeleteResult><Error><Key>below/a</Key><Code>AccessDenied</Code></Error></DeleteResult>";
    await facing(
      () => ({ status: 200, body }),
      async (bucket) => {
        await assert.rejects(bucket.remove(["a", "b"]), /does not remove below\/a: AccessDenied$/);
      },
    );
  });

  it("reads lists in parts, and stops where one is given again", async () => {
    const page = (name: string, token: string): Odd => ({
      status: 200,
      body: `<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>below/${name}</Key><Size>1</Size></Contents><Contents><Key>elsewhere</Key><Size>1</Size></Contents><NextContinuationToken>${token}</NextContinuationToken></ListBucketResult>`,
    });
    await facing(
      (_request, before) => page(before === 0 ? "a%20b" : "c%2Bd", "again"),
      async (bucket) => {
        const found: string[] = [];
        await assert.rejects(async () => {
          for await (const entry of bucket.list("")) found.push(entry.key);
        }, /the same part of its list again/);
        assert.deepEqual(found, ["a b", "c+d"]);
      },
    );
  });

  it("wants both halves of a key, and options that do not exclude each other", async () => {
    const open = async (options: Record<string, string>) => {
      const bucket = await openS3(
        settingOf("s3://acme/x", { endpointurl: "http://127.0.0.1:1", ...options }),
        {},
        "/",
      );
      await bucket.size(key);
    };
    await assert.rejects(open({ access_key_id: "A" }), /access_key_id alone; both belong together/);
    await assert.rejects(
      open({ acl: "private", grant_read: "id=1" }),
      /acl and grant_read exclude each other/,
    );
    await assert.rejects(
      open({ use_ssl: "maybe" }),
      /"use_ssl" of remote "store" is "maybe"; it can be true or false/,
    );
    await assert.rejects(
      openS3(settingOf("s3://"), {}, "/"),
      /"s3:\/\/" names no bucket; write it as s3:\/\/BUCKET/,
    );
  });

  it("tells a customer's key with each request for an object, as DVC does", async () => {
    const seen: IncomingMessage["headers"][] = [];
    const customers = Buffer.alloc(32, 7).toString("base64");
    await facing(
      ({ headers }) => {
        seen.push(headers);
        return { status: 200, headers: { etag: '"x"' } };
      },
      async (bucket) => {
        await bucket.write(key, outgoing(bytes));
        await bucket.size(key);
        for (const headers of seen) {
          assert.equal(headers["x-amz-server-side-encryption-customer-algorithm"], "AES256");
          assert.equal(headers["x-amz-server-side-encryption-customer-key"], customers);
        }
        assert.equal(seen[0]?.["x-amz-acl"], "bucket-owner-full-control");
        assert.equal(seen[1]?.["x-amz-acl"], undefined);
      },
      { sse_customer_key: customers, acl: "bucket-owner-full-control" },
    );
  });
});

describe("a signature", () => {
  it("is the one that the AWS SDK makes", async () => {
    for (const Key of ["plain", "a b+c%20d/日本 é&=?!'()*.json"]) {
      const { headers, path, hostname, query } = await sentBySdk(
        { region: "eu-west-1" },
        { Bucket: "acme", Key, VersionId: "v 1/+" },
      );
      const { authorization, "x-amz-date": time = "", ...rest } = headers;
      const names = /SignedHeaders=([^,]*)/.exec(authorization ?? "")?.[1]?.split(";") ?? [];
      const given = Object.fromEntries(
        Object.entries(rest).filter(
          ([name]) => names.includes(name) && name !== "host" && name !== "x-amz-content-sha256",
        ),
      );
      const now = new Date(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
      const ours = signed(
        {
          method: "HEAD",
          host: hostname,
          path,
          query,
          headers: given,
          payload: rest["x-amz-content-sha256"] ?? "",
        },
        { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
        "eu-west-1",
        now,
      );
      assert.equal(path, `/${Key.split("/").map(encoded).join("/")}`);
      assert.equal(ours.authorization, authorization);
    }
  });

  interface Sent {
    readonly headers: Record<string, string>;
    readonly path: string;
    readonly hostname: string;
    readonly query: Record<string, string>;
  }

  async function sentBySdk(
    config: S3ClientConfig,
    input: { Bucket: string; Key: string; VersionId: string },
  ): Promise<Sent> {
    let sent: Sent | undefined;
    const client = new S3Client({
      ...config,
      credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
      requestHandler: {
        async handle(request: Sent) {
          sent = request;
          throw new Error("kept back");
        },
      },
    });
    await assert.rejects(client.send(new HeadObjectCommand(input)));
    return sent as unknown as Sent;
  }
});
