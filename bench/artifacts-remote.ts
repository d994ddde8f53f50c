import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { copyFile, open } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { queryOf, signed } from "../src/adapters/remotes/buckets/s3/sign.ts";
import { textOfElement } from "../src/adapters/remotes/buckets/s3/xml.ts";
import { type Connection, connectTo, wholeBody } from "../src/adapters/remotes/cloud/connection.ts";
import { pythonWith } from "../test/interop/python.ts";
import { S3_KEYS, S3_REGION, type S3Server, startS3, versity } from "../test/interop/remotes/servers/s3.ts";
import type { Result } from "./result.ts";

/*
 * Claims: push and pull of 20,000 files of 4 KB to an S3-compatible server on the loopback take at most a
 * fifth of what DVC takes for the same; one file of 5 GB goes at 0.8 at least of what the loopback gives.
 *
 * What the loopback gives for a large file is what the least client needs that does what each has to do, over
 * the same server and disk: the server writes the bytes and makes an md5 of each part, the client makes one md5
 * of the file on a thread of its own while it moves the bytes in parts over several connections, and after a
 * download copies them once, since cache and working tree both have them. It signs, and nothing else. We make a
 * sha256, too, as is promised of whatever leaves a machine or comes to it: where the processor has no
 * instructions for that, it takes longer than all the rest, and one core does it at the rate in the details. So
 * the same is measured with both digests, which is what this machine allows a client that keeps the promise.
 *
 * Both programs take turns on the same files, cache and server, each with a prefix of its own; the seconds
 * are those of the clock, the server's share among them, and what the processor did for the program alone is
 * in the details, of which "loopback" is for small files what Node's own client needs for the same bodies and a
 * server that keeps nothing.
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

/** What one run of a program took, or of requests that are as bare as can be. */
interface Run {
  readonly seconds: number;
  /** Seconds of the processor, in the program and in the system for it; the server's are not among them. */
  readonly cpu: number;
  readonly megabytes?: number;
}

const WATCHED =
  "import json,resource,subprocess,sys,time\nb=time.time()\ncode=subprocess.call(sys.argv[1:],stdout=subprocess.DEVNULL)\nr=resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(json.dumps([time.time()-b,r.ru_utime+r.ru_stime,r.ru_maxrss/1024]))\nsys.exit(code)";

/** Runs a command under a small program that says afterwards what it took. */
function run(folder: string, command: readonly string[]): Run {
  const { NODE_EXTRA_CA_CERTS: _, ...own } = process.env;
  const env = { ...own, ...S3_KEYS, DVC_NO_ANALYTICS: "1", CI: "true" };
  const { status, stdout, stderr } = spawnSync("python3", ["-c", WATCHED, ...command], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  const [seconds = 0, cpu = 0, megabytes = 0] = JSON.parse(stdout) as number[];
  const round = (value: number): number => Math.round(value * 100) / 100;
  return { seconds: round(seconds), cpu: round(cpu), megabytes: Math.round(megabytes) };
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

/** What each program takes to push, and to pull into an empty repository. */
function transfer(folder: string, path: string, programs: Programs) {
  run(folder, [...programs.trainyard, "add", path]);
  const runs: Record<string, Run> = {};
  for (const name of ["dvc", "trainyard"] as const) {
    runs[`${name} push`] = run(folder, [...programs[name], "push", "-r", name]);
  }
  for (const name of ["dvc", "trainyard"] as const) {
    // Aside, not away: ext4 is slow for minutes where many files were removed just before.
    renameSync(join(folder, ".dvc/cache"), join(folder, `.dvc/cache-before-${name}`));
    renameSync(join(folder, path), join(folder, `.dvc/before-${name}`));
    runs[`${name} pull`] = run(folder, [...programs[name], "pull", "-r", name]);
  }
  return runs;
}

const of = (runs: Readonly<Record<string, Run>>, name: string): number => runs[name]?.seconds ?? Number.NaN;

async function small(server: S3Server, programs: Programs): Promise<Result[]> {
  const folder = repository(server, "small");
  try {
    for (let index = 0; index < FILES; index++) {
      const inner = join(folder, "data/d", String(index % 100));
      if (index < 100) mkdirSync(inner, { recursive: true });
      writeFileSync(join(inner, `${index}.bin`), randomBytes(4096));
    }
    const detail = { ...(await loopback(FILES, 4096)), ...transfer(folder, "data/d", programs) };
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

/** Answers in another process: what is sent is dropped, and what is asked for are so many zeros. */
const SERVER = `
const zeros = Buffer.alloc(1 << 20);
require("node:http").createServer((q, a) => {
  if (q.method === "PUT") return q.resume().on("end", () => a.end());
  let left = Number(q.url.slice(1));
  a.setHeader("content-length", left);
  const more = () => {
    while (left > 0) {
      const part = left < zeros.length ? zeros.subarray(0, left) : zeros;
      left -= part.length;
      if (!a.write(part)) return a.once("drain", more);
    }
    a.end();
  };
  more();
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;

/** Requests that are under way at once. */
const LANES = 32;

/**
 * What the loopback gives: so many bodies of so many bytes through Node's own client, there and back, where
 * nobody signs, hashes or keeps anything.
 */
async function loopback(bodies: number, size: number): Promise<Record<string, Run>> {
  const child = spawn(process.execPath, ["-e", SERVER], { stdio: ["ignore", "pipe", "inherit"] });
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  try {
    const port = await new Promise<number>((resolve) =>
      child.stdout.once("data", (text) => resolve(Number(text))),
    );
    const ask = async (method: "PUT" | "GET"): Promise<void> => {
      const asked = request({ host: "127.0.0.1", port, method, agent, path: `/${size}` });
      const answered = once(asked, "response") as Promise<[IncomingMessage]>;
      if (method === "GET") asked.end();
      else asked.end(Buffer.alloc(size));
      const [answer] = await answered;
      await once(answer.resume(), "end");
    };
    const runs: Record<string, Run> = {};
    for (const [name, method] of [
      ["push", "PUT"],
      ["pull", "GET"],
    ] as const) {
      let left = bodies;
      const lane = async (): Promise<void> => {
        while (left-- > 0) await ask(method);
      };
      runs[`loopback ${name}`] = await timed(() =>
        Promise.all(Array.from({ length: Math.min(LANES, bodies) }, lane)),
      );
    }
    return runs;
  } finally {
    agent.destroy();
    child.kill();
  }
}

/** What something takes of the clock and of the processor, all threads of this process together. */
async function timed(work: () => Promise<unknown>): Promise<Run> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: Math.round((performance.now() - began) / 10) / 100,
    cpu: Math.round((user + system) / 1e4) / 100,
  };
}

const HASHING = `
const { workerData: [path, algorithm], parentPort } = require("node:worker_threads");
const { openSync, readSync } = require("node:fs");
const hash = require("node:crypto").createHash(algorithm);
const file = openSync(path, "r");
const buffer = Buffer.allocUnsafeSlow(1 << 20);
for (let read; (read = readSync(file, buffer)) > 0; ) hash.update(buffer.subarray(0, read));
parentPort.postMessage(hash.digest("hex"));`;

async function hashedAside(path: string, algorithm: string): Promise<void> {
  await once(new Worker(HASHING, { eval: true, workerData: [path, algorithm] }), "message");
}

const PART = 16 << 20;
const RANGE = 8 << 20;
const CONNECTIONS = 5;

/** Sends a file in parts and fetches it in ranges, with as little as that needs, while so many digests are made of it. */
async function least(server: S3Server, path: string, digests: readonly string[]) {
  const { size } = statSync(path);
  const times = { connectTimeout: 60_000, readTimeout: 60_000, verify: true, environment: {} };
  const connection: Connection = connectTo(server.origin, { lanes: CONNECTIONS, ...times });
  const ask = (
    method: string,
    query: Record<string, string>,
    body?: Uint8Array,
    more: Record<string, string> = {},
  ) => {
    const length: Record<string, string> =
      body === undefined ? {} : { "content-length": String(body.length) };
    const headers = { ...more, ...length };
    const { host } = connection;
    const unsigned = { method, host, path: "/large/least", query, headers, payload: "UNSIGNED-PAYLOAD" };
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = S3_KEYS;
    const sent = signed(unsigned, { accessKeyId, secretAccessKey }, S3_REGION, new Date());
    const to = `/large/least?${queryOf(query)}`;
    return connection.ask({ method, path: to, headers: sent, ...(body === undefined ? {} : { body }) });
  };
  const text = async (...request: Parameters<typeof ask>): Promise<string> =>
    (await wholeBody(server.origin, await ask(...request))).toString();
  const inLanes = async (step: number, work: (at: number, end: number) => Promise<void>): Promise<void> => {
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < size) {
        const at = next;
        next += step;
        await work(at, Math.min(size, at + step));
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  };
  const hashing = (): Promise<unknown> => Promise.all(digests.map((one) => hashedAside(path, one)));

  const push = await timed(async () => {
    const hashed = hashing();
    const uploadId = textOfElement(await text("POST", { uploads: "" }), "UploadId") ?? "";
    const etags: string[] = [];
    const file = await open(path, "r");
    await inLanes(PART, async (at, end) => {
      const part = Buffer.allocUnsafeSlow(end - at);
      for (let read = 0; read < part.length; )
        read += (await file.read(part, read, part.length - read, at + read)).bytesRead;
      const answer = await ask("PUT", { partNumber: String(at / PART + 1), uploadId }, part);
      await answer.body.drained();
      etags[at / PART] = answer.headers.etag ?? "";
    });
    await file.close();
    await hashed;
    const parts = etags.map(
      (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
    );
    const whole = Buffer.from(`<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`);
    const told = await text("POST", { uploadId }, whole);
    if (!told.includes("<ETag>")) throw new Error(told);
  });
  const pull = await timed(async () => {
    const hashed = hashing();
    const file = await open(`${path}.back`, "w");
    await inLanes(RANGE, async (at, end) => {
      const answer = await ask("GET", {}, undefined, { range: `bytes=${at}-${end - 1}` });
      const bytes = await wholeBody(server.origin, answer);
      if (bytes.length !== end - at) throw new Error(`${bytes.length} bytes came`);
      await file.write(bytes, 0, bytes.length, at);
    });
    await file.close();
    await hashed;
    await copyFile(`${path}.back`, `${path}.copy`);
  });
  connection.close();
  for (const end of ["back", "copy"]) rmSync(`${path}.${end}`);
  return { push, pull };
}

async function large(server: S3Server, programs: Programs): Promise<Result[]> {
  const folder = repository(server, "large");
  try {
    const path = join(folder, "large.bin");
    const file = openSync(path, "w");
    for (let done = 0; done < MEGABYTES; done += 10) writeSync(file, randomBytes(10e6));
    closeSync(file);
    const bare = await least(server, path, ["md5"]);
    const both = await least(server, path, ["md5", "sha256"]);
    const detail: Record<string, Run> = {
      "loopback push": bare.push,
      "loopback pull": bare.pull,
      "loopback push with sha256": both.push,
      "loopback pull with sha256": both.pull,
      "sha256 on one core": await timed(() => hashedAside(path, "sha256")),
      ...transfer(folder, "large.bin", programs),
    };
    const claims = ["", " with sha256"].flatMap((which) =>
      ["push", "pull"].map((command) => ({ command, which })),
    );
    return claims.map(({ command, which }) => {
      const measured = of(detail, `loopback ${command}${which}`) / of(detail, `trainyard ${command}`);
      return {
        claim: `${command} of one file of ${MEGABYTES} MB to S3, against the loopback${which}`,
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
      ...(FILES > 0 ? await small(server, programs) : []),
      ...(MEGABYTES > 0 ? await large(server, programs) : []),
    ];
  } finally {
    await server.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await bench(), null, 2));
