import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { folderRemote } from "../../../src/adapters/remotes/folder.ts";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { pull } from "../../../src/artifacts/pull.ts";
import { push } from "../../../src/artifacts/push.ts";
import { hashing } from "../../../src/core/artifacts/digest.ts";
import type { Cache } from "../../../src/ports/cache.ts";
import type { Remote } from "../../../src/ports/remote.ts";
import { program } from "../../artifacts/program.ts";
import { silent, temporaryWorkspace } from "../../artifacts/temporary.ts";

const PROGRAM = program(new URL("../../artifacts/command.ts", import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly ended: Promise<number | null>;
}

function start(folder: string, ...args: readonly string[]): Running {
  const child = spawn(process.execPath, [PROGRAM, folder, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ready = new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, ready, ended };
}

/** Every object of a folder has the bytes that its name promises. */
async function assertSound(
  kept: Pick<Remote, "list" | "read"> | Pick<Cache, "list" | "open">,
): Promise<void> {
  for await (const { name } of kept.list()) {
    const hash = hashing();
    for await (const chunk of "read" in kept ? kept.read(name) : kept.open(name).bytes()) hash.update(chunk);
    assert.equal(hash.digest().md5, name.slice(0, 32));
  }
}

/** About 48 MB in 40 files: long enough to be killed in the middle of. */
function largeDirectory(): Record<string, string> {
  const files: Record<string, string> = {};
  for (let index = 0; index < 40; index++) files[`data/d/${index}.bin`] = `${index} `.repeat(400_000);
  return files;
}

describe("killed in the middle", () => {
  it("add, push and pull leave nothing half, and the next one goes on", async () => {
    const { folder, workspace, store } = await temporaryWorkspace(largeDirectory());
    for (const delay of [5, 40, 90]) {
      const { child, ready, ended } = start(folder, "add", "data/d");
      await ready;
      await setTimeout(delay);
      child.kill("SIGKILL");
      await ended;
      await assertSound(workspace.cache);
    }
    const added = await add(workspace, "data/d");
    assert.equal(await workspace.cache.complete(added.md5), true);

    for (const delay of [5, 30, 60]) {
      const { child, ready, ended } = start(folder, "push");
      await ready;
      await setTimeout(delay);
      child.kill("SIGKILL");
      await ended;
      const remote = folderRemote(store);
      await assertSound(remote);
      if (await remote.has(added.md5)) {
        for (const { md5 } of await workspace.cache.manifest(added.md5))
          assert.equal(await remote.has(md5), true);
      }
    }
    await push(workspace);

    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    rmSync(join(folder, "data/d"), { recursive: true });
    for (const delay of [10, 60, 120]) {
      const { child, ready, ended } = start(folder, "pull");
      await ready;
      await setTimeout(delay);
      child.kill("SIGKILL");
      await ended;
      const there = await workspace.files.content(join(folder, "data/d"));
      assert.ok(there === undefined || there.md5 === added.md5, "the directory is whole or not there");
    }
    const pulled = await pull(workspace);
    assert.deepEqual(pulled.refused, []);
    assert.equal((await workspace.files.content(join(folder, "data/d")))?.md5, added.md5);
    await assertSound(workspace.cache);
  });
});

describe("several processes at once", () => {
  it("add, push and pull side by side", async () => {
    const files: Record<string, string> = {};
    const names = Array.from({ length: 12 }, (_, index) => `data/${index}.csv`);
    for (const name of names) files[name] = `${name}\n`.repeat(1000);
    const { folder, workspace } = await temporaryWorkspace(files);
    const thirds = [0, 1, 2].map((start) => names.filter((_, index) => index % 3 === start));
    const adding = [...thirds, names].map((list) => start(folder, "add", ...list).ended);
    assert.deepEqual(await Promise.all(adding), [0, 0, 0, 0]);
    const ignored = readFileSync(join(folder, "data/.gitignore"), "utf8").trimEnd().split("\n");
    assert.deepEqual(ignored.sort(), names.map((name) => name.replace("data", "")).sort());

    assert.deepEqual(await Promise.all([start(folder, "push").ended, start(folder, "push").ended]), [0, 0]);
    for (const name of names) rmSync(join(folder, name));
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    assert.deepEqual(await Promise.all([start(folder, "pull").ended, start(folder, "pull").ended]), [0, 0]);
    for (const name of names) assert.equal(readFileSync(join(folder, name), "utf8"), files[name]);
    await assertSound(workspace.cache);
  });
});

describe("a full disk", () => {
  it("keeps the cache sound and is said in words", async () => {
    const { folder } = await temporaryWorkspace({ "data/a.csv": "1\n" });
    const workspace = await openWorkspace(folder, silent());
    const full = async function* (): AsyncIterable<Uint8Array> {
      yield Buffer.from("1");
      throw Object.assign(new Error("write"), { code: "ENOSPC" });
    };
    const { md5 } = await add(workspace, "data/a.csv");
    workspace.cache.drop(md5);
    await assert.rejects(workspace.cache.receive(md5, full), {
      name: "UserError",
      message: `${workspace.cache.url}: no space left; make room, then run the same command again`,
    });
    assert.equal(await workspace.cache.has(md5), false);
    writeFileSync(join(folder, "data/a.csv"), "1\n");
    await workspace.cache.put(join(folder, "data/a.csv"));
    await assertSound(workspace.cache);
  });
});
