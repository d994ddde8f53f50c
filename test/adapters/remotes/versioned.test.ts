import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { memoryBucket } from "../../../src/adapters/remotes/buckets/memory.ts";
import { versionedRemote } from "../../../src/adapters/remotes/versioned.ts";
import { placesOf } from "../../../src/artifacts/places.ts";
import type { Version } from "../../../src/artifacts/version.ts";
import { digestOf, type Md5 } from "../../../src/core/artifacts/digest.ts";
import { manifestOf } from "../../../src/core/artifacts/entry.ts";
import { printManifest } from "../../../src/core/artifacts/manifest.ts";
import { type Bucket, KeyMissing } from "../../../src/ports/bucket.ts";
import { ObjectDamaged, ObjectMissing } from "../../../src/ports/remote.ts";
import { outgoing } from "../../contracts/bucket.ts";

/** A bucket that keeps each version of a key, called v1, v2 and so on. */
function keeping(): Bucket {
  const versions = new Map<string, Uint8Array[]>();
  return {
    ...memoryBucket(),
    async size(key, version = "v0") {
      return versions.get(key)?.at(Number(version.slice(1)) - 1)?.length;
    },
    async lastVersion(key) {
      const kept = versions.get(key);
      const last = kept?.at(-1);
      if (kept === undefined || last === undefined) return undefined;
      const { md5 } = digestOf(last);
      return { etag: "e", version: `v${kept.length}`, size: last.length, md5 };
    },
    async *list(prefix) {
      for (const key of versions.keys()) if (key.startsWith(prefix)) yield { key, size: 0 };
    },
    async *read(key, from = 0, version = "v0") {
      const bytes = versions.get(key)?.at(Number(version.slice(1)) - 1);
      if (bytes === undefined) throw new KeyMissing(key, "memory:");
      yield bytes.subarray(from);
    },
    async writeVersion(key, bytes) {
      const kept = versions.get(key) ?? [];
      kept.push(await buffer(bytes.bytes()));
      versions.set(key, kept);
      return { etag: "e", version: `v${kept.length}` };
    },
  };
}

const old = digestOf("old\n").md5;
const young = digestOf("young\n").md5;
const told = (versionId: string, remote = "store") => ({ cloud: { remote, versionId, etag: "e" } });
const version = (path: string, name: Md5, more: Partial<Version>): Version => ({
  path,
  name,
  executable: false,
  cached: true,
  pushed: true,
  namedBy: `${path}.dvc`,
  ...more,
});

describe("a remote with real names", () => {
  const filled = async () => {
    const remote = versionedRemote(keeping(), "store");
    for (const [name, text] of [
      [old, "old\n"],
      [young, "young\n"],
    ] as const) {
      await remote.versions?.keep("data/a.txt", { name, object: outgoing(Buffer.from(text)) });
    }
    return remote.versions;
  };

  it("gives each version that a pointer names, and nothing that none names", async () => {
    const store = await filled();
    const remote = store?.knowing(placesOf([version("data/a.txt", old, told("v1"))], "store"));
    assert.ok(remote !== undefined);
    assert.equal((await buffer(remote.read(old))).toString(), "old\n");
    assert.deepEqual(await remote.present([old, young]), new Set([old]));
    await assert.rejects(buffer(remote.read(young)), new ObjectMissing(young, remote.url));
  });

  it("does not take a version for another, nor that of another remote", async () => {
    const store = await filled();
    const wrong = store?.knowing(placesOf([version("data/a.txt", old, told("v2"))], "store"));
    assert.ok(wrong !== undefined);
    await assert.rejects(buffer(wrong.read(old)), ObjectDamaged);
    assert.deepEqual(placesOf([version("data/a.txt", old, told("v1", "other"))], "store"), []);
  });

  it("makes a directory's manifest of what the pointer lists", async () => {
    const files = [{ relpath: "a.txt", name: young, executable: false, ...told("v2") }];
    const manifest = printManifest(manifestOf(files) ?? []);
    const name = `${digestOf(manifest).md5}.dir` as Md5;
    const remote = (await filled())?.knowing(placesOf([version("data", name, { files })], "store"));
    assert.ok(remote !== undefined);
    assert.equal((await buffer(remote.read(name))).toString(), manifest.toString());
    assert.equal((await buffer(remote.read(young))).toString(), "young\n");
    assert.deepEqual(await remote.present([name]), new Set([name]));
    const { cloud: _, ...lost } = { ...told(""), relpath: "b.txt", name: old, executable: false };
    const more = [...files, lost];
    const whole = printManifest(manifestOf(more) ?? []);
    const partial = `${digestOf(whole).md5}.dir` as Md5;
    const knows = remote.versions?.knowing(placesOf([version("data", partial, { files: more })], "store"));
    assert.ok(knows !== undefined);
    assert.equal((await buffer(knows.read(partial))).toString(), whole.toString());
    assert.deepEqual(await knows.present([partial, young, old]), new Set([young]), "not all of it is there");
  });

  it("asks for each version whether it is there still, and lists those that are", async () => {
    const store = await filled();
    const both = [version("data/a.txt", old, told("v1")), version("data/b.txt", young, told("v7"))];
    const remote = store?.knowing(placesOf(both, "store"));
    assert.deepEqual(await remote?.present([old, young]), new Set([old]));
    const found: unknown[] = [];
    for await (const one of remote?.list() ?? []) found.push(one);
    assert.deepEqual(found, [{ name: old, size: 4 }]);
    const copies = [version("data/gone.txt", old, told("v7")), version("data/a.txt", old, told("v1"))];
    const twice = store?.knowing(placesOf(copies, "store"));
    assert.ok(twice !== undefined);
    assert.equal((await buffer(twice.read(old))).toString(), "old\n", "from the copy that is left");
  });

  it("knows the last version of a file by its bytes", async () => {
    const store = await filled();
    const size = "young\n".length;
    assert.deepEqual(await store?.last("data/a.txt", { size, md5: young }), { etag: "e", version: "v2" });
    assert.equal(await store?.last("data/a.txt", { size: 4, md5: old }), undefined);
    assert.equal(await store?.last("data/none.txt", { size, md5: young }), undefined);
    assert.deepEqual(await store?.keys("data/"), new Set(["data/a.txt"]));
  });

  it("takes no object without its path, and lists and removes none", async () => {
    const remote = versionedRemote(keeping(), "store");
    const trouble = /keeps files under their real names/;
    await assert.rejects(remote.send([{ name: old, object: outgoing(Buffer.from("old\n")) }]), trouble);
    await assert.rejects(remote.remove([old]), trouble);
    await assert.rejects(async () => {
      for await (const _ of remote.list());
    }, trouble);
    const lying = { name: young, object: outgoing(Buffer.from("old\n")) };
    await assert.rejects(async () => remote.versions?.keep("data/a.txt", lying), /damaged/);
  });
});
