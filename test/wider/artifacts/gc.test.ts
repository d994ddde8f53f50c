import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { add } from "../../../src/artifacts/add.ts";
import { deleteUnused } from "../../../src/artifacts/gc.ts";
import { push } from "../../../src/artifacts/push.ts";
import { verify } from "../../../src/artifacts/verify.ts";
import { objectPath } from "../../../src/core/artifacts/digest.ts";
import type { Workspace } from "../../../src/ports/workspace.ts";
import { program } from "../../artifacts/program.ts";
import { git, temporaryWorkspace, write } from "../../artifacts/temporary.ts";

const PROGRAM = program(new URL("../../artifacts/command.ts", import.meta.url));
const DAY = 24 * 60 * 60 * 1000;
const FILES = 300;

/** One command in a process of its own. */
function start(
  folder: string,
  command: string,
): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
  const child = spawn(process.execPath, [PROGRAM, folder, command], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return { child, ended: new Promise((resolve) => child.on("close", resolve)) };
}

/** A directory of which the working tree names the last version, with as many files that nothing names. */
async function littered(): Promise<{ workspace: Workspace; folder: string; store: string }> {
  const made = await temporaryWorkspace();
  const { workspace, folder } = made;
  for (const round of ["then", "now"]) {
    rmSync(join(folder, "d"), { recursive: true, force: true });
    const files = Array.from({ length: FILES }, (_, index) => [`d/${index}`, `${round} ${index}`]);
    write(folder, Object.fromEntries(files));
    await add(workspace, "d");
    await push(workspace);
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", round);
  }
  const old = new Date(Date.now() - 30 * DAY);
  for (const { url, list } of [workspace.cache, await workspace.remote()]) {
    for await (const { name } of list()) utimesSync(join(url, objectPath(name)), old, old);
  }
  return made;
}

async function assertWhole(workspace: Workspace, folder: string): Promise<void> {
  for (let index = 0; index < FILES; index++) {
    assert.equal(readFileSync(join(folder, `d/${index}`), "utf8"), `now ${index}`);
  }
  for (const place of [undefined, await workspace.remote()]) {
    const found = await verify(workspace, place, { repair: false });
    assert.deepEqual(found.findings, []);
    assert.deepEqual([found.objects, found.unlisted], [FILES + 1, 0]);
  }
}

describe("gc among others", () => {
  it("runs beside two pulls, and nothing that is named is gone", async () => {
    const { workspace, folder } = await littered();
    rmSync(join(folder, "d"), { recursive: true });
    const running = ["pull", "gc", "pull"].map((command) => start(folder, command).ended);
    const ends = await Promise.all(running);
    assert.deepEqual(ends, [0, 0, 0]);
    await assertWhole(workspace, folder);
  });

  it("can be killed at any moment: what is named is whole, and the next one does the rest", async () => {
    const { workspace, folder } = await littered();
    let killed = 0;
    for (const delay of [250, 400, 550, 700, 850]) {
      const { child, ended } = start(folder, "gc");
      await setTimeout(delay);
      if (child.kill("SIGKILL")) killed++;
      await ended;
      for (const place of [undefined, await workspace.remote()]) {
        assert.deepEqual(
          (await verify(workspace, place, { repair: false })).findings,
          [],
          `killed after ${delay}`,
        );
      }
    }
    assert.ok(killed > 0);
    const before = new Date(Date.now() - 14 * DAY);
    const cloud = await workspace.remote();
    await deleteUnused(workspace, {
      keep: { all: true },
      before,
      cloud,
      others: [],
      blindly: false,
      forget: false,
    });
    await assertWhole(workspace, folder);
  });
});
