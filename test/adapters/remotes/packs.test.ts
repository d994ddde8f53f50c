import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { folderBucket } from "../../../src/adapters/remotes/buckets/folder.ts";
import { memoryBucket } from "../../../src/adapters/remotes/buckets/memory.ts";
import { type Packing, withPacks } from "../../../src/adapters/remotes/packs/remote.ts";
import { printIndex } from "../../../src/adapters/remotes/volumes/table.ts";
import { sha256Of } from "../../../src/adapters/remotes/volumes/volume.ts";
import { digestOf, type Md5, type ObjectName } from "../../../src/core/artifacts/digest.ts";
import { UserError } from "../../../src/errors.ts";
import { type Bucket, Unreachable } from "../../../src/ports/bucket.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../../../src/ports/remote.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";
import { all } from "../../contracts/bucket.ts";
import { remoteContract, sendingOf } from "../../contracts/remote.ts";

const LIMIT = 1000;
const SIZES = { bytes: 4000, objects: 50, small: 3 };

/** The remote of a process that has asked nothing yet. */
const openIn = (bucket: Bucket, packing: Packing = {}): Remote =>
  withPacks(bucketRemote(bucket), bucket, { sizes: SIZES, limit: async () => LIMIT, ...packing });

/** The same, for one who sends. */
async function senderIn(bucket: Bucket, packing?: Packing): Promise<Remote> {
  const remote = openIn(bucket, packing);
  return (await remote.toSend?.()) ?? remote;
}

remoteContract("a folder with packs", () => senderIn(folderBucket(join(temporaryFolder(), "store"))));
remoteContract("memory with packs", () => senderIn(memoryBucket()));
remoteContract("memory with packs for one who does not pack", async () => openIn(memoryBucket()));

const files = Array.from({ length: 90 }, (_, index) => Buffer.from(`${index}\n`.repeat(20)));
const names = files.map((bytes) => digestOf(bytes).md5);
const manifest = { name: `${digestOf("[]").md5}.dir` as Md5, object: sendingOf(Buffer.from("[]")).object };

/** A bucket in memory that notes what is asked of it. */
function watched(objects = new Map<string, Uint8Array>()) {
  const memory = memoryBucket(objects);
  const asked: string[] = [];
  const bucket: Bucket = {
    ...memory,
    size(key) {
      asked.push(`size ${key}`);
      return memory.size(key);
    },
    range(key, from, to) {
      asked.push(`range ${to - from}`);
      return memory.read(key, from);
    },
    read(key, from) {
      asked.push(`read ${key}`);
      return memory.read(key, from);
    },
    write(key, bytes) {
      asked.push(`write ${key}`);
      return memory.write(key, bytes);
    },
  };
  return { bucket, objects, asked };
}

const packsOf = (objects: ReadonlyMap<string, Uint8Array>): string[] =>
  [...objects.keys()].filter((key) => key.startsWith("trainyard/packs/")).sort();

/** Everything that comes, by the md5 that it has. */
async function received(remote: Remote, wanted: readonly ObjectName[]): Promise<Set<ObjectName>> {
  const came = new Set<ObjectName>();
  await remote.receive(wanted, async (name, incoming) => {
    const { md5 } = digestOf(await buffer(incoming()));
    if (md5 === name) came.add(name);
  });
  return came;
}

describe("packs in a bucket", () => {
  it("hold small files and manifests, and large files lie beside them as before", async () => {
    const { bucket, objects } = watched();
    const large = sendingOf(randomBytes(LIMIT));
    await (await senderIn(bucket)).send([manifest, ...files.map(sendingOf), large]);
    assert.deepEqual(
      [...objects.keys()].filter((key) => key.startsWith("files/")),
      [`files/md5/${large.name.slice(0, 2)}/${large.name.slice(2)}`],
    );
    const remote = openIn(bucket);
    assert.deepEqual(
      await remote.present([...names, large.name, manifest.name]),
      new Set([...names, large.name, manifest.name]),
    );
    assert.deepEqual(await received(remote, [...names, large.name]), new Set([...names, large.name]));
    assert.deepEqual(
      (await all(remote.list())).map(({ name }) => name).sort(),
      [...names, large.name, manifest.name].sort(),
    );
    assert.deepEqual(await remote.vouched(names[3] as Md5), { sha256: digestOf(files[3] as Buffer).sha256 });
  });

  it("are few requests: one for each index, and one for each run of neighbours", async () => {
    const { bucket, objects, asked } = watched();
    await (await senderIn(bucket)).send(files.map(sendingOf));
    const packs = packsOf(objects).length;
    assert.ok(packs > 1 && packs < 5);
    assert.equal(asked.filter((one) => one.startsWith("write")).length, packs);
    asked.length = 0;
    assert.equal((await received(openIn(bucket), names)).size, names.length);
    assert.equal(asked.length, 2 * packs);
    asked.length = 0;
    await received(openIn(bucket), names.slice(1, 2));
    assert.equal(asked.at(-1), `range ${files[1]?.length}`);
  });

  it("are asked for their index once on one machine", async () => {
    const { bucket, asked } = watched();
    const folder = temporaryFolder();
    await (await senderIn(bucket, { folder })).send(files.map(sendingOf));
    asked.length = 0;
    assert.equal(await openIn(bucket, { folder }).has(names[0] as Md5), true);
    assert.deepEqual(asked, []);
  });

  it("are nothing to whoever sends without them, and what that one sent is found in both", async () => {
    const { bucket, objects } = watched();
    await (await senderIn(bucket)).send(files.map(sendingOf));
    const loose = (await openIn(bucket).toSend?.(false)) as Remote;
    assert.deepEqual(await loose.present(names), new Set());
    await loose.send(files.slice(0, 3).map(sendingOf));
    const remote = openIn(bucket);
    assert.deepEqual((await all(remote.list())).map(({ name }) => name).sort(), [...names].sort());
    await remote.remove(names);
    assert.deepEqual([...objects.keys()], []);
  });

  it("are made anew without what is removed, not younger than they were, and go with their last object", async () => {
    const { bucket, objects } = watched();
    await (await senderIn(bucket)).send(files.map(sendingOf));
    const time = (await all(openIn(bucket).list()))[0]?.modified;
    const bytes = (): number =>
      packsOf(objects).reduce((sum, key) => sum + (objects.get(key)?.length ?? 0), 0);
    const before = bytes();
    const kept = names.filter((_, index) => index % 3 === 0);
    await openIn(bucket).remove(names.filter((one) => !kept.includes(one)));
    assert.ok(bytes() < before / 2);
    const remote = openIn(bucket);
    assert.deepEqual(await received(remote, kept), new Set(kept));
    const listed = await all(remote.list());
    assert.deepEqual(listed.map(({ name }) => name).sort(), [...kept].sort());
    for (const { modified } of listed)
      assert.ok(time !== undefined && modified !== undefined && modified <= time);
    await remote.remove(kept);
    assert.deepEqual([...objects.keys()], []);
  });

  it("are joined by a collection where they are many and small", async () => {
    const { bucket, objects } = watched();
    for (const bytes of files.slice(0, 10)) await (await senderIn(bucket)).send([sendingOf(bytes)]);
    assert.equal(packsOf(objects).length, 10);
    await openIn(bucket).remove(names.slice(0, 1));
    assert.equal(packsOf(objects).length, 1);
    assert.equal((await received(openIn(bucket), names.slice(1, 10))).size, 9);
  });

  it("leave every object in one of them at each moment of a collection that is killed", async () => {
    const { objects } = watched();
    await (await senderIn(memoryBucket(objects))).send(files.map(sendingOf));
    const kept = names.filter((_, index) => index % 2 === 0);
    for (let moment = 0; ; moment++) {
      const copy = new Map(objects);
      const memory = memoryBucket(copy);
      let left = moment;
      const step = <T>(work: () => Promise<T>): Promise<T> => {
        if (left-- === 0) throw new Error("killed");
        return work();
      };
      const mortal: Bucket = {
        ...memory,
        write: (key, bytes) => step(() => memory.write(key, bytes)),
        remove: (keys) => step(() => memory.remove(keys)),
      };
      const killed = await openIn(mortal)
        .remove(names.filter((one) => !kept.includes(one)))
        .then(
          () => false,
          () => true,
        );
      assert.deepEqual(await received(openIn(memory), kept), new Set(kept));
      if (!killed) return assert.ok(moment > 3);
    }
  });
});

describe("a pack that is none", () => {
  const object = Buffer.from("age,income\n42,50000\n");
  const { md5, sha256 } = digestOf(object);
  const key = (index: Uint8Array, time = "20261121T172549Z"): string =>
    `trainyard/packs/${time}-${index.length}-${sha256Of(index)}`;
  const entry = { name: md5, sha256, size: object.length, layer: 0, offset: 0 };
  const assertNone = async (name: string, bytes: Uint8Array): Promise<void> => {
    const bucket = memoryBucket(new Map([[name, bytes]]));
    const remote = openIn(bucket);
    assert.deepEqual(await remote.present([md5]), new Set());
    assert.deepEqual(await all(remote.list()), []);
    await assert.rejects(buffer(remote.read(md5)), ObjectMissing);
    // Pushed again, it is there.
    await (await senderIn(bucket)).send([sendingOf(object)]);
    assert.deepEqual(await buffer(openIn(bucket).read(md5)), object);
  };
  const index = printIndex([entry]);
  const whole = Buffer.concat([index, object]);

  it("is one, where nothing is wrong", async () => {
    const remote = openIn(memoryBucket(new Map([[key(index), whole]])));
    assert.deepEqual(await buffer(remote.read(md5)), object);
  });

  it("counts as not there: cut short, longer, or with another index than its name says", async () => {
    await assertNone(key(index), whole.subarray(0, -1));
    await assertNone(key(index), Buffer.concat([whole, object]));
    await assertNone(key(index), index.subarray(0, -1));
    await assertNone(key(printIndex([])), whole);
    await assertNone(`${key(index)}.tmp`, whole);
    await assertNone(key(index).replace("20261121", "20269921"), whole);
  });

  it("counts as not there where objects overlap, leave gaps, or reach behind its end", async () => {
    const twice = Buffer.concat([object, object]);
    const other = { ...entry, name: digestOf("x").md5 };
    for (const entries of [
      [entry, { ...other, offset: 1 }],
      [entry, { ...other, offset: object.length + 1, size: object.length - 1 }],
      [entry, { ...other, offset: object.length, size: object.length + 1 }],
      [entry, { ...other, layer: 1, offset: 0 }],
      [{ ...other, offset: object.length }, entry],
    ]) {
      const wrong = printIndex(entries);
      await assertNone(key(wrong), Buffer.concat([wrong, twice]));
    }
  });

  it("takes no memory with an index that claims millions, or is as long as it likes", async () => {
    const head = Buffer.from("trainyard-objects 1\n");
    const lines = Buffer.concat([head, Buffer.alloc(8 << 20, "\n")]);
    await assertNone(key(lines), lines);
    const long = Buffer.concat([head, Buffer.alloc(17 << 20, "a")]);
    await assertNone(key(long), long);
  });

  it("gives no wrong byte: what is damaged in it is said, made anew as it is, and mended", async () => {
    const other = Buffer.from("other");
    const two = printIndex([
      entry,
      { name: digestOf(other).md5, sha256: digestOf(other).sha256, size: 5, layer: 0, offset: object.length },
    ]);
    const wrong = Buffer.concat([two, object, Buffer.from("wrong")]);
    const objects = new Map<string, Uint8Array>([[key(two), wrong]]);
    const bucket = memoryBucket(objects);
    await assert.rejects(buffer(openIn(bucket).read(digestOf(other).md5)), ObjectDamaged);
    assert.deepEqual(await received(openIn(bucket), [md5, digestOf(other).md5]), new Set([md5]));
    await openIn(bucket).remove([md5]);
    await assert.rejects(buffer(openIn(bucket).read(digestOf(other).md5)), ObjectDamaged);
    await openIn(bucket).remove([digestOf(other).md5]);
    await (await senderIn(bucket)).send([sendingOf(other)]);
    assert.deepEqual(await buffer(openIn(bucket).read(digestOf(other).md5)), other);
  });

  it("is no reason to fail for who may read and not list, and is asked again where a server is away", async () => {
    const memory = memoryBucket();
    await (await senderIn(memory)).send([sendingOf(object)]);
    await bucketRemote(memory).send([sendingOf(Buffer.from("loose"))]);
    const wanted = [md5, digestOf("loose").md5];
    const refusing = (error: Error, times: number): Bucket => {
      let left = times;
      return {
        ...memory,
        async *list(prefix) {
          if (left-- > 0) throw error;
          yield* memory.list(prefix);
        },
      };
    };
    const blind = openIn(refusing(new UserError("403: you may not list"), 100));
    const came = new Set<ObjectName>();
    const missing: ObjectName[] = [];
    await blind.receive(wanted, async (name, incoming) => {
      await buffer(incoming()).then(
        () => came.add(name),
        (error: ObjectMissing) => missing.push(error.object),
      );
    });
    assert.deepEqual([came, missing], [new Set(wanted.slice(1)), [md5]]);
    const away = new Unreachable("away", { after: 1 });
    assert.deepEqual(await received(openIn(refusing(away, 3)), wanted), new Set(wanted));
    await assert.rejects(received(openIn(refusing(away, 100)), wanted), Unreachable);
  });
});
