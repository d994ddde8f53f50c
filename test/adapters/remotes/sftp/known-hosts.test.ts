import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acquaintance,
  fingerprint,
  keyType,
  knownHosts,
  linesOf,
  matchesHost,
} from "../../../../src/adapters/remotes/sftp/known-hosts.ts";

// Made by ssh-keygen of OpenSSH 9.2: -t ed25519, -H and -lf.
const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIPsvDTBdTAhMXNcA1DmP14ONjd6ouavyEuizvsaDqMhZ";
const HASHED = `|1|x70ZLkU5CR8e4gyYt2XPAVDoWKs=|lghBFipO4Wnqm9w3p0lH5MUHkOo= ssh-ed25519 ${KEY}
|1|xGSV1PIjAL7keCm4/5qEBucQL78=|B1NcdNgdr9ZGqVhMEytgADxCUeg= ssh-ed25519 ${KEY}
`;
const key = Buffer.from(KEY, "base64");
const other = Buffer.from("AAAAC3NzaC1lZDI1NTE5AAAAIGAvDTBdTAhMXNcA1DmP14ONjd6ouavyEuizvsaDqMhZ", "base64");
const known = (text: string, host: string, port = 22, shown = key) =>
  acquaintance(linesOf(knownHosts(text, "known_hosts"), host, port), shown);

test("a hashed host is known by its name and port alone", () => {
  assert.deepEqual(known(HASHED, "gpu.example.com"), { known: "yes" });
  assert.deepEqual(known(HASHED, "GPU.example.com", 2222), { known: "yes" });
  assert.deepEqual(known(HASHED, "gpu.example.com", 2223), { known: "no" });
  assert.deepEqual(known(HASHED, "other.example.com"), { known: "no" });
});

test("a host is known by patterns, another key is a change, and a revoked one counts most", () => {
  const text = `# a comment\nbroken\n*.example.com,!bad.example.com ssh-ed25519 ${KEY} someone\n`;
  assert.deepEqual(known(text, "a.example.com"), { known: "yes" });
  assert.deepEqual(known(text, "bad.example.com"), { known: "no" });
  assert.deepEqual(known(text, "a.example.com", 22, other), { known: "changed", at: "known_hosts:3" });
  const revoked = `${text}@revoked * ssh-ed25519 ${KEY}\n`;
  assert.deepEqual(known(revoked, "a.example.com"), { known: "revoked", at: "known_hosts:4" });
  assert.deepEqual(known(`@cert-authority * ssh-ed25519 ${KEY}\n`, "a.example.com"), { known: "no" });
});

test("a key says what it is, and is shown as ssh shows it", () => {
  assert.equal(keyType(key), "ssh-ed25519");
  assert.equal(keyType(Buffer.from([0xff, 0xff, 0xff, 0xff])), "");
  assert.equal(fingerprint(key), "SHA256:pTWvXcyheuKims/Jr7i0Qw5eqN3xQBnaWimKIx8uhVk");
});

test("patterns take no longer for being long", () => {
  assert.equal(matchesHost([`${"*a".repeat(200)}b`], "a".repeat(200)), false);
  assert.equal(matchesHost(["10.0.?.1"], "10.0.7.1"), true);
});
