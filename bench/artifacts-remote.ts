import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { pythonWith } from "../test/interop/python.ts";
import { S3_KEYS, S3_REGION, type S3Server, startS3, versity } from "../test/interop/remotes/servers/s3.ts";
import type { Result } from "./result.ts";

/*
 * Claims: push and pull of 20,000 files of 4 KB to an S3-compatible server on the loopback take at most a
 * fifth of what DVC takes for the same; one file of 5 GB goes at 0.8 of what the loopback gives at least.
 *
 * Both programs take turns on the same files, cache and server, each with a prefix of its own. What the
 * loopback gives is what Node's own client needs to send the file's bytes to a server that drops them.
 * SMALL_FILES and LARGE_MEGABYTES in the environment make it shorter.
 * Run: npm run build && node --import tsx bench/artifacts-remote.ts
 */

const FILES = Number(process.env.SMALL_FILES ?? 20_000);
const MEGABYTES = Number(process.env.LARGE_MEGABYTES ?? 5000);
const TIMES = 5;
const SHARE = 0.8;
const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

interface Programs {
  readonly dvc: readonly string[];
  readonly trainyard: readonly string[];
}

function run(folder: string, command: readonly string[]): number {
  const [program = "", ...args] = command;
  const env = { ...process.env, ...S3_KEYS, DVC_NO_ANALYTICS: "1" };
  const began = performance.now();
  const { status, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  return (performance.now() - began) / 1000;
}

function repository(server: S3Server, bucket: string): string {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-bench-"));
  server.bucket(bucket);
  run(folder, ["git", "init", "--quiet"]);
  mkdirSync(join(folder, ".dvc"));
  const sections = ["dvc", "trainyard"].map(
    (name) =>
      `['remote "${name}"']\n    url = s3://${bucket}/${name}\n    endpointurl = ${server.origin}\n    region = ${S3_REGION}\n`,
  );
  writeFileSync(join(folder, ".dvc/config"), sections.join(""));
  return folder;
}

/** Seconds that each program takes to push, and to pull into an empty repository. */
function transfer(folder: string, path: string, programs: Programs) {
  run(folder, [...programs.trainyard, "add", path]);
  const seconds: Record<string, number> = {};
  for (const name of ["dvc", "trainyard"] as const) {
    seconds[`${name} push`] = run(folder, [...programs[name], "push", "-r", name]);
  }
  for (const name of ["dvc", "trainyard"] as const) {
    rmSync(join(folder, ".dvc/cache"), { recursive: true });
    rmSync(join(folder, path), { recursive: true });
    seconds[`${name} pull`] = run(folder, [...programs[name], "pull", "-r", name]);
  }
  return seconds;
}

const of = (seconds: Readonly<Record<string, number>>, name: string): number => seconds[name] ?? Number.NaN;

function small(server: S3Server, programs: Programs): Result[] {
  const folder = repository(server, "small");
  try {
    for (let index = 0; index < FILES; index++) {
      const inner = join(folder, "data/d", String(index % 100));
      if (index < 100) mkdirSync(inner, { recursive: true });
      writeFileSync(join(inner, `${index}.bin`), randomBytes(4096));
    }
    const detail = transfer(folder, "data/d", programs);
    return ["push", "pull"].map((command) => {
      const measured = of(detail, `dvc ${command}`) / of(detail, `trainyard ${command}`);
      return {
        claim: `${command} of ${FILES} files of 4 KB to S3, against DVC`,
        measured,
        limit: TIMES,
        unit: "× as fast",
        ok: measured >= TIMES,
        detail,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds that a file's bytes take through the loopback, to a server in another process that drops them. */
async function loopback(path: string): Promise<number> {
  const { spawn } = await import("node:child_process");
  const server = `require("node:http").createServer((q, a) => { q.resume(); q.on("end", () => a.end()); })
    .listen(0, "127.0.0.1", function () { console.log(this.address().port); })`;
  const child = spawn(process.execPath, ["-e", server], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const port = await new Promise<number>((resolve) =>
      child.stdout.once("data", (text) => resolve(Number(text))),
    );
    const began = performance.now();
    const asked = request({ host: "127.0.0.1", port, method: "PUT" });
    const answered = new Promise<void>((resolve, reject) => {
      asked.on("response", (answer) => answer.resume().on("end", resolve)).on("error", reject);
    });
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), asked);
    await answered;
    return (performance.now() - began) / 1000;
  } finally {
    child.kill();
  }
}

async function large(server: S3Server, programs: Programs): Promise<Result[]> {
  const folder = repository(server, "large");
  try {
    const path = join(folder, "large.bin");
    const file = openSync(path, "w");
    for (let done = 0; done < MEGABYTES; done += 10) writeSync(file, randomBytes(10e6));
    const limit = await loopback(path);
    const detail = { loopback: limit, ...transfer(folder, "large.bin", programs) };
    return ["push", "pull"].map((command) => {
      const measured = limit / of(detail, `trainyard ${command}`);
      return {
        claim: `${command} of one file of ${MEGABYTES} MB to S3, against the bare loopback`,
        measured,
        limit: SHARE,
        unit: "of its speed",
        ok: measured >= SHARE,
        detail,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function bench(): Promise<Result[]> {
  if (!existsSync(CLI)) throw new Error("dist/cli.js is missing; run npm run build");
  const { python, skip } = pythonWith("dvc-3.67.1-remotes", ["dvc[s3]==3.67.1"], ["dvc", "dvc_s3"]);
  const gateway = versity();
  const reason = skip || gateway.skip;
  if (reason) throw new Error(reason);
  const server = await startS3(gateway);
  const programs = { dvc: [python, "-m", "dvc"], trainyard: [process.execPath, CLI] };
  try {
    return [
      ...(FILES > 0 ? small(server, programs) : []),
      ...(MEGABYTES > 0 ? await large(server, programs) : []),
    ];
  } finally {
    await server.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await bench(), null, 2));
