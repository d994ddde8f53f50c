import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type OpenPorts, openPorts } from "../../../src/adapters/open.ts";
import { send } from "../../../src/artifacts/transfer.ts";
import type { Digest } from "../../../src/core/artifacts/digest.ts";
import { desiredPath, writeDesired } from "../../../src/core/deployments/desired.ts";
import { layersModel } from "../../../src/core/models/layers-model.ts";
import { networkOf } from "../../../src/core/training/network.ts";
import type { Workspace } from "../../../src/ports/workspace.ts";
import { type ServedFor, type ServeOptions, serve } from "../../../src/works/serve/serve.ts";
import { checkoutSource } from "../../../src/works/serve/source.ts";

/** Rows as a caller sends them: a number, a category, a truth value, a time, and a person's gender. */
export const ROWS = [
  { a: 1.5, city: "Bonn", member: true, at: "2026-01-31T07:00:00Z", gender: "f" },
  { a: -2, city: "Köln", member: false, at: "2026-06-01", gender: "m" },
  { a: 0.1, city: null, member: true, at: "2025-12-24 23:59:59.5", gender: "f" },
  { a: null, city: "elsewhere", member: false, at: "2026-02-28T00:00:00Z", gender: "m" },
] as const;

const RECIPE = {
  schema: "trainyard/recipe/1",
  inputs: [
    { name: "a", kind: "number" },
    { name: "city", kind: "text" },
    { name: "member", kind: "boolean" },
    { name: "at", kind: "time" },
    { name: "gender", kind: "text" },
  ],
  values: [{ step: "fill", column: "a", value: 0.25 }],
  takes: "features",
  features: [
    { step: "scale", column: "a", outputs: ["a_scaled"], center: 0.3, spread: 1.7 },
    {
      step: "one_hot",
      column: "city",
      outputs: ["city=Bonn", "city=Köln"],
      categories: ["Bonn", "Köln"],
    },
    { step: "keep", column: "member", outputs: ["member"] },
    { step: "date", column: "at", outputs: ["at_month"], part: "month" },
    { step: "one_hot", column: "gender", outputs: ["gender=f", "gender=m"], categories: ["f", "m"] },
  ],
  outputs: ["a_scaled", "city=Bonn", "city=Köln", "member", "at_month", "gender=f", "gender=m"],
};

const REFERENCE = {
  schema: "trainyard/reference/1",
  rows: 2,
  columns: [
    { name: "a", kind: "number", min: 0, max: 1, edges: [], counts: [2], missing: 0, infinite: 0 },
    { name: "city", kind: "category", values: [], counts: [], other: 2, missing: 0 },
    {
      name: "at (month)",
      of: { column: "at", part: "month" },
      kind: "category",
      values: [],
      counts: [],
      other: 2,
      missing: 0,
    },
  ],
  personal: ["gender"],
};

/** What another model has otherwise. */
export interface Making {
  readonly name?: string;
  /** The weights are drawn from it: another seed is another model. */
  readonly seed?: number;
  readonly classes?: readonly string[];
  readonly reference?: object | undefined;
  readonly kind?: "tensorflow" | "predictions";
}

/** A repository with models in a store beside it, and the ports to serve them with. */
export interface Shop {
  readonly folder: string;
  readonly store: string;
  readonly ports: OpenPorts;
  readonly workspace: Workspace;
  /** What was said to the one who runs the server. */
  readonly said: string[];
  /** Makes a model and puts its bytes into the store; none of it stays in the checkout or its cache. */
  make(making?: Making): Promise<Digest>;
  /** Writes the folder of a model. */
  write(folder: string, making?: Making): void;
  desire(digest: Digest, version?: string, model?: string): void;
  /** Takes the store away, and brings it back. */
  away(gone: boolean): void;
  /** Serves until `stop`; answers when it listens and every model was looked for once. */
  open(options?: Partial<ServeOptions>): Promise<Open>;
}

/** A server that runs. */
export interface Open {
  readonly url: string;
  /** As SIGTERM does. */
  stop(): Promise<ServedFor>;
}

/** Opens a shop; it is cleared away with the test. */
export async function openShop(context: TestContext): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-serve-"));
  const store = join(folder, "store");
  const checkout = join(folder, "checkout");
  mkdirSync(join(checkout, ".dvc"), { recursive: true });
  mkdirSync(store);
  writeFileSync(
    join(checkout, ".dvc", "config"),
    `[core]\n    remote = s\n['remote "s"']\n    url = ${store}\n`,
  );
  const said: string[] = [];
  const quiet = { start: () => ({ update() {}, end() {} }), say: (text: string) => void said.push(text) };
  const opened = openPorts({ folder: checkout, stream: process.stderr, environment: {} });
  const ports: OpenPorts = { ...opened, progress: quiet };
  const workspace = await ports.workspace(checkout);
  const running: Open[] = [];
  context.after(async () => {
    await Promise.all(running.map((server) => server.stop()));
    await ports.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const shop: Shop = {
    folder: checkout,
    store,
    ports,
    workspace,
    said,
    write: writeModel,

    async make(making = {}) {
      const made = join(checkout, "made");
      writeModel(made, making);
      const { cache } = workspace;
      const { md5, sha256 } = await cache.put(made);
      await send(md5, cache, await workspace.remote());
      rmSync(made, { recursive: true });
      rmSync(join(checkout, ".dvc", "cache"), { recursive: true });
      return { md5, sha256 };
    },

    desire(digest, version, model = "small") {
      const path = join(checkout, desiredPath("production", model));
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(`${path}.new`, writeDesired({ model, digest, version }));
      renameSync(`${path}.new`, path);
    },

    away(gone) {
      const [from, to] = gone ? [store, `${store}-away`] : [`${store}-away`, store];
      if (existsSync(from)) renameSync(from, to);
    },

    async open(options = {}) {
      const stop = new AbortController();
      const before = said.length;
      const done = serve(
        { ...ports, signal: stop.signal, endsWithin() {} },
        {
          workspace,
          source: checkoutSource(workspace, "production"),
          environment: "production",
          models: [],
          host: "127.0.0.1",
          port: 0,
          log: undefined,
          every: 100,
          ...options,
        },
      );
      let failed: unknown;
      done.catch((error: unknown) => {
        failed = error;
      });
      const url = await until(() => {
        if (failed !== undefined) throw failed;
        return said
          .slice(before)
          .find((line) => line.startsWith("listens on "))
          ?.slice("listens on ".length);
      });
      const server = {
        url,
        stop() {
          stop.abort();
          return done;
        },
      };
      running.push(server);
      await until(async () => {
        const { models } = (await (await fetch(`${url}/readyz`)).json()) as {
          models: { serving: unknown; trouble: unknown }[];
        };
        return models.every(({ serving, trouble }) => serving !== null || trouble !== null) || undefined;
      });
      return server;
    },
  };
  return shop;
}

function writeModel(
  folder: string,
  {
    name = "small",
    seed = 1,
    classes = ["no", "yes"],
    reference = REFERENCE,
    kind = "tensorflow",
  }: Making = {},
): void {
  mkdirSync(folder, { recursive: true });
  const network = networkOf("binary-classification", classes.length, RECIPE.outputs.length, []);
  const weights = Float32Array.from(
    { length: network.size },
    (_, at) => 0.3 * Math.sin((at + 1) * 12.9898 * seed),
  );
  for (const [file, bytes] of layersModel(network, weights)) writeFileSync(join(folder, file), bytes);
  const bundle = {
    schema: "trainyard/model/1",
    model: name,
    task: classes.length > 2 ? "multiclass-classification" : "binary-classification",
    label: "y",
    classes,
    threshold: classes.length > 2 ? null : 0.5,
    decided: "fixed in the contract",
    trainer: "mlp",
    runtime: "tensorflow.js",
    kind,
    file: kind === "predictions" ? "predictions.parquet" : "model.json",
    takes: "features",
    rows: { train: 2, validation: 1 },
  };
  writeFileSync(join(folder, "bundle.json"), JSON.stringify(bundle));
  writeFileSync(join(folder, "recipe.json"), JSON.stringify(RECIPE));
  if (Object.keys(reference).length > 0)
    writeFileSync(join(folder, "reference.json"), JSON.stringify(reference));
}

/** A log's lines, of all of its files. */
export function logged(folder: string): Record<string, unknown>[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".jsonl"))
    .sort()
    .flatMap((path) => readFileSync(join(folder, path), "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The body of an answer. */
export const textAt = async (url: string): Promise<string> => (await fetch(url)).text();

/** Waits until something is there; a test that waits for what never comes ends by its own limit. */
export async function until<T>(found: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const it = await found();
    if (it !== undefined) return it;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Asks for predictions. */
export async function predict(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  model = "small",
): Promise<{ readonly status: number; readonly id: string | null; readonly body: Record<string, unknown> }> {
  const response = await fetch(`${url}/v1/models/${model}:predict`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    id: response.headers.get("x-prediction-id"),
    body: (await response.json()) as Record<string, unknown>,
  };
}
