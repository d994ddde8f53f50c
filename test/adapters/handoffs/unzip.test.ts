import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { unzip } from "../../../src/adapters/handoffs/unzip.ts";
import { UserError } from "../../../src/errors.ts";
import { type ZipEntry, zip } from "./zips.ts";

const place = mkdtempSync(join(tmpdir(), "trainyard-unzip-"));
after(() => rmSync(place, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(place, "into-"));

const MOST = { content: 1_000_000, files: 100 };

/** Refused with these words, and nothing of it lies beside the folder. */
async function refuses(entries: readonly ZipEntry[] | Buffer, message: RegExp, most = MOST): Promise<void> {
  const folder = fresh();
  const before = readdirSync(place).length;
  await assert.rejects(unzip(Buffer.isBuffer(entries) ? entries : zip(entries), folder, most), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    return true;
  });
  assert.equal(readdirSync(place).length, before);
}

describe("unzip", () => {
  it("writes files and folders as they were packed", async () => {
    const folder = fresh();
    const bytes = Buffer.from([0, 255, 13, 10]);
    const archive = zip([
      { name: "models/", mode: 0o040755 },
      { name: "models/0/größe.bin", data: bytes },
      { name: "trained.json", data: "{}\n", method: 0 },
      { name: "empty", data: "" },
    ]);
    assert.deepEqual(await unzip(archive, folder, MOST), { files: 3, bytes: 7 });
    assert.deepEqual(readFileSync(join(folder, "models/0/größe.bin")), bytes);
    assert.equal(readFileSync(join(folder, "trained.json"), "utf8"), "{}\n");
    assert.equal(statSync(join(folder, "empty")).size, 0);
  });

  it("reads an archive from a file too", async () => {
    const path = join(place, "archive.zip");
    writeFileSync(path, zip([{ name: "a", data: "1" }]));
    assert.deepEqual(await unzip(path, fresh(), MOST), { files: 1, bytes: 1 });
    rmSync(path);
  });

  it("never makes a file executable", async () => {
    const folder = fresh();
    await unzip(zip([{ name: "run.sh", data: "#!/bin/sh", mode: 0o104755 }]), folder, MOST);
    assert.equal(statSync(join(folder, "run.sh")).mode & 0o7111, 0);
  });

  for (const name of [
    "../out.txt",
    "a/../../out.txt",
    "a/..",
    "/etc/out.txt",
    "C:/out.txt",
    "..\\out.txt",
    "a\\b",
    "a//b",
    "./a",
    "a\0b",
    "a\nb",
    `${"x".repeat(300)}.txt`,
    `${"d/".repeat(40)}x`,
  ]) {
    it(`refuses the name ${JSON.stringify(name.slice(0, 30))}`, () =>
      refuses([{ name, data: "x" }], /^it (holds|is no archive that can be read)/));
  }

  it("refuses a name that is not UTF-8", () =>
    refuses([{ name: Buffer.from([0x61, 0xff, 0xfe]), data: "x" }], /is not UTF-8/));

  it("refuses links, devices and whatever else is no file", async () => {
    await refuses(
      [{ name: "link", data: "/etc/passwd", mode: 0o120777 }],
      /"link", which is neither a regular/,
    );
    await refuses([{ name: "pipe", mode: 0o010644 }], /neither a regular file nor a folder/);
    await refuses([{ name: "device", mode: 0o060644 }], /neither a regular file nor a folder/);
    await refuses([{ name: "link/", mode: 0o120777 }], /neither a regular file nor a folder/);
    await refuses([{ name: "folder", mode: 0o040755 }], /neither a regular file nor a folder/);
  });

  it("refuses two names that would be one file", async () => {
    const both = (a: string, b: string) => [a, b].map((name) => ({ name, data: name }));
    await refuses(both("a.txt", "a.txt"), /holds both "a.txt" and "a.txt"/);
    await refuses(both("Model.json", "model.json"), /holds both "Model.json" and "model.json"/);
    await refuses(both("caf\u00e9", "cafe\u0301"), /holds both/);
    await refuses(both("stra\u00dfe", "STRASSE"), /holds both/);
    await refuses(both("a", "a/b"), /holds both "a" and/);
    await refuses(both("a/b", "a"), /holds both "a" and "a"/);
    await refuses(both("A/b", "a/c"), /holds both "A" and "a\/c"/);
  });

  it("refuses what is encrypted or packed in an unknown way", async () => {
    await refuses([{ name: "a", data: "x", flags: 0x801 }], /"a", which is encrypted/);
    await refuses([{ name: "a", data: "x", method: 12 }], /compressed in a way that is not known \(12\)/);
  });

  it("refuses more files than allowed, also where they are few in the archive's own count", async () => {
    const many = Array.from({ length: 101 }, (_, i) => ({ name: `f${i}`, data: "" }));
    await refuses(many, /more than the 100 files/);
    await refuses(zip(many.slice(0, 5), { count: 60_000 }), /more than the 100 files/);
    const folders = Array.from({ length: 1200 }, (_, i) => ({ name: `d${i}/`, mode: 0o040755 }));
    await refuses(folders, /more than the 100 files/);
  });

  it("refuses more bytes than allowed, by what the archive says and by what comes out", async () => {
    const zeros = Buffer.alloc(1_000_001);
    await refuses([{ name: "a", data: zeros }], /more than the 1.0 MB|1000 kB/);
    await refuses([{ name: "a", data: zeros, claims: { size: 10 } }], /too many bytes|more than/);
    const half = Buffer.alloc(600_000);
    await refuses(
      [
        { name: "a", data: half },
        { name: "b", data: half },
      ],
      /more than/,
    );
  });

  it("stops a bomb whose entries share their data", async () => {
    const data = Buffer.alloc(100_000);
    const entries: ZipEntry[] = [{ name: "f0", data }];
    for (let i = 1; i < 50; i++) entries.push({ name: `f${i}`, data, sameAs: 0 });
    const archive = zip(entries);
    assert.ok(archive.length < 10_000, `${archive.length} bytes`);
    await refuses(archive, /more than the .* that are allowed/);
  });

  it("refuses what is damaged", async () => {
    await refuses([{ name: "a", data: "hello", claims: { crc: 1 } }], /"a" is not what was packed/);
    await refuses([{ name: "a", data: "hello", claims: { size: 9 } }], /no archive that can be read/);
    const whole = zip([{ name: "a", data: Buffer.alloc(5000, "abc") }]);
    await refuses(whole.subarray(0, whole.length - 30), /no archive that can be read/);
    await refuses(Buffer.from("<html>not found</html>"), /no archive that can be read/);
    await refuses(Buffer.alloc(0), /no archive that can be read/);
  });

  it("writes nothing outside of the folder", () => {
    assert.equal(existsSync(join(place, "out.txt")), false);
    assert.equal(existsSync("/etc/out.txt"), false);
  });
});
