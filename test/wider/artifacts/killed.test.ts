import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { assertSound, assertVerified, KILLS, killOften, run } from "../../artifacts/killing.ts";
import { silent, temporaryFolder, temporaryWorkspace, write } from "../../artifacts/temporary.ts";

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

describe(`killed at ${KILLS} moments`, () => {
  it("add leaves a cache in which everything is sound, and the next one completes", async () => {
    const { folder, workspace } = await temporaryWorkspace(version("A"));
    const adding = { folder, args: ["add", "d"] };
    await run(adding);
    const pointer = readFileSync(join(folder, "d.dvc"), "utf8");
    const all = await assertSound(workspace.cache);
    let partial = 0;
    const completed = async (): Promise<void> => {
      assert.equal(readFileSync(join(folder, "d.dvc"), "utf8"), pointer);
      assert.equal(await assertSound(workspace.cache), all, "what a pointer names is kept");
    };
    await killOften([adding], 20_261, {
      before() {
        for (const path of [".dvc/cache", ".trainyard/hashes", "d.dvc"]) {
          rmSync(join(folder, path), { recursive: true, force: true });
        }
      },
      async after(turn) {
        if ((await assertSound(workspace.cache)) < all) partial++;
        if (existsSync(join(folder, "d.dvc"))) await completed();
        if (turn % 8 !== 7) return;
        await run(adding);
        await completed();
        await assertVerified(workspace);
      },
    });
    assert.ok(partial > KILLS / 10, `${partial} of ${KILLS} were interrupted in the middle`);
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
    const sideOf = (turn: number): "A" | "B" => (turn % 2 === 0 ? "A" : "B");
    const checkout = { folder, args: ["checkout", "d"] };
    let mixed = 0;
    await killOften([checkout], 4_711, {
      before: (turn) => writeFileSync(join(folder, "d.dvc"), pointers[sideOf(turn)]),
      async after(turn) {
        const which = sideOf(turn);
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
        if (turn % 8 !== 7) return;
        await run(checkout);
        for (const [path, text] of Object.entries(versions[which])) {
          assert.equal(readFileSync(join(folder, path), "utf8"), text);
        }
        assert.equal(filesBelow(folder, "d").length, Object.keys(versions[which]).length);
        const fresh = await openWorkspace(folder, silent());
        assert.match(
          pointers[which],
          new RegExp((await fresh.files.named(join(folder, "d")))?.md5 ?? "nothing"),
        );
        await assertVerified(workspace);
      },
    });
    assert.ok(mixed > KILLS / 10, `${mixed} of ${KILLS} were interrupted in the middle`);
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
    await assertSound(full.cache);
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
    await assertSound(roomy.cache);
  });
});
