import assert from "node:assert/strict";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bucket } from "../../../src/ports/bucket.ts";
import { outgoing } from "../../contracts/bucket.ts";

const HOUR = 60 * 60 * 1000;

/**
 * A push removes drafts of ours that nobody has written to for a day.
 *
 * @param folder where the remote keeps its files on this machine
 */
export async function sweepsDrafts(folder: string, open: () => Promise<Bucket>): Promise<void> {
  const drafts = join(folder, "tmp");
  mkdirSync(join(drafts, `trainyard-${"d".repeat(24)}`), { recursive: true });
  const draft = (name: string, hours: number): void => {
    const then = new Date(Date.now() - hours * HOUR);
    writeFileSync(join(drafts, name), "half");
    utimesSync(join(drafts, name), then, then);
  };
  draft(`trainyard-${"a".repeat(24)}`, 25);
  draft(`trainyard-${"b".repeat(24)}`, 23);
  draft("c".repeat(24), 1000);
  draft(`trainyard-${"e".repeat(24)}.bak`, 1000);
  const bucket = await open();
  await Promise.all(["x", "y"].map((key) => bucket.write(key, outgoing(Buffer.from(key)))));
  await bucket.close();
  assert.deepEqual(readdirSync(drafts).sort(), [
    "c".repeat(24),
    `trainyard-${"b".repeat(24)}`,
    `trainyard-${"d".repeat(24)}`,
    `trainyard-${"e".repeat(24)}.bak`,
  ]);
}
