import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { memoryBucket } from "../../../src/adapters/remotes/buckets/memory.ts";
import { folderRemote } from "../../../src/adapters/remotes/folder.ts";
import { add } from "../../../src/artifacts/add.ts";
import { fetchAll } from "../../../src/artifacts/fetch-all.ts";
import { pull } from "../../../src/artifacts/pull.ts";
import { push } from "../../../src/artifacts/push.ts";
import { sendAll } from "../../../src/artifacts/send-all.ts";
import { hashing, isDirectory, type ObjectName } from "../../../src/core/artifacts/digest.ts";
import { UserError } from "../../../src/errors.ts";
import type { Cache } from "../../../src/ports/cache.ts";
import type { Remote } from "../../../src/ports/remote.ts";
import { failing, seeded } from "../../artifacts/failing.ts";
import { program } from "../../artifacts/program.ts";
import { temporaryWorkspace } from "../../artifacts/temporary.ts";

const PROGRAM = program(new URL("../../artifacts/command.ts", import.meta.url));
/** Moments of each of the two commands at which it is killed. */
const KILLS = 50;

/** Small objects that are written at once, and large ones of which a part stays. */
const FILES = {
  ...Object.fromEntries(
    Array.from({ length: 150 }, (_, index) => [`data/d/${index}`, `${index}\n`.repeat(index * 20)]),
  ),
  ...Object.fromEntries([7, 8, 9].map((digit) => [`data/d/large-${digit}`, `${digit}`.repeat(2_500_000)])),
  "data/single.csv": "a,b\n".repeat(600_000),
};

/** Starts a command; says when it has begun, kills it after so long, and waits for its end. */
async function run(folder: string, command: string, killAfter?: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, folder, command], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  await new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
  const began = performance.now();
  if (killAfter !== undefined) {
    await Promise.race([setTimeout(killAfter), ended]);
    child.kill("SIGKILL");
  }
  await ended;
  return performance.now() - began;
}

/** Every object has the bytes that its name promises. */
async function assertSound(
  kept: Pick<Remote, "list" | "read"> | Pick<Cache, "list" | "open">,
): Promise<void> {
  for await (const { name } of kept.list()) {
    const hash = hashing();
    for await (const chunk of "read" in kept ? kept.read(name) : kept.open(name).bytes()) hash.update(chunk);
    assert.equal(hash.digest().md5, name.slice(0, 32));
  }
}

describe("killed at any moment", () => {
  it("push leaves sound objects, and no manifest or file without its voucher; the next one goes on", async () => {
    const { workspace, folder, store } = await temporaryWorkspace(FILES);
    const names: ObjectName[] = [];
    for (const path of ["data/d", "data/single.csv"]) names.push((await add(workspace, path)).md5);
    const whole = await run(folder, "push");
    const random = seeded(41);
    for (let kill = 0; kill < KILLS; kill++) {
      if (kill % 5 === 0) rmSync(store, { recursive: true, force: true }); // else it goes on
      await run(folder, "push", random() * whole);
      const remote = folderRemote(store);
      await assertSound(remote);
      for (const name of names) {
        if (!(await remote.has(name))) continue;
        assert.notEqual(await remote.vouched(name), undefined);
        if (!isDirectory(name)) continue;
        for (const { md5 } of await workspace.cache.manifest(name)) assert.equal(await remote.has(md5), true);
      }
    }
    assert.deepEqual((await push(workspace)).missing, []);
    for (const name of names) assert.equal(await folderRemote(store).has(name), true);
  });

  it("pull leaves sound objects and whole files; the next one goes on", async () => {
    const { workspace, folder } = await temporaryWorkspace(FILES);
    const added = await add(workspace, "data/d");
    await add(workspace, "data/single.csv");
    await push(workspace);
    const forget = (): void => {
      rmSync(join(folder, ".dvc/cache"), { recursive: true, force: true });
      rmSync(join(folder, "data/d"), { recursive: true, force: true });
      rmSync(join(folder, "data/single.csv"), { force: true });
    };
    forget();
    const whole = await run(folder, "pull");
    const random = seeded(42);
    for (let kill = 0; kill < KILLS; kill++) {
      if (kill % 5 === 0) forget();
      await run(folder, "pull", random() * whole);
      await assertSound(workspace.cache);
    }
    const pulled = await pull(workspace, { force: true });
    assert.deepEqual([pulled.missing, pulled.refused], [[], []]);
    assert.equal((await workspace.files.named(join(folder, "data/d")))?.md5, added.md5);
    await assertSound(workspace.cache);
    const left = join(folder, ".dvc/cache/trainyard/partial");
    assert.deepEqual(existsSync(left) ? readdirSync(left) : [], [], "parts are gone on with");
  });

  it("two pulls at once do not disturb each other", async () => {
    const { workspace, folder } = await temporaryWorkspace(FILES);
    const { md5 } = await add(workspace, "data/d");
    await add(workspace, "data/single.csv");
    await push(workspace);
    for (let round = 0; round < 3; round++) {
      rmSync(join(folder, ".dvc/cache"), { recursive: true });
      rmSync(join(folder, "data/d"), { recursive: true });
      writeFileSync(join(folder, "data/single.csv"), "");
      rmSync(join(folder, "data/single.csv"));
      await Promise.all([run(folder, "pull"), run(folder, "pull"), run(folder, "pull", 300)]);
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
