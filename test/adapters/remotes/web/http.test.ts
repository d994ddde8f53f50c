import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { buffer, text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { bucketRemote } from "../../../../src/adapters/remotes/bucket-remote.ts";
import { digestOf } from "../../../../src/core/artifacts/digest.ts";
import { UserError } from "../../../../src/errors.ts";
import { KeyMissing, Unreachable } from "../../../../src/ports/bucket.ts";
import { all, outgoing } from "../../../contracts/bucket.ts";
import { sendingOf } from "../../../contracts/remote.ts";
import { http, withServer } from "./server.ts";

const bytes = Buffer.from("age,income\n42,50000\n".repeat(1000));
const { md5 } = digestOf(bytes);
const key = `files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`;
const password = "l0ve:lace";
const ada = { user: "ada", password };

/** An error that can be put right, and names no secret. */
function userError(expected: RegExp) {
  return (error: Error): boolean => {
    assert.ok(error instanceof UserError && !(error instanceof Unreachable), String(error.stack));
    assert.match(error.message, expected);
    assert.ok(!error.message.includes(password) && !error.message.includes("ada:"), error.message);
    return true;
  };
}

describe("a web server", () => {
  it("is told who asks, and another one that it redirects to is not", () =>
    withServer(
      (_request, response) => response.end(bytes),
      (other) =>
        withServer(
          (request, response) => {
            const here = request.url === "/store/here";
            response.writeHead(302, { location: here ? "/store/there" : `${other.origin}/x?secret=1` }).end();
          },
          async (server) => {
            const basic = await http(`${server.origin}/store`, { auth: "basic", ...ada });
            assert.deepEqual(await buffer(basic.read("here")), bytes);
            const header = `Basic ${Buffer.from(`ada:${password}`).toString("base64")}`;
            assert.deepEqual(
              server.asked.map(({ headers }) => headers.authorization),
              [header, header],
            );
            const custom = { auth: "custom", custom_auth_header: "X-Token", password };
            assert.deepEqual(await buffer((await http(`${server.origin}/store`, custom)).read("x")), bytes);
            assert.equal(server.asked[2]?.headers["x-token"], password);
            for (const { headers, url } of other.asked) {
              assert.equal(url, "/x?secret=1");
              assert.equal(headers.authorization, undefined);
              assert.equal(headers["x-token"], undefined);
            }
            assert.equal(other.asked.length, 2);
          },
        ),
    ));

  it("is left where it redirects in a circle, or an upload", () =>
    withServer(
      (request, response) =>
        response.writeHead(request.method === "GET" ? 302 : 301, { location: request.url }).end(),
      async ({ origin }) => {
        const bucket = await http(origin);
        await assert.rejects(buffer(bucket.read(key)), userError(/redirects more than 5 times/));
        await assert.rejects(
          bucket.write(key, outgoing(bytes)),
          userError(/answers 301 Moved Permanently to POST/),
        );
      },
    ));

  it("is asked again from where it broke off, also where it knows no parts", async () => {
    for (const parts of [true, false]) {
      let count = 0;
      await withServer(
        (request, response) => {
          const from = parts ? Number(/\d+/.exec(request.headers.range ?? "0")?.[0]) : 0;
          const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
          response.writeHead(from > 0 ? 206 : 200, {
            "content-length": bytes.length - from,
            ...(from > 0 ? { "content-range": range } : {}),
          });
          count++;
          const end = count === 1 ? 7000 : count === 2 ? 11_000 : bytes.length;
          response.write(bytes.subarray(from, end), () => {
            if (end < bytes.length) response.destroy();
            else response.end();
          });
        },
        async ({ origin, asked }) => {
          const remote = bucketRemote(await http(origin));
          assert.deepEqual(await buffer(remote.read(md5)), bytes);
          assert.equal(asked.length, 3);
          if (parts) assert.equal(asked[2]?.headers.range, "bytes=11000-");
        },
      );
    }
  });

  it("is asked again where it is overloaded, and says for how long", () =>
    withServer(
      (request, response) => {
        const later = request.url?.endsWith("later");
        if (later) response.writeHead(429, { "retry-after": "7" }).end();
        else if (asked++ < 2) response.writeHead(asked === 1 ? 500 : 503).end("<html>");
        else response.end(bytes);
      },
      async ({ origin }) => {
        const bucket = await http(origin);
        assert.deepEqual(await buffer(bucketRemote(bucket).read(md5)), bytes);
        await assert.rejects(buffer(bucket.read("later")), (error: unknown) => {
          assert.ok(error instanceof Unreachable);
          assert.equal(error.after, 7000);
          assert.match(error.message, /^http:\S+ answers 429 Too Many Requests to GET later$/);
          return true;
        });
      },
    ));
  let asked = 0;

  it("is not believed where it shows a page to log in", () =>
    withServer(
      (_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<form>"),
      async ({ origin }) => {
        const bucket = await http(origin, { method: "PUT" });
        const remote = bucketRemote(bucket);
        await assert.rejects(
          buffer(remote.read(md5)),
          userError(/a web page where files\/md5\/\S+ should be/),
        );
        await assert.rejects(remote.send([sendingOf(bytes)]), userError(/finds what cannot be there/));
      },
    ));

  it("may keep web pages as objects", () => {
    const page = Buffer.from("<html>a page</html>");
    return withServer(
      (_request, response) => response.writeHead(200, { "content-type": "text/html" }).end(page),
      async ({ origin }) => {
        const remote = bucketRemote(await http(origin));
        assert.deepEqual(await buffer(remote.read(digestOf(page).md5)), page);
      },
    );
  });

  it("refuses in words that say what to do", async () => {
    const said: readonly (readonly [number, RegExp])[] = [
      [401, /answers 401 Unauthorized to POST \S+; check its user, password or token/],
      [403, /answers 403 Forbidden to POST/],
      [405, /`method` can be PUT or POST/],
      [413, /takes no file of this size/],
      [507, /no space left/],
      [418, /answers 418/],
    ];
    for (const [status, expected] of said) {
      await withServer(
        (_request, response) => response.writeHead(status, "<script>").end("x".repeat(1 << 20)),
        async ({ origin }) => {
          const at = origin.replace("//", `//ada:${encodeURIComponent(password)}@`);
          await assert.rejects((await http(at)).write(key, outgoing(bytes)), userError(expected));
        },
      );
    }
  });

  it("may refuse before it has read an upload, or answer it without an end", () =>
    withServer(
      (request, response) => {
        response.writeHead(request.url === "/early" ? 413 : 201);
        if (request.url === "/early") {
          response.end();
          return;
        }
        request.resume().on("end", () => {
          const more = setInterval(() => response.write("x".repeat(1 << 16)), 1);
          response.on("close", () => clearInterval(more));
        });
      },
      async ({ origin }) => {
        const bucket = await http(origin);
        const large = outgoing(...Array.from({ length: 64 }, () => Buffer.alloc(1 << 20)));
        await assert.rejects(bucket.write("early", large), UserError);
        await bucket.write("endless", outgoing(bytes));
      },
    ));

  it("is given up where it says nothing", () =>
    withServer(
      (_request, response) => void response,
      async ({ origin }) => {
        const bucket = await http(origin, { read_timeout: "0.2" });
        await assert.rejects(bucket.size(key), (error: unknown) => error instanceof Unreachable);
      },
    ));

  it("gets no whole upload of a source that breaks off or has other bytes than it said", async () => {
    const lacking: number[] = [];
    let arrived: () => void = () => {};
    await withServer(
      (request, response) => {
        let left = Number(request.headers["content-length"]);
        request.on("data", (chunk: Buffer) => {
          left -= chunk.length;
          arrived();
        });
        request.on("close", () => lacking.push(left));
        request.on("end", () => response.end());
      },
      async ({ origin }) => {
        const bucket = await http(origin);
        const sending = (size: number, end: () => void) => ({
          size,
          async *bytes() {
            const here = new Promise<void>((resolve) => {
              arrived = resolve;
            });
            yield bytes.subarray(0, 9000);
            yield bytes.subarray(9000, 18_000);
            await here;
            yield bytes.subarray(18_000);
            end();
          },
        });
        const wrong = sending(bytes.length, () => {
          throw new UserError("its bytes are wrong");
        });
        await assert.rejects(bucket.write(key, wrong), /its bytes are wrong/);
        for (const size of [bytes.length - 1, bytes.length + 1])
          await assert.rejects(
            bucket.write(
              key,
              sending(size, () => {}),
            ),
            userError(/changed while it was sent/),
          );
      },
    );
    assert.ok(lacking.length > 0 && lacking.every((left) => left > 0), `${lacking}`);
  });

  it("may not answer in another form, with other bytes, or not at all", () =>
    withServer(
      (request, response) => {
        if (request.url === "/zip") response.writeHead(200, { "content-encoding": "gzip" }).end("x");
        else if (request.url === "/part") response.writeHead(206, { "content-range": "bytes 9-" }).end("x");
        else if (request.url === "/end") response.writeHead(416).end();
        else response.writeHead(404).end("<html>");
      },
      async ({ origin }) => {
        const bucket = await http(origin);
        await assert.rejects(buffer(bucket.read("zip")), userError(/another form than was stored/));
        await assert.rejects(buffer(bucket.read("part", 5)), userError(/other bytes/));
        assert.equal(await text(bucket.read("end", 5)), "");
        await assert.rejects(buffer(bucket.read("missing")), new KeyMissing("missing", origin));
        assert.equal(await bucket.size("missing"), undefined);
      },
    ));

  it("says how large something is where it knows no HEAD", () =>
    withServer(
      (request, response) => {
        if (request.method === "HEAD") response.writeHead(405).end();
        else if (request.url === "/a") response.write("abc", () => response.end("de"));
        else response.writeHead(404).end();
      },
      async ({ origin }) => assert.equal(await (await http(origin)).size("a"), 5),
    ));

  it("takes a digest of the password, which is never sent", () =>
    withServer(
      (request, response) => {
        const said = request.headers.authorization ?? "";
        const part = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(said)?.[1] ?? "";
        const hash = (...parts: string[]): string =>
          createHash("sha256").update(parts.join(":")).digest("hex");
        const proof = hash(
          hash("ada", "models", password),
          ...["nonce", "nc", "cnonce"].map(part),
          "auth",
          hash(request.method ?? "", request.url ?? ""),
        );
        const challenge = `Digest realm="models", nonce="n${stale}", qop="auth,auth-int", algorithm=SHA-256`;
        if (part("response") !== proof) response.writeHead(401, { "www-authenticate": challenge }).end();
        else if (part("nonce") !== `n${stale}`)
          response.writeHead(401, { "www-authenticate": `${challenge}, stale=true` }).end();
        else request.resume().on("end", () => response.end("ok"));
      },
      async ({ origin, asked: all }) => {
        const bucket = await http(origin, { auth: "digest", ...ada });
        await bucket.write(key, outgoing(bytes));
        assert.deepEqual(
          all.map(({ method }) => method),
          ["HEAD", "HEAD", "POST"],
        );
        assert.deepEqual(await Promise.all([text(bucket.read("a")), text(bucket.read("b"))]), ["ok", "ok"]);
        stale++;
        assert.equal(await text(bucket.read("c")), "ok");
        const wrong = await http(origin, { auth: "digest", user: "ada", password: "wrong" });
        await assert.rejects(buffer(wrong.read("a")), userError(/401 Unauthorized/));
      },
    ));
  let stale = 0;
});

describe("the options of an HTTP remote", () => {
  const wrong = async (options: Record<string, string>, expected: RegExp, url = "https://a.example/x") =>
    assert.rejects(http(url, options), userError(expected));

  it("are DVC's, and no others", async () => {
    await wrong({ acl: "x" }, /^\.dvc\/config:3 "acl" of remote "store" is not known/);
    await wrong({ auth: "ntlm" }, /it can be basic, digest or custom/);
    await wrong({ auth: "basic", user: "ada" }, /is basic, which needs password or ask_password/);
    await wrong({ auth: "custom", password }, /needs custom_auth_header/);
    await wrong(
      { auth: "basic", user: "ada", ask_password: "true" },
      /the password of ada at a\.example is to be asked/,
    );
    await wrong({ method: "DELETE" }, /it can be POST, PUT or PATCH/);
    await wrong({ read_timeout: "0" }, /a number above 0/);
    await wrong({ ssl_verify: "nowhere.pem" }, /cannot be read from \/nowhere\.pem/);
    await wrong({ worktree: "true" }, /needs a store that keeps versions/);
    await wrong({}, /has a "\?"/, "https://a.example/x?token=l0ve:lace");
  });

  it("are not needed to say that it cannot be listed", async () => {
    const bucket = await http("https://ada:secret@a.example/x/");
    assert.equal(bucket.url, "https://a.example/x");
    await assert.rejects(all(bucket.list("")), userError(/a\.example\/x cannot be listed/));
  });
});
