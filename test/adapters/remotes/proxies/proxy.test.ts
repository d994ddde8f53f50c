import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { openS3 } from "../../../../src/adapters/remotes/buckets/s3.ts";
import { proxyOf } from "../../../../src/adapters/remotes/proxies/proxy.ts";
import { netrcLogin } from "../../../../src/adapters/remotes/web/netrc.ts";
import { UserError } from "../../../../src/errors.ts";
import { setting, withServer } from "../web/server.ts";

/** What `urllib.request.proxy_bypass_environment` of Python 3.11 says of a host and a `no_proxy`. */
const BYPASSED: readonly (readonly [host: string, list: string, bypassed: boolean])[] = [
  ["a.example", "example", true],
  ["a.example", ".example", true],
  ["example", "example", true],
  ["badexample", "example", false],
  ["a.example", "b.example, A.Example", true],
  ["a.example:8443", "a.example:8443", true],
  ["a.example", "*", true],
  ["a.example", "", false],
  ["a.example", "*,b", false],
  ["10.0.0.1", "0.0.1", true],
  ["127.0.0.1", "127.0.0.0/8", false],
];

describe("a proxy of the environment", () => {
  it("is passed by as Python passes it by", () => {
    for (const [host, no_proxy, bypassed] of BYPASSED) {
      const found = proxyOf(`https://${host}/x`, { https_proxy: "http://proxy:3128", no_proxy });
      assert.equal(found === undefined, bypassed, `${host} with no_proxy "${no_proxy}"`);
    }
  });

  it("is that of the url's scheme, in small letters first, and none that a web server was asked with", () => {
    const both = { HTTP_PROXY: "http://large", http_proxy: "http://small:1", HTTPS_PROXY: "https://safe" };
    assert.equal(proxyOf("http://a.example", both)?.shown, "http://small:1");
    assert.deepEqual(proxyOf("https://a.example", both), {
      shown: "https://safe",
      secure: true,
      host: "safe",
      port: 443,
      headers: {},
    });
    assert.equal(proxyOf("http://a.example", { HTTP_PROXY: "http://large", http_proxy: "" }), undefined);
    assert.equal(proxyOf("http://a.example", { HTTP_PROXY: "http://x", REQUEST_METHOD: "GET" }), undefined);
    assert.equal(proxyOf("ftp://a.example", {}), undefined);
  });

  it("is refused in a sentence without its password where it cannot be spoken to", () => {
    for (const wrong of ["socks5://ada:s3cret@h:1", "http://", "http://ada:s3cret@"]) {
      assert.throws(
        () => proxyOf("https://a.example", { HTTPS_PROXY: wrong }),
        (error: Error) =>
          error instanceof UserError && /HTTPS_PROXY/.test(error.message) && !/s3cret/.test(error.message),
      );
    }
  });

  it("passes on what is asked of S3, which hears nothing of the proxy's password", () =>
    withServer(
      (request, response) => {
        const part = Buffer.from("bytes");
        const headers = { etag: '"e"', "content-range": `bytes 0-4/5`, "content-length": "5" };
        if (request.method === "HEAD") response.writeHead(200, headers).end();
        else response.writeHead(206, headers).end(part);
      },
      async ({ origin, asked }) => {
        const keys = { access_key_id: "K", secret_access_key: "S", region: "eu-central-1" };
        const options = { ...keys, endpointurl: "http://s3.example:9000" };
        const proxy = origin.replace("//", "//bob:p%3Aw@");
        const bucket = await openS3(setting("s3://models/wages", options), { http_proxy: proxy }, "/");
        assert.equal(await bucket.size("a"), 5);
        assert.equal((await buffer(bucket.read("a"))).toString(), "bytes");
        await bucket.close();
        for (const { url, headers } of asked) {
          assert.equal(url, "http://s3.example:9000/models/wages/a");
          assert.equal(headers.host, "s3.example:9000");
          assert.match(headers.authorization ?? "", /SignedHeaders=host/);
          assert.equal(headers["proxy-authorization"], `Basic ${Buffer.from("bob:p:w").toString("base64")}`);
        }
        assert.equal(asked.length, 2);
      },
    ));
});

const NETRC = `# mine
machine a.example login ada password s3cret
machine b.example
  login "b b" password "p#w \\" x" account z
machine c.example password only
macdef init
machine d.example login no password no

machine e.example login eve password e
default login dd password dd
`;

describe("a .netrc", () => {
  it("says who is who as Python's netrc reads it, except for hosts that it does not name", () => {
    const login = (host: string) => netrcLogin(NETRC, `${host}.example`);
    assert.deepEqual(login("a"), { user: "ada", password: "s3cret" });
    assert.deepEqual(login("A"), { user: "ada", password: "s3cret" });
    assert.deepEqual(login("b"), { user: "b b", password: 'p#w " x' });
    assert.deepEqual(login("c"), { user: "", password: "only" });
    assert.equal(login("d"), undefined, "a macro");
    assert.deepEqual(login("e"), { user: "eve", password: "e" });
    assert.equal(login("f"), undefined);
  });
});
