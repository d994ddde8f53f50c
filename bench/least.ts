import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, statSync } from "node:fs";
import { copyFile, open } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { Worker } from "node:worker_threads";
import { queryOf, signed } from "../src/adapters/remotes/buckets/s3/sign.ts";
import { textOfElement } from "../src/adapters/remotes/buckets/s3/xml.ts";
import { type Connection, connectTo, wholeBody } from "../src/adapters/remotes/cloud/connection.ts";
import { S3_KEYS, S3_REGION, type S3Server } from "../test/interop/remotes/servers/s3.ts";

/*
 * What a machine allows: requests and transfers that are as bare as can be, against which programs are measured.
 */

/** What one run of a program took, or of requests that are as bare as can be. */
export interface Run {
  readonly seconds: number;
  /** Seconds of the processor, in the program and in the system for it; the server's are not among them. */
  readonly cpu: number;
  readonly megabytes?: number;
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
export async function loopback(bodies: number, size: number): Promise<Record<string, Run>> {
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
export async function timed(work: () => Promise<unknown>): Promise<Run> {
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

/** Makes a digest of a file on a thread of its own. */
export async function hashedAside(path: string, algorithm: string): Promise<void> {
  await once(new Worker(HASHING, { eval: true, workerData: [path, algorithm] }), "message");
}

const PART = 16 << 20;
const RANGE = 8 << 20;
const CONNECTIONS = 5;

/** Sends a file in parts and fetches it in ranges, with as little as that needs, while so many digests are made of it. */
export async function least(server: S3Server, path: string, digests: readonly string[]) {
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
