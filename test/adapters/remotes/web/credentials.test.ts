import assert from "node:assert/strict";
import { test } from "node:test";
import { digestCredentials } from "../../../../src/adapters/remotes/web/credentials.ts";

test("a digest is that of RFC 2617's example", () => {
  const credentials = digestCredentials("Mufasa", "Circle Of Life", (() =>
    Buffer.from("0a4f113b", "hex")) as unknown as typeof import("node:crypto").randomBytes);
  assert.equal(credentials.unchallenged?.(), true);
  const challenge =
    'Basic realm="x", Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
  assert.equal(credentials.challenged?.(challenge, {}), true);
  const { authorization = "" } = credentials.headers("GET", "/dir/index.html");
  assert.match(authorization, /^Digest username="Mufasa", realm="testrealm@host\.com", /);
  assert.match(authorization, /response="6629fae49393a05397450978507c4ef1"/);
  assert.match(authorization, /nc=00000001, cnonce="0a4f113b", opaque="5ccc069c403ebaf9f0171e9517f40e41"$/);
});

test("a challenge that cannot be answered is none", () => {
  const credentials = digestCredentials("ada", "x");
  for (const challenge of [
    'Basic realm="x"',
    "Digest realm=x",
    'Digest nonce="1", algorithm=SHA-512-256',
    'Digest nonce="1", qop="auth-int"',
  ])
    assert.equal(credentials.challenged?.(challenge, {}), false, challenge);
});
