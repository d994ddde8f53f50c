import { execFile, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pythonWith } from "../test/interop/python.ts";
import { askedOf, main } from "./arguments.ts";
import type { Result } from "./result.ts";

/*
 * Claims: with 20,000 files of 4 KB, `trainyard add` is at least 8 times as fast as DVC's, `status` with
 * nothing changed 20 times, `checkout` 5 times; a large file is added at 0.9 of the speed of one core's md5 or
 * of copying it, whichever is less; and memory stays below 300 MB, with a million files, too.
 *
 * Both work on the same data on the same disk, one after the other, each in a repository of its own. Seconds
 * are those of the clock; what the processor did is in the details, since others may use the machine.
 * Run: npm run build && node --import tsx bench/artifacts-local.ts
 */

const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const MEMORY = 300;
const DVC = "dvc==3.67.1";
const SMALL = 4096;

const ABOUT = {
  options: {
    files: { value: "N", says: "how many small files", default: 20_000 },
    large: { value: "N", says: "gigabytes of the large file; 0 leaves it out", default: 5 },
    many: { value: "N", says: "how many files to add for the memory alone; 0 leaves it out", default: 0 },
    dvc: { value: "PATH", says: "a DVC that is there; else it is installed from PyPI" },
    folder: { value: "PATH", says: "where the data go: on the disk that is meant", default: tmpdir() },
  },
  needs: ["python3 with venv"],
};
const { values: asked } = askedOf(import.meta.url, ABOUT);

/** One run of a program. */
interface Run {
  readonly seconds: number;
  /** Of the processor, in the program and in the system for it. */
  readonly cpu: number;
  readonly megabytes: number;
}

const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

/** Runs a command under a small program that says afterwards what it took. */
async function timed(cwd: string, home: string, command: readonly string[]): Promise<Run> {
  const script =
    "import json,os,resource,subprocess,sys,time\nb=time.time()\ncode=subprocess.call(sys.argv[1:],stdout=subprocess.DEVNULL)\nr=resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(json.dumps([time.time()-b,r.ru_utime+r.ru_stime,r.ru_maxrss/1024]))\nsys.exit(code)";
  const env = {
    ...environment,
    HOME: home,
    DVC_NO_ANALYTICS: "1",
    DVC_SITE_CACHE_DIR: join(home, "site"),
    CI: "true",
  };
  const { stdout } = await promisify(execFile)("python3", ["-c", script, ...command], { cwd, env });
  const [seconds = 0, cpu = 0, megabytes = 0] = JSON.parse(stdout) as number[];
  return { seconds, cpu, megabytes };
}

async function smallFiles(folder: string, count: number, size: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const below = join(folder, String(i % 100).padStart(2, "0"));
    if (i < 100) await mkdir(below, { recursive: true });
    await writeFile(join(below, `file-${String(i).padStart(7, "0")}.bin`), randomBytes(size));
  }
}

async function largeFile(path: string, gigabytes: number): Promise<number> {
  const file = await open(path, "wx");
  const block = randomBytes(1 << 22);
  let size = 0;
  for (; size < gigabytes * 2 ** 30; size += block.length) {
    block.writeUInt32LE(size / block.length, 0);
    await file.write(block);
  }
  await file.close();
  return size;
}

interface Peer {
  readonly name: string;
  readonly init: readonly string[];
  command(...args: readonly string[]): readonly string[];
}

/** The four commands on small files, in an own repository. */
async function round(peer: Peer, folder: string, home: string, data: string): Promise<Record<string, Run>> {
  const repo = join(folder, peer.name);
  await mkdir(repo);
  spawnSync("git", ["init", "--quiet"], { cwd: repo });
  if (peer.init.length > 0) await timed(repo, home, peer.init);
  await cp(data, join(repo, "data"), { recursive: true });
  spawnSync("sync");
  const add = await timed(repo, home, peer.command("add", "data"));
  await timed(repo, home, peer.command("status"));
  const status = await timed(repo, home, peer.command("status"));
  // Moved, not removed: some file systems make files slowly for minutes where many were removed.
  await rename(join(repo, "data"), join(folder, `${peer.name}-before`));
  spawnSync("sync");
  const checkout = await timed(repo, home, peer.command("checkout"));
  return { add, status, checkout };
}

const LIMITS: Readonly<Record<string, number>> = { add: 8, status: 20, checkout: 5 };

export async function bench(): Promise<Result[]> {
  if (!existsSync(CLI)) throw new Error("dist/cli.js is missing; run npm run build");
  const dvc = asked.dvc ?? join(pythonWith("dvc", [DVC], ["dvc"]).python, "..", "dvc");
  const folder = await mkdtemp(join(asked.folder, "trainyard-bench-"));
  try {
    const home = join(folder, "home");
    await mkdir(home);
    return [
      ...(await smallOnes(folder, home, dvc)),
      ...(asked.large > 0 ? await largeOne(folder, home, dvc) : []),
      ...(asked.many > 0 ? await manyOnes(folder, home) : []),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function smallOnes(folder: string, home: string, dvc: string): Promise<Result[]> {
  const count = asked.files;
  const data = join(folder, "small");
  await smallFiles(data, count, SMALL);
  const ours = await round(
    { name: "ours", init: [], command: (...args) => [process.execPath, CLI, ...args] },
    folder,
    home,
    data,
  );
  const theirs = await round(
    { name: "dvc", init: [dvc, "init", "-q"], command: (...args) => [dvc, ...args, "-q"] },
    folder,
    home,
    data,
  );
  const speeds = Object.entries(LIMITS).map(([what, limit]): Result => {
    const [a, b] = [ours[what], theirs[what]];
    const measured = (b?.seconds ?? 0) / (a?.seconds ?? 1);
    return {
      claim: `${what} of ${count} files of 4 KB, against DVC`,
      measured,
      limit,
      unit: "times as fast, at least",
      ok: measured >= limit,
      detail: { ours: a, dvc: b, cpuRatio: (b?.cpu ?? 0) / (a?.cpu ?? 1) },
    };
  });
  return [...speeds, memory(`${count} files of 4 KB`, Object.values(ours))];
}

function memory(what: string, runs: readonly Run[]): Result {
  const measured = Math.max(...runs.map(({ megabytes }) => megabytes));
  return { claim: `memory with ${what}`, measured, limit: MEMORY, unit: "MB", ok: measured < MEMORY };
}

/** Bytes a second at which one core hashes. */
function hashSpeed(): number {
  const block = randomBytes(1 << 20);
  const hash = createHash("md5");
  const began = performance.now();
  for (let i = 0; i < 512; i++) hash.update(block);
  return (512 * block.length) / ((performance.now() - began) / 1000);
}

async function largeOne(folder: string, home: string, dvc: string): Promise<Result[]> {
  const repo = join(folder, "large");
  await mkdir(repo);
  spawnSync("git", ["init", "--quiet"], { cwd: repo });
  const size = await largeFile(join(repo, "large.bin"), asked.large);
  spawnSync("sync");
  const began = performance.now();
  await cp(join(repo, "large.bin"), join(folder, "copy.bin"));
  const copied = size / ((performance.now() - began) / 1000);
  await rm(join(folder, "copy.bin"));
  spawnSync("sync");
  const speed = hashSpeed();
  const added = await timed(repo, home, [process.execPath, CLI, "add", "large.bin"]);
  const measured = size / added.seconds / Math.min(copied, speed);
  spawnSync("sync");
  await rm(join(repo, "large.bin"));
  const out = await timed(repo, home, [process.execPath, CLI, "checkout"]);
  await rm(join(repo, ".dvc"), { recursive: true });
  await rm(join(repo, "large.bin.dvc"));
  spawnSync(dvc, ["init", "-q"], { cwd: repo, env: { ...environment, HOME: home, DVC_NO_ANALYTICS: "1" } });
  spawnSync("sync");
  const theirs = await timed(repo, home, [dvc, "add", "-q", "large.bin"]);
  const perSecond = (bytes: number): number => Math.round(bytes / 2 ** 20);
  return [
    {
      claim: `add of one file of ${asked.large} GB, of the speed of md5 or of the disk`,
      measured,
      limit: 0.9,
      unit: "of it, at least",
      ok: measured >= 0.9,
      detail: {
        mebibytesPerSecond: {
          md5: perSecond(speed),
          copy: perSecond(copied),
          add: perSecond(size / added.seconds),
        },
        added,
        checkedOut: out,
        dvcAdd: theirs,
      },
    },
    memory(`one file of ${asked.large} GB`, [added, out]),
  ];
}

async function manyOnes(folder: string, home: string): Promise<Result[]> {
  const count = asked.many;
  const repo = join(folder, "many");
  await mkdir(repo);
  spawnSync("git", ["init", "--quiet"], { cwd: repo });
  await smallFiles(join(repo, "data"), count, 16);
  const runs: Record<string, Run> = {};
  for (const what of ["add", "status", "checkout"]) {
    if (what === "checkout") await rename(join(repo, "data"), join(folder, "many-before"));
    const paths = what === "add" ? ["data"] : [];
    runs[what] = await timed(repo, home, [process.execPath, CLI, what, ...paths]);
  }
  const found = await readdir(join(repo, "data"));
  if (found.length !== Math.min(100, count)) throw new Error("the checkout is not complete");
  return [{ ...memory(`${count} files`, Object.values(runs)), detail: { runs, cpu: cpus()[0]?.model } }];
}

await main(import.meta.url, bench, ABOUT);
