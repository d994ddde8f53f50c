import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Md5, Sha256 } from "../../src/core/artifacts/digest.ts";
import type { Lock } from "../../src/core/artifacts/lock.ts";
import { copiedTree, type GivenTree } from "../../src/works/given-tree.ts";
import { readData, sharedFiles } from "../../src/works/same-data.ts";
import { openProposal, type Proposal, rows } from "./proposal.ts";

/* By what a data file is known again where two contracts read it. Nothing here is fetched. */

let proposal: Proposal;
let tree: GivenTree;

const FILE = "a".repeat(32) as Md5;
const FOLDER = `${"b".repeat(32)}.dir`;

function pointer(path: string, md5: string, from?: string): void {
  const out = `- md5: ${md5}\n  hash: md5\n  path: ${path.split("/").at(-1)}\n`;
  const deps = from === undefined ? "" : `deps:\n- path: ${from}\n  etag: "1"\n`;
  proposal.write(`${path}.dvc`, `${deps}outs:\n${out}`);
}

before(async () => {
  proposal = openProposal();
  pointer("one/table.csv", FILE);
  pointer("two/copy.csv", FILE);
  pointer("two/newer.csv", "c".repeat(32));
  pointer("one/parts", FOLDER);
  pointer("two/same", FOLDER);
  pointer("one/bought.csv", "d".repeat(32), "s3://shop/rows.csv");
  pointer("two/bought.csv", "e".repeat(32), "s3://shop/rows.csv");
  proposal.write("two/text.csv", rows());
  proposal.write("three/rows.csv", rows(3));
  proposal.commit();
  tree = await copiedTree(proposal.ports(proposal.folder), proposal.folder);
});
after(async () => {
  await tree.close();
  await proposal.close();
});

const read = (folder: string, path: string, lock: Lock = new Map()) =>
  readData(tree, { folder: join(tree.top, folder), sources: { rows: { path } }, lock });

/** The files of "one" that a contract in another folder reads as well. */
async function shared(ours: string, theirs: string, lock?: Lock): Promise<string[]> {
  const [folder = "", ...rest] = ours.split("/");
  return [...sharedFiles(await read(folder, rest.join("/")), await read("one", theirs, lock))];
}

test("a file is known by its path, however it is spelt, and by its pointer's digest", async () => {
  assert.deepEqual(await shared("two/copy.csv", "table.csv"), ["one/table.csv"]);
  assert.deepEqual(await shared("two/*.csv", "table.csv"), ["one/table.csv"]);
  assert.deepEqual(await shared("one/./table.csv", "table.csv"), ["one/table.csv"]);
  assert.deepEqual(await shared("two/newer.csv", "table.csv"), []);
  assert.deepEqual(await shared("three/rows.csv", "table.csv"), []);
});

test("a file inside of a folder with a pointer is known by both, and its neighbours are not it", async () => {
  assert.deepEqual(await shared("two/same/rows.csv", "parts/rows.csv"), ["one/parts/rows.csv"]);
  assert.deepEqual(await shared("two/same/other.csv", "parts/rows.csv"), []);
});

test("of a glob whose files are not here, whatever lies in its folder may be one", async () => {
  assert.deepEqual(await shared("two/same/rows.csv", "parts/*.csv"), ["one/parts/*.csv"]);
  assert.deepEqual(await shared("two/newer.csv", "parts/*.csv"), []);
});

test("what a lock read is known by its digest, also where it lies in a folder with a pointer", async () => {
  const data = { kind: "data" as const, name: "parts/rows.csv", md5: FILE, reason: "" };
  const none = { out: [], facts: {} };
  const lock: Lock = new Map([["ingest", { ...none, fingerprint: "0".repeat(64) as Sha256, in: [data] }]]);
  assert.deepEqual(await shared("two/copy.csv", "parts/*.csv", lock), ["one/parts/rows.csv"]);
});

test("an import is known by where it comes from", async () => {
  assert.deepEqual(await shared("two/bought.csv", "bought.csv"), ["one/bought.csv"]);
});

test("a file that Git keeps is known by what it holds", async () => {
  const ours = await read("two", "text.csv");
  const theirs = await read(".", "data/rows.csv");
  assert.deepEqual([...sharedFiles(ours, theirs)], ["data/rows.csv"]);
});
