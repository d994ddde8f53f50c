import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import { digestOf, type Md5, type ObjectName } from "../../src/core/artifacts/digest.ts";
import { UserError } from "../../src/errors.ts";
import { ObjectMissing, type Remote, type Sending } from "../../src/ports/remote.ts";
import { all, outgoing } from "./bucket.ts";

/**
 * What every remote promises. An adapter is done when it passes; the fake is held to it too.
 *
 * @param open a remote with nothing in it, each time another
 * @param lists false where it says that it cannot be listed
 */
export function remoteContract(name: string, open: () => Promise<Remote>, lists = true): void {
  const bytes = Buffer.from("age,income\n42,50000\n");
  const { md5 } = digestOf(bytes);
  const manifest = `${digestOf("[]").md5}.dir` as Md5;
  const assertHolds = async (remote: Remote, names: readonly ObjectName[]): Promise<void> => {
    if (lists) assert.deepEqual((await all(remote.list())).map((one) => one.name).sort(), [...names].sort());
    else {
      await assert.rejects(all(remote.list()), UserError);
      assert.deepEqual(await remote.present([md5, manifest, ...names]), new Set(names));
    }
  };

  describe(`${name} keeps the remote contract`, () => {
    it("gives back many objects at once", async () => {
      const remote = await open();
      const many = Array.from({ length: 40 }, (_, index) =>
        sendingOf(Buffer.from(`${index}\n`.repeat(index))),
      );
      const sent: ObjectName[] = [];
      await remote.send(many, (one) => sent.push(one.name));
      assert.deepEqual([...sent].sort(), many.map((one) => one.name).sort());
      const names = many.map((one) => one.name);
      assert.deepEqual(await remote.present([...names, md5]), new Set(names));
      const taken = new Set<ObjectName>();
      await remote.receive(names, async (one, read) => {
        assert.equal(digestOf(await buffer(read())).md5, one);
        taken.add(one);
      });
      assert.deepEqual(taken, new Set(names));
      await remote.close();
    });

    it("does not send again what is there", async () => {
      const remote = await open();
      await remote.send([sendingOf(bytes)]);
      const again: ObjectName[] = [];
      await remote.send([sendingOf(bytes), sendingOf(Buffer.from("x"))], (one) => again.push(one.name));
      assert.deepEqual(again, [digestOf("x").md5]);
      await assertHolds(remote, [md5, digestOf("x").md5]);
    });

    it("keeps an object of no bytes, and a manifest", async () => {
      const remote = await open();
      const empty = digestOf("").md5;
      await remote.send([
        { name: manifest, object: outgoing(Buffer.from("[]")) },
        sendingOf(Buffer.alloc(0)),
      ]);
      assert.equal((await buffer(remote.read(empty))).length, 0);
      assert.equal((await buffer(remote.read(manifest))).toString(), "[]");
      await assertHolds(remote, [empty, manifest]);
      assert.equal(await remote.has(manifest.slice(0, 32) as Md5), false);
    });

    it("keeps megabytes, and reads them from any byte on", async () => {
      const remote = await open();
      const large = Buffer.alloc(9 << 20, "abcdefg");
      const sending = sendingOf(large);
      await remote.send([sending]);
      assert.equal(digestOf(await buffer(remote.read(sending.name))).md5, sending.name);
      assert.deepEqual(await buffer(remote.read(sending.name, large.length - 5)), large.subarray(-5));
    });

    it("shows no manifest of a push that broke off", async () => {
      const remote = await open();
      const broken: Sending = {
        name: md5,
        object: {
          size: bytes.length,
          async *bytes() {
            yield bytes.subarray(0, 7);
            throw new Error("the disk is gone");
          },
        },
      };
      await assert.rejects(
        remote.send([{ name: manifest, object: outgoing(Buffer.from("[]")) }, broken]),
        /the disk is gone/,
      );
      assert.equal(await remote.has(md5), false);
      assert.equal(await remote.has(manifest), false);
      await remote.send([sendingOf(bytes)]);
      assert.equal(await remote.has(md5), true);
    });

    it("does not take wrong bytes under a name", async () => {
      const remote = await open();
      await assert.rejects(remote.send([{ name: md5, object: outgoing(Buffer.from("b\n")) }]), /damaged/);
      assert.equal(await remote.has(md5), false);
    });

    it("says what is missing, and where", async () => {
      const remote = await open();
      await assert.rejects(buffer(remote.read(md5)), new ObjectMissing(md5, remote.url));
      await assert.rejects(
        remote.receive([md5], async (_name, read) => void (await buffer(read()))),
        new ObjectMissing(md5, remote.url),
      );
    });

    it("gives back what is there beside what is missing", async () => {
      const remote = await open();
      const other = Buffer.from("other");
      await remote.send([sendingOf(bytes), sendingOf(other)]);
      const absent = [digestOf("nobody has it").md5, digestOf("nor this").md5];
      const [one, another] = [md5, digestOf(other).md5];
      const became = new Map<ObjectName, string>();
      await remote.receive(
        [absent[0] as ObjectName, one, absent[1] as ObjectName, another],
        async (name, read) => {
          const told = buffer(read()).then(
            (found) => digestOf(found).md5,
            (error: unknown) =>
              error instanceof ObjectMissing && error.object === name ? "missing" : "broken",
          );
          became.set(name, await told);
        },
      );
      assert.deepEqual(
        became,
        new Map<ObjectName, string>([
          [one, one],
          [another, another],
          ...absent.map((name) => [name, "missing"] as const),
        ]),
      );
      await remote.close();
    });

    it("removes, and keeps what was vouched for", async () => {
      const remote = await open();
      const other = sendingOf(Buffer.from("other"));
      await remote.send([sendingOf(bytes), other]);
      const before = await remote.vouched(md5); // some remotes say it by themselves
      assert.ok(before === undefined || before.sha256 === digestOf(bytes).sha256);
      await remote.vouch(md5, { sha256: digestOf(bytes).sha256 });
      assert.deepEqual(await remote.vouched(md5), { sha256: digestOf(bytes).sha256 });
      await remote.remove([other.name]);
      await assertHolds(remote, [md5]);
      await remote.remove([md5, other.name]);
      await assertHolds(remote, []);
    });
  });
}

/** Bytes under their own name. */
export function sendingOf(bytes: Uint8Array): Sending {
  return { name: digestOf(bytes).md5, object: outgoing(bytes) };
}
