import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseContract } from "../../../src/config/parse.ts";
import {
  agreedPack,
  agreedRemote,
  artifactsPack,
  artifactsRemote,
  trustedRemote,
} from "../../../src/core/artifacts/artifacts-remote.ts";
import { NoRemoteSet } from "../../../src/core/artifacts/dvc-config.ts";
import { registryAddress } from "../../../src/core/artifacts/registry-address.ts";

describe("the remote that contracts name", () => {
  it("is found on its line, however it is written", () => {
    for (const text of [
      "model: a\nartifacts: { remote: oci://ghcr.io/acme/a }\n",
      'model: a\nartifacts:\n  remote: "oci://ghcr.io/acme/a"\n',
      '{ "model": "a",\n"artifacts": { "remote": "oci://ghcr.io/acme/a" } }\n',
    ]) {
      const found = artifactsRemote(text, "trainyard.yaml");
      assert.equal(found?.value, "oci://ghcr.io/acme/a");
      assert.ok(found?.at.line === 2 || found?.at.line === 3);
    }
    assert.equal(artifactsRemote("model: a\nplan: { problem: artifacts }\n", "t"), undefined);
  });

  it("is refused where it is no text, or stands twice", () => {
    assert.throws(
      () => artifactsRemote("artifacts: { remote: [a] }\n", "t.yaml"),
      /^UserError: t\.yaml:1 "artifacts" is not/,
    );
    assert.throws(() => artifactsRemote("artifacts: x\n", "t.yaml"), /t\.yaml:1/);
    assert.throws(
      () => artifactsRemote("artifacts: { remote: a }\nartifacts: { remote: b }\n", "t.yaml"),
      /t\.yaml:2 cannot be read/,
    );
  });

  it("is one", () => {
    const a = { value: "oci://h/a", at: { file: "a/trainyard.yaml", line: 2 } };
    const b = { value: "oci://h/b", at: { file: "b/trainyard.yaml", line: 3 } };
    assert.equal(agreedRemote([a, { ...a, at: b.at }]), a);
    assert.throws(
      () => agreedRemote([a, b]),
      /b\/trainyard\.yaml:3 artifacts\.remote is oci:\/\/h\/b, and oci:\/\/h\/a in a\//,
    );
    assert.throws(() => agreedRemote([]), NoRemoteSet);
    assert.deepEqual(trustedRemote([{ text: "artifacts: [", file: "t.yaml" }]).remote, null);
  });

  for (const [url, wrong] of [
    ["s3://bucket/x", /is no repository of a registry/],
    ["oci://ghcr.io", /is no repository/],
    ["oci://user:pass@ghcr.io/acme/a", /holds a login/],
    ["oci://ghcr.io/acme/../a", /is no name of a repository/],
    ["oci://ghcr.io/acme//a", /is no name/],
    ["oci://ghcr.io/acme/a@sha256:0", /without tag and digest/],
    ["oci://ghcr.io/Acme/a", /upper-case/],
    ["oci://gh cr.io/acme/a", /names no host/],
    ["oci://ghcr.io/acme/a?x=1", /is no name/],
    [`oci://ghcr.io/${"a".repeat(300)}`, /is no name/],
  ] as const) {
    it(`is not ${url.slice(0, 40)}`, () => {
      assert.throws(() => registryAddress(url), wrong);
    });
  }

  it("speaks plainly with this machine alone", () => {
    for (const host of ["localhost:5000", "127.0.0.1:5000", "127.9.9.9", "[::1]:5000"])
      assert.match(registryAddress(`oci://${host}/a`).origin, /^http:/);
    for (const host of ["127.0.0.1.evil.com", "localhost.evil.com", "10.0.0.1", "ghcr.io"])
      assert.match(registryAddress(`oci://${host}/a`).origin, /^https:/);
  });

  it("is a part of the contract", () => {
    const head =
      "model: a\ntask: regression\ndata: { sources: { t: t.csv }, roles: { label: y } }\nfeatures: [{ keep: [a] }]\ntrain: { with: linear }\n";
    const said = (text: string): string => {
      try {
        parseContract(`${head}${text}`, "trainyard.yaml");
        return "";
      } catch (error) {
        return String(error);
      }
    };
    assert.doesNotMatch(said("artifacts: { remote: oci://ghcr.io/acme/a }\n"), /artifacts/);
    assert.match(said("artifacts: { remote: s3://b/a }\n"), /is no repository of a registry/);
    assert.match(said("artifacts: { remotes: x }\n"), /remotes/);
    assert.doesNotMatch(said("artifacts: { pack: true }\n"), /artifacts/);
    assert.match(said("artifacts: { pack: 9000000 }\n"), /at most 8388608/);
    assert.match(said("artifacts: {}\n"), /neither remote nor pack/);
  });
});

describe("what contracts say of packs", () => {
  const pack = (value: string): number | undefined =>
    artifactsPack(`model: a\nartifacts: { pack: ${value} }\n`, "t.yaml")?.value;

  it("is read beside a remote, or without one", () => {
    assert.deepEqual([pack("true"), pack("false"), pack("4096")], [1 << 20, 0, 4096]);
    assert.equal(pack("true, remote: oci://h/a"), 1 << 20);
    assert.equal(artifactsRemote("artifacts: { pack: true }\n", "t.yaml"), undefined);
    assert.equal(artifactsPack("artifacts: { remote: oci://h/a }\n", "t.yaml"), undefined);
  });

  it("is refused where it is no size", () => {
    for (const wrong of ["yes", "-1", "1.5", "9000000", "[1]", ".nan"]) {
      assert.throws(() => pack(wrong), /^UserError: t\.yaml:2 artifacts\.pack is not true, false, or/);
    }
  });

  it("is the same in all contracts, and where it is not, a laid-out change packs nothing", () => {
    const a = { value: 0, at: { file: "a/trainyard.yaml", line: 2 } };
    assert.equal(agreedPack([]), undefined);
    assert.equal(agreedPack([a, a]), 0);
    assert.throws(
      () => agreedPack([a, { ...a, value: 4096 }]),
      /artifacts\.pack is 4096 bytes, and 0 in a\//,
    );
    const text = (value: number) => ({ text: `artifacts: { pack: ${value} }\n`, file: "t.yaml" });
    assert.equal(trustedRemote([text(1), text(1)]).pack, 1);
    assert.equal(trustedRemote([text(1), text(2)]).pack, undefined);
  });
});
