import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { memoryBucket } from "../../../src/adapters/remotes/buckets/memory.ts";
import { folderRemote } from "../../../src/adapters/remotes/folder.ts";
import { add } from "../../../src/artifacts/add.ts";
import { fetchAll } from "../../../src/artifacts/fetch-all.ts";
import { pull } from "../../../src/artifacts/pull.ts";
import { push } from "../../../src/artifacts/push.ts";
import { sendAll } from "../../../src/artifacts/send-all.ts";
import { isDirectory, type ObjectName } from "../../../src/core/artifacts/digest.ts";
import { UserError } from "../../../src/errors.ts";
import { failing, seeded } from "../../artifacts/failing.ts";
import { assertSound, assertVerified, KILLS, killOften, run } from "../../artifacts/killing.ts";
import { temporaryWorkspace } from "../../artifacts/temporary.ts";

/** Small objects that are written at once, and large ones of which a part stays. */
const FILES = {
  ...Object.fromEntries(
    Array.from({ length: 150 }, (_, index) => [`data/d/${index}`, `${index}\n`.repeat(index * 20)]),
  ),
  ...Object.fromEntries([7, 8, 9].map((digit) => [`data/d/large-${digit}`, `${digit}`.repeat(2_500_000)])),
  "data/single.csv": "a,b\n".repeat(600_000),
};

describe(`killed at ${KILLS} moments`, () => {
  it("push leaves sound objects, and no manifest or file without its voucher; the next one goes on", async () => {
    const { workspace, folder, store } = await temporaryWorkspace(FILES);
    const names: ObjectName[] = [];
    for (const path of ["data/d", "data/single.csv"]) names.push((await add(workspace, path)).md5);
    const pushing = { folder, args: ["push"] };
    let partial = 0;
    await killOften([pushing], 41, {
      before: (turn) => {
        if (turn % 4 === 0) rmSync(store, { recursive: true, force: true }); // else it goes on
      },
      async after(turn) {
        const remote = folderRemote(store);
        if ((await assertSound(remote)) <= Object.keys(FILES).length) partial++;
        for (const name of names) {
          if (!(await remote.has(name))) continue;
          assert.notEqual(await remote.vouched(name), undefined);
          if (!isDirectory(name)) continue;
          for (const { md5 } of await workspace.cache.manifest(name)) {
            assert.equal(await remote.has(md5), true);
          }
        }
        if (turn % 8 !== 7) return;
        await run(pushing);
        await assertVerified(workspace, remote);
      },
    });
    assert.ok(partial > KILLS / 10, `${partial} of ${KILLS} were interrupted in the middle`);
    assert.deepEqual((await push(workspace)).missing, []);
    for (const name of names) assert.equal(await folderRemote(store).has(name), true);
    await assertVerified(workspace, folderRemote(store));
  });

  it("pull leaves sound objects and whole files; the next one goes on", async () => {
    const { workspace, folder } = await temporaryWorkspace(FILES);
    const added = await add(workspace, "data/d");
    await add(workspace, "data/single.csv");
    await push(workspace);
    const pulling = { folder, args: ["pull"] };
    let partial = 0;
    await killOften([pulling], 42, {
      before(turn) {
        if (turn % 2 !== 0) return; // else it goes on
        for (const path of [".dvc/cache", "data/d", "data/single.csv"]) {
          rmSync(join(folder, path), { recursive: true, force: true });
        }
      },
      async after() {
        if ((await assertSound(workspace.cache)) <= Object.keys(FILES).length) partial++;
        for (const [path, text] of Object.entries(FILES)) {
          if (!existsSync(join(folder, path))) continue;
          assert.ok(readFileSync(join(folder, path), "utf8") === text, `${path} is whole`);
        }
      },
    });
    assert.ok(partial > KILLS / 10, `${partial} of ${KILLS} were interrupted in the middle`);
    const pulled = await pull(workspace, { force: true });
    assert.deepEqual([pulled.missing, pulled.refused], [[], []]);
    assert.equal((await workspace.files.named(join(folder, "data/d")))?.md5, added.md5);
    await assertSound(workspace.cache);
    await assertVerified(workspace);
    const left = join(folder, ".dvc/cache/trainyard/partial");
    assert.deepEqual(existsSync(left) ? readdirSync(left) : [], [], "parts are gone on with");
  });

  it("two pulls at once do not disturb each other", async () => {
    const { workspace, folder } = await temporaryWorkspace(FILES);
    const { md5 } = await add(workspace, "data/d");
    await add(workspace, "data/single.csv");
    await push(workspace);
    const pulling = { folder, args: ["pull"] };
    for (let round = 0; round < 3; round++) {
      rmSync(join(folder, ".dvc/cache"), { recursive: true });
      rmSync(join(folder, "data/d"), { recursive: true });
      rmSync(join(folder, "data/single.csv"));
      await Promise.all([run(pulling), run(pulling), run(pulling, 300)]);
      assert.equal((await workspace.files.named(join(folder, "data/d")))?.md5, md5);
      await assertSound(workspace.cache);
    }
  });
});

describe("a remote that fails at random", () => {
  it("never has anything wrong enter the cache, and gives everything in the end", async () => {
    const { workspace } = await temporaryWorkspace(FILES);
    const { md5: name } = await add(workspace, "data/d");
    const bucket = memoryBucket();
    for (let seed = 1; seed <= 5; seed++) {
      const random = seeded(seed);
      const faults = { silent: 0.2, halves: 0.2, pages: 0.05, random };
      const remote = bucketRemote(failing(bucket, faults));
      for (let round = 0; !(await bucketRemote(bucket).has(name)); round++) {
        assert.ok(round < 200, "it is sent in the end");
        await sendAll([{ name }], workspace.cache, remote).catch(known);
        await assertSound(bucketRemote(bucket));
      }
      const other = (await temporaryWorkspace()).workspace.cache;
      for (let round = 0; !(await other.complete(name)); round++) {
        assert.ok(round < 200, "it is fetched in the end");
        await fetchAll([{ name }], other, remote).catch(known);
        await assertSound(other);
      }
    }
  });
});

/** One clear message: anything else is a fault of ours. */
function known(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
}
