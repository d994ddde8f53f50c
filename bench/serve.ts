import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPorts } from "../src/adapters/open.ts";
import { desiredPath, writeDesired } from "../src/core/deployments/desired.ts";
import { layersModel } from "../src/core/models/layers-model.ts";
import { networkOf } from "../src/core/training/network.ts";
import { serve } from "../src/works/serve/serve.ts";
import { checkoutSource } from "../src/works/serve/source.ts";
import { main } from "./arguments.ts";
import type { Result } from "./result.ts";

/*
 * Claim: a prediction for one row of ten numbers takes at most twelve times as long as an answer of a
 * server on node:http that only reads the body and sends it back, with the prediction log written.
 *
 * The two take turns, so that a busy machine slows both; the best of five turns counts. Eight
 * connections that are kept alive ask one request after the other. Run: node --import tsx bench/serve.ts
 */

const TURNS = 5;
const REQUESTS = 4000;
const CONNECTIONS = 8;
const LIMIT = 12;

/** Milliseconds that all requests of a turn take. */
async function turn(port: number, body: string): Promise<number> {
  const message = `POST /v1/models/bench:predict HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const start = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, () => talk(port, message, REQUESTS / CONNECTIONS)));
  return performance.now() - start;
}

/** One connection: the next request goes out when the answer to the last one is here. */
function talk(port: number, message: string, times: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(message));
    let [heard, left] = ["", times];
    socket.on("error", reject);
    socket.on("close", () =>
      left === 0 ? resolve() : reject(new Error(`closed with ${left} to go: ${heard}`)),
    );
    socket.on("data", (bytes) => {
      heard += bytes.toString("latin1");
      const head = heard.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(heard.slice(0, head))?.[1]);
      if (head < 0 || heard.length < head + 4 + length) return;
      if (!heard.startsWith("HTTP/1.1 200")) return void socket.destroy(new Error(heard));
      heard = "";
      if (--left === 0) socket.end();
      else socket.write(message);
    });
  });
}

const WIDTH = 10;
const NAMES = Array.from({ length: WIDTH }, (_, i) => `x${i}`);

/** A repository that wants a small network served. */
async function checkout(folder: string) {
  const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "1" } });
  const workspace = await ports.workspace(folder);
  const made = join(folder, "made");
  mkdirSync(made);
  const network = networkOf("binary-classification", 2, WIDTH, [16]);
  const weights = Float32Array.from({ length: network.size }, (_, at) => Math.sin(at + 1));
  for (const [name, bytes] of layersModel(network, weights)) writeFileSync(join(made, name), bytes);
  const step = (name: string) => ({
    step: "scale",
    column: name,
    outputs: [`${name}_scaled`],
    center: 1,
    spread: 2,
  });
  const files = {
    "bundle.json": {
      schema: "trainyard/model/1",
      model: "bench",
      task: "binary-classification",
      label: "y",
      classes: ["no", "yes"],
      threshold: 0.5,
      decided: null,
      trainer: "mlp",
      runtime: "tensorflow.js",
      kind: "tensorflow",
      file: "model.json",
      takes: "features",
      rows: { train: 1, validation: 1 },
    },
    "recipe.json": {
      schema: "trainyard/recipe/1",
      inputs: NAMES.map((name) => ({ name, kind: "number" })),
      values: [],
      takes: "features",
      features: NAMES.map(step),
      outputs: NAMES.map((name) => `${name}_scaled`),
    },
    "reference.json": {
      schema: "trainyard/reference/1",
      rows: 1,
      columns: NAMES.map((name) => ({
        name,
        kind: "number",
        min: 0,
        max: 1,
        edges: [],
        counts: [1],
        missing: 0,
        infinite: 0,
      })),
      personal: [],
    },
  };
  for (const [name, value] of Object.entries(files)) writeFileSync(join(made, name), JSON.stringify(value));
  const digest = await workspace.cache.put(made);
  const path = join(folder, desiredPath("bench", "bench"));
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, writeDesired({ model: "bench", digest }));
  return { ports, workspace };
}

/** Time of a prediction to that of an echo. */
export async function bench(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-bench-"));
  const stop = new AbortController();
  const { ports, workspace } = await checkout(folder);
  let listens: (url: string) => void = () => {};
  const url = new Promise<string>((resolve) => {
    listens = resolve;
  });
  const say = (text: string): void => {
    if (text.startsWith("listens on ")) listens(text.slice("listens on ".length));
  };
  const progress = { start: () => ({ update() {}, end() {} }), say };
  const done = serve(
    { ...ports, progress, signal: stop.signal },
    {
      workspace,
      source: checkoutSource(workspace, "bench"),
      environment: "bench",
      models: [],
      host: "127.0.0.1",
      port: 0,
      log: join(folder, "log"),
      every: 60_000,
    },
  );
  const echo = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      response
        .writeHead(200, { "content-type": "application/json", "content-length": body.length })
        .end(body);
    });
  });
  try {
    const ours = await url;
    while ((await fetch(`${ours}/readyz`)).status !== 200) await new Promise((wait) => setTimeout(wait, 50));
    await new Promise<void>((ready) => void echo.listen(0, "127.0.0.1", ready));
    const body = JSON.stringify({ instances: [Object.fromEntries(NAMES.map((name, i) => [name, i / 7]))] });
    let [served, echoed] = [Infinity, Infinity];
    for (let i = 0; i < TURNS; i++) {
      echoed = Math.min(echoed, await turn((echo.address() as AddressInfo).port, body));
      served = Math.min(served, await turn(Number(new URL(ours).port), body));
    }
    stop.abort();
    const { log } = await done;
    const measured = served / echoed;
    return [
      {
        claim: "a prediction for one row over HTTP, logged, against an echo on node:http",
        measured,
        limit: LIMIT,
        unit: "× its time",
        ok: measured <= LIMIT && log?.written === TURNS * REQUESTS,
        detail: {
          "requests a second": Math.round((REQUESTS / served) * 1000),
          "echoes a second": Math.round((REQUESTS / echoed) * 1000),
          log,
        },
      },
    ];
  } finally {
    stop.abort();
    echo.closeAllConnections();
    echo.close();
    await ports.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(import.meta.url, bench);
