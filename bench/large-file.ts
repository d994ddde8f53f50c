import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { askedOf } from "./arguments.ts";
import type { Result } from "./result.ts";

/*
 * Claim: a file over 4 GiB is added, pushed, pulled into another clone, checked out and verified, byte for byte,
 * with less than 300 MB of memory. Its name is held against `md5sum`.
 *
 * The file is a hole with some bytes at its ends and around 2^32; what is kept of it are copies, so three times
 * its size has to be free. Run: npm run build && node --import tsx bench/large-file.ts
 */

const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const MEMORY = 300;

const { values: asked } = askedOf(import.meta.url, {
  options: {
    gigabytes: { value: "N", says: "size of the file", default: 4.1 },
    folder: { value: "PATH", says: "where the data go", default: tmpdir() },
  },
  needs: ["npm run build", "git, md5sum and /usr/bin/time"],
});
const size = Math.round(asked.gigabytes * 2 ** 30);
/** Bytes that a number of 32 bits would lead to somewhere else. */
const MARKS = [0, 2 ** 31 - 2, 2 ** 32 - 2, size - 5].filter((at) => at < size);
const MARK = Buffer.from("mark!");

const folder = mkdtempSync(join(asked.folder, "trainyard-large-"));
const [here, there] = [join(folder, "here"), join(folder, "there")];
try {
  git(folder, "init", "-q", here);
  const config =
    "[core]\n    remote = store\n[cache]\n    type = hardlink\n['remote \"store\"']\n    url = ../../store\n";
  git(here, "config", "user.name", "Bench");
  git(here, "config", "user.email", "bench@example.com");
  mkdirSync(join(here, ".dvc"));
  writeFileSync(join(here, ".dvc/config"), config);
  const file = openSync(join(here, "large.bin"), "w");
  ftruncateSync(file, size);
  for (const at of MARKS) writeSync(file, MARK, 0, MARK.length, at);
  closeSync(file);
  const digest = execFileSync("md5sum", [join(here, "large.bin")], { encoding: "utf8" }).slice(0, 32);

  const memory: Record<string, number> = {};
  memory.add = run(here, "add", "large.bin");
  memory.push = run(here, "push");
  git(here, "add", "-A");
  git(here, "commit", "-q", "-m", "Keep a large file");
  git(folder, "clone", "-q", here, there);
  memory.pull = run(there, "pull");
  memory.verify = run(there, "verify", "--all");
  memory.status = run(there, "status");
  const pointer = readFileSync(join(there, "large.bin.dvc"), "utf8");
  const whole =
    pointer.includes(digest) &&
    statSync(join(there, "large.bin")).size === size &&
    MARKS.every((at) => bytesAt(join(there, "large.bin"), at).equals(MARK));
  const most = Math.max(...Object.values(memory));
  const result: Result = {
    claim: `a file of ${size} bytes goes through add, push, pull and verify and comes back whole`,
    measured: most,
    limit: MEMORY,
    unit: "MB",
    ok: whole && most < MEMORY,
    detail: { whole, digest, memory },
  };
  console.log(JSON.stringify([result], null, 2));
  if (!result.ok) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function git(cwd: string, ...args: readonly string[]): void {
  execFileSync("git", args, { cwd, stdio: "pipe" });
}

/** Runs a command, which fails where anything is amiss. @returns the most memory that it had, in MB */
function run(cwd: string, ...args: readonly string[]): number {
  const { status, stdout, stderr } = spawnSync(
    "/usr/bin/time",
    ["-f", "%M", process.execPath, CLI, ...args],
    { cwd, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stdout}${stderr}`);
  return Math.round(Number(stderr.trim().split("\n").at(-1)) / 1024);
}

function bytesAt(path: string, at: number): Buffer {
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(MARK.length);
  readSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
  return bytes;
}
