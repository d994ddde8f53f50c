import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { bucketRemote } from "../../src/adapters/remotes/bucket-remote.ts";
import { folderBucket } from "../../src/adapters/remotes/buckets/folder.ts";
import { memoryBucket } from "../../src/adapters/remotes/buckets/memory.ts";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { cloudStatus } from "../../src/artifacts/cloud.ts";
import { fetchVersions } from "../../src/artifacts/fetch.ts";
import { fetchAll } from "../../src/artifacts/fetch-all.ts";
import { pull } from "../../src/artifacts/pull.ts";
import { push } from "../../src/artifacts/push.ts";
import { sendAll } from "../../src/artifacts/send-all.ts";
import {
  digestOf,
  legacyMd5,
  type Md5,
  type ObjectName,
  objectPath,
  type Sha256,
} from "../../src/core/artifacts/digest.ts";
import { digestRows } from "../../src/core/artifacts/digest-table.ts";
import { parseVoucher, printVoucher, voucherPath } from "../../src/core/artifacts/voucher.ts";
import { type Bucket, KeyMissing } from "../../src/ports/bucket.ts";
import { ObjectForged } from "../../src/ports/remote.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { COLLISION, failing, seeded } from "./failing.ts";
import { git, silent, temporaryFolder, temporaryWorkspace, write } from "./temporary.ts";

/** A bucket that writes down what is asked of it. */
function counted(bucket: Bucket): { bucket: Bucket; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    bucket: {
      ...bucket,
      async size(key) {
        asked.push(`size ${key}`);
        return bucket.size(key);
      },
      async *list(prefix) {
        asked.push(`list ${prefix}`);
        yield* bucket.list(prefix);
      },
      read(key, from) {
        asked.push(`read ${key}${from ? ` from ${from}` : ""}`);
        return bucket.read(key, from);
      },
      async write(key, bytes) {
        await bucket.write(key, bytes);
        asked.push(`write ${key}`);
      },
    },
  };
}

/** The cache of another clone, with nothing in it. */
async function emptyCache(): Promise<Workspace["cache"]> {
  const { workspace } = await temporaryWorkspace();
  return workspace.cache;
}

describe("a batch", () => {
  it("asks once, sends each object once, and shows a manifest after its files and its voucher", async () => {
    const { workspace } = await temporaryWorkspace({
      "data/d/x": "1",
      "data/d/y": "2",
      "data/e/x": "1",
      "data/z": "1",
    });
    const d = await add(workspace, "data/d");
    const e = await add(workspace, "data/e");
    const z = await add(workspace, "data/z");
    const { bucket, asked } = counted(memoryBucket());
    const wanted = [d, e, z].map(({ md5 }) => ({ name: md5 }));
    const sent = await sendAll(wanted, workspace.cache, bucketRemote(bucket));
    assert.deepEqual(
      { ...sent, lacking: [...sent.lacking] },
      { objects: 4, bytes: 2 + 122 + 61, lacking: [] },
    );
    const writes = asked.filter((line) => line.startsWith("write ")).map((line) => line.slice(6));
    assert.deepEqual(writes.slice(-2).sort(), [objectPath(d.md5), objectPath(e.md5)].sort());
    assert.ok(writes.indexOf(voucherPath(z.md5)) < writes.indexOf(objectPath(z.md5)));
    assert.ok(writes.indexOf(voucherPath(d.md5)) < writes.length - 2);
    asked.length = 0;
    await sendAll(wanted, workspace.cache, bucketRemote(bucket));
    assert.deepEqual(asked.sort(), wanted.map(({ name }) => `size ${objectPath(name)}`).sort());
    const cache = await emptyCache();
    asked.length = 0;
    const fetched = await fetchAll(wanted, cache, bucketRemote(bucket));
    assert.equal(fetched.objects, 4);
    const reads = asked.filter((line) => line.includes("files/md5")).map((line) => line.slice(5));
    assert.deepEqual(reads.slice(0, 2).sort(), [objectPath(d.md5), objectPath(e.md5)].sort());
    assert.equal(reads.length, 4);
    for (const { name } of wanted) assert.equal(await cache.complete(name), true);
  });

  it("holds a manifest back of which a file is nowhere, and sends the others", async () => {
    const { folder, workspace } = await temporaryWorkspace({
      "data/d/x": "1",
      "data/d/y": "2",
      "data/z": "3",
    });
    const d = await add(workspace, "data/d");
    const z = await add(workspace, "data/z");
    const lost = digestOf("2").md5;
    workspace.cache.drop(lost);
    rmSync(join(folder, "data/d"), { recursive: true });
    const remote = bucketRemote(memoryBucket());
    const sent = await sendAll([{ name: d.md5 }, { name: z.md5 }], workspace.cache, remote);
    assert.deepEqual([...sent.lacking], [[d.md5, lost]]);
    assert.equal(await remote.has(d.md5), false);
    assert.equal(await remote.has(z.md5), true);
    assert.equal(await remote.vouched(d.md5), undefined);
  });

  it("does not rest on the manifest where all objects are asked for", async () => {
    const { workspace, store } = await temporaryWorkspace({ "data/d/x": "1", "data/d/y": "2" });
    await add(workspace, "data/d");
    await push(workspace);
    rmSync(join(store, objectPath(digestOf("1").md5)));
    assert.equal((await push(workspace)).objects, 0);
    assert.equal((await push(workspace, { allObjects: true })).objects, 1);
    assert.equal(existsSync(join(store, objectPath(digestOf("1").md5))), true);
  });

  it("lists a bucket of few objects, asks a bucket of many, and asks where it cannot be listed", async () => {
    const names = Array.from({ length: 600 }, (_, index) => digestOf(`${index}`).md5);
    const objects = new Map<string, Uint8Array>();
    for (const name of names.slice(0, 300)) objects.set(objectPath(name), Buffer.from("x"));
    const wanted = new Set(names.slice(0, 300));
    const small = counted(memoryBucket(objects));
    assert.deepEqual(await bucketRemote(small.bucket).present(names), wanted);
    assert.equal(small.asked.filter((line) => line.startsWith("size ")).length, 0);
    assert.ok(small.asked.length <= 257);
    const silent = counted({ ...memoryBucket(objects), lists: false });
    assert.deepEqual(await bucketRemote(silent.bucket).present(names), wanted);
    assert.equal(silent.asked.length, 600);
    for (let index = 0; index < 1000; index++) {
      objects.set(`files/md5/${names[0]?.slice(0, 2)}/0${String(index).padStart(29, "0")}`, Buffer.from("x"));
    }
    const large = counted(memoryBucket(objects));
    assert.deepEqual(await bucketRemote(large.bucket).present(names), wanted);
    assert.equal(large.asked.filter((line) => line.startsWith("size ")).length, 600);
  });
});

describe("sha256", () => {
  const [good, evil] = COLLISION;
  const name = digestOf(good).md5;

  it("stands beside every version that was pushed, of a directory for each of its files", async () => {
    const { workspace, store } = await temporaryWorkspace({
      "data/d/x": "1",
      "data/d/y": "2",
      "data/z": "3",
    });
    const d = await workspace.cache.put(join(workspace.root, "data/d"));
    await add(workspace, "data/d");
    const z = await add(workspace, "data/z");
    await push(workspace);
    const file = parseVoucher(readFileSync(join(store, voucherPath(z.md5))), "z");
    assert.deepEqual(file, { sha256: digestOf("3").sha256 });
    const directory = parseVoucher(readFileSync(join(store, voucherPath(d.md5))), "d");
    assert.equal(directory.sha256, d.sha256);
    assert.equal(directory.files?.rows, 2);
    assert.equal(directory.files?.get(digestOf("2").md5), digestOf("2").sha256);
    assert.equal(directory.files?.get(digestOf("3").md5), undefined);
  });

  it("catches other bytes with the same md5", async () => {
    assert.equal(digestOf(evil).md5, name);
    const { folder, workspace, store } = await temporaryWorkspace();
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "data/a"), good);
    await add(workspace, "data/a");
    await push(workspace);
    chmodSync(join(store, objectPath(name)), 0o644);
    writeFileSync(join(store, objectPath(name)), evil);
    rmSync(join(folder, "data/a"));
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    await assert.rejects(
      pull(workspace),
      new ObjectForged(name, digestOf(evil).sha256, digestOf(good).sha256),
    );
    assert.equal(await workspace.cache.has(name), false);
    assert.equal(existsSync(join(folder, "data/a")), false);
  });

  it("refuses a forged voucher, says how to mend it, and is mended so", async () => {
    const { folder, workspace, store } = await temporaryWorkspace({ "data/d/x": "1", "data/z": "3" });
    const d = await add(workspace, "data/d");
    const z = await add(workspace, "data/z");
    await push(workspace);
    const forge = (md5: Md5, bytes: Uint8Array) => {
      const path = join(store, voucherPath(md5));
      chmodSync(path, 0o644);
      writeFileSync(path, bytes);
    };
    const wrong = "0".repeat(64) as Sha256;
    const forget = () => {
      rmSync(join(folder, ".dvc/cache"), { recursive: true, force: true });
      rmSync(join(folder, "data/d"), { recursive: true, force: true });
      rmSync(join(folder, "data/z"), { force: true });
    };
    const rows = digestRows();
    rows.add(digestOf("1").md5, wrong);
    const forgeries: readonly (readonly [Md5, Uint8Array, RegExp])[] = [
      [
        z.md5,
        printVoucher({ sha256: wrong }),
        /has sha256 .*, and 0{64} was vouched for: .*remove it from the remote, and run `trainyard push --all-objects`/,
      ],
      [
        d.md5,
        printVoucher({ sha256: wrong }),
        /manifest or voucher were exchanged; .*`trainyard push --all-objects`/,
      ],
      [d.md5, printVoucher({ sha256: wrong, files: rows.table() }), /manifest or voucher were exchanged/],
      [d.md5, Buffer.from("<html>"), /is no voucher; .*`trainyard push --all-objects`/],
    ];
    for (const [md5, bytes, message] of forgeries) {
      forge(md5, bytes);
      forget();
      await assert.rejects(pull(workspace), { name: "UserError", message });
      assert.equal(existsSync(join(folder, md5 === z.md5 ? "data/z" : "data/d")), false);
      assert.equal(existsSync(join(folder, md5 === z.md5 ? "data/d" : "data/z")), true); // the others come
      forget();
      write(folder, { "data/d/x": "1", "data/z": "3" });
      await push(workspace, { allObjects: true });
      forget();
      assert.deepEqual((await pull(workspace)).written, ["data/d", "data/z"]);
    }
  });

  it("is not needed for what DVC pushed", async () => {
    const { folder, workspace, store } = await temporaryWorkspace({ "data/d/x": "1" });
    await add(workspace, "data/d");
    await push(workspace);
    rmSync(join(store, "trainyard"), { recursive: true });
    rmSync(join(folder, "data/d"), { recursive: true });
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    assert.deepEqual((await pull(workspace)).written, ["data/d"]);
  });
});

describe("a bad line", () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`data/d/${index}`, `${index}\n`.repeat(index * 500)]),
  );

  it("costs tries, and leaves everything whole on both ends", async () => {
    const { workspace } = await temporaryWorkspace(files);
    const { md5 } = await add(workspace, "data/d");
    for (const seed of [1, 2, 3]) {
      const objects = new Map<string, Uint8Array>();
      const random = seeded(seed);
      const remote = bucketRemote(failing(memoryBucket(objects), { silent: 0.08, halves: 0.08, random }));
      await sendAll([{ name: md5 }], workspace.cache, remote);
      for (const [key, bytes] of objects) {
        if (key.startsWith("files/")) assert.equal(objectPath(digestOf(bytes).md5), key.replace(".dir", ""));
      }
      const cache = await emptyCache();
      const { failed } = await fetchAll([{ name: md5 }], cache, remote);
      assert.equal(failed.size, 0);
      assert.equal(await cache.complete(md5), true);
      for await (const { name } of cache.list()) await cache.sha256(name); // holds it to its name
    }
  });

  it("brings no login page into the cache", async () => {
    const { workspace } = await temporaryWorkspace(files);
    const { md5 } = await add(workspace, "data/d");
    const bucket = memoryBucket();
    await sendAll([{ name: md5 }], workspace.cache, bucketRemote(bucket));
    const cache = await emptyCache();
    const pages = bucketRemote(failing(bucket, { pages: 0.3, random: seeded(5) }));
    let rounds = 0;
    for (; rounds < 50 && !(await cache.complete(md5)); rounds++) {
      const { failed } = await fetchAll([{ name: md5 }], cache, pages);
      if (failed.size > 0)
        assert.match(failed.get(md5)?.message ?? "", /memory: is damaged: its bytes have md5|is no voucher/);
      for await (const { name } of cache.list()) await cache.sha256(name);
    }
    assert.ok(rounds > 1 && rounds < 50, `${rounds} rounds`);
  });
});

describe("a download that broke off", () => {
  const large = Buffer.alloc(5 << 20, "0123456789abcdef!");
  const { md5: name } = digestOf(large);

  /** A remote whose large object breaks off after so many bytes, for good. */
  function broken(after: number) {
    const objects = new Map([[objectPath(name), large as Uint8Array]]);
    const whole = memoryBucket(objects);
    return bucketRemote({
      ...whole,
      async *read(key, from = 0) {
        if (key !== objectPath(name)) throw new KeyMissing(key, whole.url);
        if (from < after) yield large.subarray(from, after);
        throw new Error("the plug was pulled");
      },
    });
  }

  const partial = (cache: Workspace["cache"]): string[] => {
    const folder = join(cache.url, "trainyard", "partial");
    return existsSync(folder) ? readdirSync(folder).map((entry) => join(folder, entry)) : [];
  };
  /** As another process finds it after this one was killed. */
  const abandon = (cache: Workspace["cache"]): void => {
    for (const path of partial(cache)) {
      const left = join(dirname(path), `2147483646-x.${path.split(".").at(-1)}`);
      writeFileSync(left, readFileSync(path));
      rmSync(path);
    }
  };

  it("goes on where it was, and drops a part that turns out to be wrong", async () => {
    for (const spoil of [false, true]) {
      const { workspace, folder } = await temporaryWorkspace();
      await assert.rejects(fetchAll([{ name }], workspace.cache, broken(3 << 20)), /the plug was pulled/);
      assert.equal(partial(workspace.cache).length, 1);
      assert.equal(await workspace.cache.has(name), false);
      abandon(workspace.cache);
      const [left = ""] = partial(workspace.cache);
      const size = readFileSync(left).length;
      assert.ok(size > 1 << 20 && size <= 3 << 20);
      if (spoil) writeFileSync(left, Buffer.alloc(size, "x"));
      const { bucket, asked } = counted(memoryBucket(new Map([[objectPath(name), large]])));
      const { cache } = await openWorkspace(folder, silent());
      const { failed } = await fetchAll([{ name }], cache, bucketRemote(bucket));
      assert.deepEqual([...failed], []);
      const reads = asked.filter((line) => line.startsWith("read files"));
      const on = `read ${objectPath(name)} from ${size}`;
      assert.deepEqual(reads, spoil ? [on, `read ${objectPath(name)}`] : [on]);
      assert.equal(await cache.sha256(name), digestOf(large).sha256);
      assert.deepEqual(partial(cache), []);
    }
  });

  it("is begun anew where the part is longer than the object", async () => {
    const { workspace } = await temporaryWorkspace();
    const left = join(workspace.cache.url, "trainyard", "partial", `2147483646-x.${name}`);
    mkdirSync(dirname(left), { recursive: true });
    writeFileSync(left, Buffer.alloc(6 << 20));
    const remote = bucketRemote(memoryBucket(new Map([[objectPath(name), large]])));
    assert.equal((await fetchAll([{ name }], workspace.cache, remote)).failed.size, 0);
    assert.equal(await workspace.cache.has(name), true);
  });

  it("keeps nothing of wrong bytes, however many", async () => {
    const { workspace } = await temporaryWorkspace();
    const wrong = Buffer.alloc(5 << 20, "wrong");
    for (const bucket of [
      memoryBucket(new Map([[objectPath(name), wrong]])),
      folderBucket(join(temporaryFolder(), "store")),
    ]) {
      await bucket.write(objectPath(name), {
        size: wrong.length,
        bytes: async function* () {
          yield wrong;
        },
      });
      const { failed } = await fetchAll([{ name }], workspace.cache, bucketRemote(bucket));
      assert.match(failed.get(name)?.message ?? "", /is damaged: its bytes have md5/);
      assert.equal(await workspace.cache.has(name), false);
      assert.deepEqual(partial(workspace.cache), []);
    }
  });
});

describe("what DVC 2 named", () => {
  it("lies elsewhere, is vouched for, and is held to its name as DVC 2 made it", async () => {
    const bytes = Buffer.from("a,b\r\n1,2\r\n");
    const name = legacyMd5(digestOf("a,b\n1,2\n").md5) as ObjectName;
    const { workspace } = await temporaryWorkspace();
    const objects = new Map<string, Uint8Array>([[objectPath(name), bytes]]);
    const remote = bucketRemote(memoryBucket(objects));
    assert.equal((await fetchAll([{ name }], workspace.cache, remote)).failed.size, 0);
    const other = bucketRemote(memoryBucket());
    assert.equal((await sendAll([{ name }], workspace.cache, other)).objects, 1);
    assert.deepEqual(await other.vouched(name), { sha256: digestOf(bytes).sha256 });
    objects.set(objectPath(name), Buffer.from("a,b\r\n1,3\r\n"));
    const cache = await emptyCache();
    const { failed } = await fetchAll([{ name }], cache, remote);
    assert.match(failed.get(name)?.message ?? "", /is damaged/);
    assert.equal(await cache.has(name), false);
  });
});

describe("which versions", () => {
  it("and from where: a remote that nobody has set is refused, also where nothing is to be had from it", async () => {
    const { workspace } = await temporaryWorkspace({ "data/a": "1" });
    await add(workspace, "data/a");
    for (const ask of [pull, fetchVersions, push]) {
      await assert.rejects(ask(workspace, { remote: "nope" }), /no remote "nope" with a url/, ask.name);
    }
  });

  it("are those of branches, tags and commits, too; fetch leaves the working files alone", async () => {
    const { folder, workspace, store } = await temporaryWorkspace({ "data/a": "1" });
    const versions: Md5[] = [];
    for (const text of ["1", "2", "3"]) {
      write(folder, { "data/a": text });
      versions.push((await add(workspace, "data/a")).md5);
      git(folder, "add", "-A");
      git(folder, "commit", "-q", "-m", text);
      if (text === "1") git(folder, "tag", "first");
    }
    const there = () => versions.map((name) => existsSync(join(store, objectPath(name))));
    await push(workspace);
    assert.deepEqual(there(), [false, false, true]);
    await push(workspace, { allTags: true });
    assert.deepEqual(there(), [true, false, true]);
    await push(workspace, { allCommits: true, paths: ["data/a"] });
    assert.deepEqual(there(), [true, true, true]);
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    rmSync(join(folder, "data/a"));
    assert.equal((await fetchVersions(workspace, { allCommits: true })).objects, 3);
    assert.equal(existsSync(join(folder, "data/a")), false);
    assert.equal((await fetchVersions(workspace, { allCommits: true })).objects, 0);
  });

  it("are taken from working files that are right, and fetched where those are not", async () => {
    const { folder, workspace, store } = await temporaryWorkspace({ "data/a": "1", "data/d/x": "2", b: "3" });
    for (const path of ["data/a", "data/d", "b"]) await add(workspace, path);
    await push(workspace);
    for (const bring of [fetchVersions, pull]) {
      rmSync(join(folder, ".dvc/cache"), { recursive: true });
      rmSync(join(store, objectPath(digestOf("2").md5)), { force: true });
      write(folder, { b: "changed" });
      const { bytes } = await bring(workspace, { force: true });
      assert.equal(bytes, 1); // b alone came from the remote
      for (const text of ["1", "2", "3"]) assert.ok(await workspace.cache.has(digestOf(text).md5), text);
      assert.equal((await fetchVersions(workspace)).objects, 0);
      assert.equal(readFileSync(join(folder, "b"), "utf8"), bring === pull ? "3" : "changed");
    }
  });

  it("are compared with the remote in DVC's words", async () => {
    const { folder, workspace } = await temporaryWorkspace({ a: "1", b: "2", c: "3", "d/x": "4" });
    const states = async () =>
      (await cloudStatus(workspace)).versions.map(({ path, state }) => `${path} ${state}`);
    for (const path of ["a", "b", "c", "d"]) await add(workspace, path);
    assert.deepEqual(await states(), ["a new", "b new", "c new", "d new"]);
    await push(workspace, { paths: ["a", "b", "d"] });
    workspace.cache.drop(digestOf("2").md5);
    workspace.cache.drop(digestOf("3").md5);
    workspace.cache.drop(digestOf("4").md5);
    assert.deepEqual(await states(), ["a in sync", "b deleted", "c missing", "d deleted"]);
    assert.ok(existsSync(join(folder, "a")));
  });
});
