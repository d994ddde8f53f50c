import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { predictionLog } from "../../../src/works/serve/log.ts";

function place(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-log-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".jsonl"))
    .sort();

const linesOf = (folder: string): string[] =>
  files(folder).flatMap((path) => readFileSync(join(folder, path), "utf8").split("\n").slice(0, -1));

describe("the prediction log", () => {
  it("has a folder a day, and a new file where one is full", async (context) => {
    const folder = place(context);
    const log = predictionLog({ folder, instance: "i", say: assert.fail, most: 10, pace: 5 });
    log.add("wages", "2026-11-21", ["aaaaaaa\n", "bbbbbbb\n"]);
    log.add("late", "2026-11-21", ["x\n"]);
    while (log.counts().waiting > 0) await new Promise((done) => setTimeout(done, 5));
    log.add("wages", "2026-11-21", ["ccc\n"]);
    log.add("wages", "2026-11-22", ["ddd\n"]);
    await log.close(5000);
    assert.deepEqual(files(folder), [
      "late/2026-11-21/i-1.jsonl",
      "wages/2026-11-21/i-1.jsonl",
      "wages/2026-11-21/i-2.jsonl",
      "wages/2026-11-22/i-1.jsonl",
    ]);
    assert.deepEqual(linesOf(folder), ["x", "aaaaaaa", "bbbbbbb", "ccc", "ddd"]);
    assert.deepEqual(log.counts(), { written: 5, dropped: 0, failures: 0, waiting: 0 });
  });

  it("is written by several at once", async (context) => {
    const folder = place(context);
    const logs = ["one", "two"].map((instance) => predictionLog({ folder, instance, say: assert.fail }));
    for (const [i, log] of logs.entries()) log.add("wages", "2026-11-21", [`${i}\n`]);
    await Promise.all(logs.map((log) => log.close(5000)));
    assert.deepEqual(linesOf(folder), ["0", "1"]);
  });

  it("drops the oldest where more waits than there is room for, and counts them", async (context) => {
    const folder = place(context);
    mkdirSync(join(folder, "wages"));
    writeFileSync(join(folder, "wages", "2026-11-21"), ""); // no folder can be here
    const said: string[] = [];
    const log = predictionLog({ folder, instance: "i", say: (text) => said.push(text), room: 100, pace: 5 });
    for (let row = 0; row < 30; row++) log.add("wages", "2026-11-21", [`row ${String(row).padStart(4)}\n`]);
    while (log.counts().failures < 2) await new Promise((done) => setTimeout(done, 5));
    assert.deepEqual([log.counts().written, log.counts().dropped, log.counts().waiting], [0, 19, 99]);
    assert.equal(said.length, 1); // once, however often it fails
    assert.match(said[0] ?? "", /cannot be written \(.*\); answers go on/);
    rmSync(join(folder, "wages", "2026-11-21"));
    await log.close(5000);
    assert.equal(log.counts().written, 11);
    assert.equal(linesOf(folder)[0], "row   19");
    assert.match(said[1] ?? "", /is written again; 19 rows were dropped so far/);
  });

  it("says what is lost where it never could be written", async (context) => {
    const folder = place(context);
    writeFileSync(join(folder, "log"), "");
    const said: string[] = [];
    const log = predictionLog({ folder: join(folder, "log"), instance: "i", say: (text) => said.push(text) });
    log.add("wages", "2026-11-21", ["a\n", "b\n"]);
    await log.close(1000);
    assert.match(said.at(-1) ?? "", /^2 rows of the prediction log could not be written and are lost$/);
  });

  it("loses and doubles no line where the disk is full in the middle of one", (context) => {
    const folder = place(context);
    // A limit on the size of files stands in for the disk's end: the write is cut, the next one fails.
    const script = `
      import { predictionLog } from ${JSON.stringify(resolve("src/works/serve/log.ts"))};
      const log = predictionLog({ folder: ${JSON.stringify(folder)}, instance: "i", say() {}, pace: 5 });
      for (let row = 0; row < 700; row++) log.add("wages", "2026-11-21", [JSON.stringify({ row, more: "x".repeat(90) }) + "\\n"]);
      while (log.counts().waiting > 0) await new Promise((done) => setTimeout(done, 5));
      await log.close(1000);
      process.stdout.write(JSON.stringify(log.counts()));`;
    writeFileSync(join(folder, "script.mts"), script);
    const { stdout, stderr, status } = spawnSync(
      "sh",
      ["-c", `ulimit -f 40; exec "${process.execPath}" --import tsx "${join(folder, "script.mts")}"`],
      { encoding: "utf8", env: { ...process.env, TSX_DISABLE_CACHE: "1", NODE_NO_WARNINGS: "1" } },
    );
    assert.equal(status, 0, stderr);
    const counts = JSON.parse(stdout) as { written: number; dropped: number; failures: number };
    assert.deepEqual([counts.written, counts.dropped], [700, 0]);
    assert.ok(counts.failures > 0);
    assert.ok(files(folder).length > 1);
    const numbered = (path: string): number => Number(/-(\d+)\.jsonl$/.exec(path)?.[1]);
    const rows = files(folder)
      .sort((a, b) => numbered(a) - numbered(b))
      .flatMap((path) => readFileSync(join(folder, path), "utf8").split("\n").slice(0, -1))
      .map((line) => (JSON.parse(line) as { row: number }).row);
    assert.deepEqual(
      rows,
      Array.from({ length: 700 }, (_, row) => row),
    );
  });
});
