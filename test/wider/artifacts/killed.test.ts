import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { digestOf, digitsOf } from "../../../src/core/artifacts/digest.ts";
import type { Workspace } from "../../../src/ports/workspace.ts";
import { program } from "../../artifacts/program.ts";
import { silent, temporaryFolder, temporaryWorkspace, write } from "../../artifacts/temporary.ts";

const PROGRAM = program(new URL("../../artifacts/command.ts", import.meta.url));
const MOMENTS = 50;

/** Moments between 0 and 1 that are the same in every run: mulberry32. */
function* moments(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Runs a command and kills it so long after it was ready, or lets it end; says how long it took from there. */
async function run(folder: string, command: string, path: string, kill?: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, folder, command, path], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let failure = "";
  child.stderr.on("data", (text) => {
    failure += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const began = performance.now();
  if (kill !== undefined) {
    await setTimeout(kill);
    child.kill("SIGKILL");
  }
  const code = await ended;
  if (kill === undefined || code !== null) assert.equal(code, 0, failure);
  return performance.now() - began;
}

/** Everything under a name in the cache is what the name says. */
async function assertSound({ cache }: Workspace): Promise<number> {
  let objects = 0;
  for await (const { name } of cache.list()) {
    const parts: Uint8Array[] = [];
    for await (const part of cache.open(name).bytes()) parts.push(part);
    assert.equal(digestOf(Buffer.concat(parts)).md5, digitsOf(name).slice(0, 32));
    objects++;
  }
  return objects;
}

/** 80 small files and two that are streamed; every third is the same in both versions. */
function version(which: "A" | "B"): Record<string, string> {
  const files: Record<string, string> = {};
  for (let i = 0; i < 80; i++) {
    files[`d/${i % 5}/${i}.txt`] = `${i} ${i % 3 === 0 ? "" : which}\n`.repeat(20);
  }
  for (let i = 0; i < 2; i++) files[`d/large-${i}.bin`] = `${i}${which}`.repeat(1_000_000);
  files[`d/only-in-${which}/x.txt`] = which;
  return files;
}

function filesBelow(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}

describe(`killed at ${MOMENTS} moments`, () => {
  it("add leaves a cache in which everything is sound, and the next one completes", async () => {
    const { folder, workspace } = await temporaryWorkspace(version("A"));
    const whole = await run(folder, "add", "d");
    const pointer = readFileSync(join(folder, "d.dvc"), "utf8");
    const all = await assertSound(workspace);
    const when = moments(20_261);
    let partial = 0;
    for (let turn = 0; turn < MOMENTS; turn++) {
      for (const path of [".dvc/cache", ".trainyard/hashes", "d.dvc"]) {
        rmSync(join(folder, path), { recursive: true, force: true });
      }
      await run(folder, "add", "d", when.next().value * whole);
      if ((await assertSound(workspace)) < all) partial++;
      if (existsSync(join(folder, "d.dvc"))) {
        assert.equal(readFileSync(join(folder, "d.dvc"), "utf8"), pointer);
        assert.equal(
          await assertSound(workspace),
          all,
          "a pointer is written when all that it names is kept",
        );
      }
      if (turn % 10 === 9) {
        await run(folder, "add", "d");
        assert.equal(readFileSync(join(folder, "d.dvc"), "utf8"), pointer);
        assert.equal(await assertSound(workspace), all);
      }
    }
    assert.ok(partial > 5, `${partial} of ${MOMENTS} were interrupted in the middle`);
  });

  it("checkout leaves each file old or new, and the next one completes", async () => {
    const { folder, workspace } = await temporaryWorkspace(version("A"));
    const versions = { A: version("A"), B: version("B") };
    const pointers = { A: "", B: "" };
    for (const which of ["A", "B"] as const) {
      rmSync(join(folder, "d"), { recursive: true, force: true });
      write(folder, versions[which]);
      await add(workspace, "d");
      pointers[which] = readFileSync(join(folder, "d.dvc"), "utf8");
    }
    writeFileSync(join(folder, "d.dvc"), pointers.A);
    const whole = await run(folder, "checkout", "d");
    const when = moments(4_711);
    let mixed = 0;
    for (let turn = 0; turn < MOMENTS; turn++) {
      const which = turn % 2 === 0 ? "B" : "A";
      writeFileSync(join(folder, "d.dvc"), pointers[which]);
      await run(folder, "checkout", "d", when.next().value * whole);
      const there = filesBelow(folder, "d").map(
        (path) => [path, readFileSync(join(folder, path), "utf8")] as const,
      );
      for (const [path, text] of there) {
        assert.ok(text === versions.A[path] || text === versions.B[path], `${path} is old or new`);
      }
      const isNew = there.filter(([path, text]) => text === versions[which][path]).length;
      if (isNew < Object.keys(versions[which]).length) mixed++;
      for (const path of Object.keys(versions.A).filter((path) => path in versions.B)) {
        assert.ok(existsSync(join(folder, path)), `${path} is there at every moment`);
      }
      if (turn % 10 === 9) {
        await run(folder, "checkout", "d");
        for (const [path, text] of Object.entries(versions[which])) {
          assert.equal(readFileSync(join(folder, path), "utf8"), text);
        }
        assert.equal(filesBelow(folder, "d").length, Object.keys(versions[which]).length);
        const fresh = await openWorkspace(folder, silent());
        assert.match(
          pointers[which],
          new RegExp((await fresh.files.named(join(folder, "d")))?.md5 ?? "nothing"),
        );
      }
    }
    await assertSound(workspace);
    assert.ok(mixed > 5, `${mixed} of ${MOMENTS} were interrupted in the middle`);
  });
});

/** A disk of one MiB, or why there can be none. */
function smallDisk(): { folder: string; skip: string | false } {
  const folder = join(temporaryFolder(), "disk");
  mkdirSync(folder);
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
  if (status !== 0) return { folder, skip: "only root can mount a small disk" };
  return { folder, skip: false };
}

describe("a full disk", () => {
  const { folder: disk, skip } = smallDisk();
  after(() => spawnSync("umount", [disk]));

  it("is said in one sentence by add and checkout, and leaves nothing half", { skip }, async () => {
    const { folder } = await temporaryWorkspace({ "d/a": "1".repeat(600_000), "d/b": "2".repeat(3_000_000) });
    write(folder, { ".dvc/config": `[cache]\n    dir = ${join(disk, "cache")}\n` });
    const full = await openWorkspace(folder, silent());
    await assert.rejects(add(full, "d"), {
      name: "UserError",
      message: /no space left; make room, then run the same command again$/,
    });
    await assertSound(full);
    assert.equal(existsSync(join(folder, "d.dvc")), false);

    write(folder, { ".dvc/config": "" });
    const roomy = await openWorkspace(folder, silent());
    const { md5 } = await add(roomy, "d");
    rmSync(join(disk, "cache"), { recursive: true });
    write(disk, { ".dvc/config": `[cache]\n    dir = ${join(folder, ".dvc/cache")}\n` });
    const inDisk = await openWorkspace(disk, silent());
    await assert.rejects(inDisk.cache.checkout(md5, join(disk, "d")), {
      name: "UserError",
      message: /no space left; make room/,
    });
    assert.equal(existsSync(join(disk, "d")), false);
    await assertSound(roomy);
  });
});
