import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { RunResult } from "../../local/contract.ts";
import { openWorld, type World, type WorldOptions } from "../../local/world.ts";
import { asWorkflow, beginTiny, contractOf, rowsOf } from "./tiny.ts";

const CLI = resolve("dist/cli.js");

/** The workflow that looks. */
export const MONITOR = ".github/workflows/trainyard-monitor.yml";

const contract = (log: string, { remote, refresh = "true" }: WatchedOptions): string =>
  contractOf({
    features: "  - scale: [told]\n  - one_hot: [kind]\n",
    epochs: 20,
    rest: `${remote === undefined ? "" : `artifacts: { remote: "${remote}" }\n`}deploy:
  production: { to: server }
monitor:
  predictions: ${log}
  min_rows: 100
  window: 7d
  then: { retrain: pull-request }
retrain:
  refresh: "${refresh}"
`,
  });

/** Where such a team keeps its data, beside the starter's folder, and what brings its newest rows. */
export interface WatchedOptions extends Pick<WorldOptions, "runner"> {
  readonly remote?: string;
  /** What the remote's client is told. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly refresh?: string;
}

/** An issue as the API shows it. */
export interface ShownIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly state_reason: string | null;
  readonly labels: readonly { readonly name: string }[];
  readonly user: { readonly login: string };
}

/** A team whose model serves in production, where it is asked by a test. */
export interface Watched {
  readonly world: World;
  /** Writes down what production was asked just now. @param kind of the worker of each row */
  ask(count: number, kind: (row: number) => string): void;
  /** Nothing was ever asked. */
  forget(): void;
  /** Lets the monitor's hour come. */
  look(): Promise<readonly RunResult[]>;
  /** All of them, open and closed. */
  issues(): Promise<readonly ShownIssue[]>;
  close(): Promise<void>;
}

/** The kinds of workers that the model was trained on, each as often. */
export const asTrained = (row: number): string => (row % 3 === 0 ? "clerical" : "service");

/** Opens it, with the model trained, merged and served. */
export async function openWatched(options: WatchedOptions = {}): Promise<Watched> {
  const log = mkdtempSync(join(tmpdir(), "trainyard-log-"));
  const { remote, variables, runner } = options;
  const world = await openWorld({
    ...(runner === undefined ? {} : { runner }),
    template: "wages",
    async begin(start) {
      const rows = rowsOf("id,told,kind,y", 900, (row) => [
        `r${row}`,
        row % 7,
        asTrained(row),
        row % 7 > 3 ? 1 : 0,
      ]);
      await beginTiny(start, contract(log, options), rows);
      if (remote !== undefined) rmSync(join(start.folder, ".dvc"), { recursive: true });
      const adding = remote === undefined ? [] : [["add", "data/rows.csv"]];
      for (const args of [["init"], ...adding, ["run"], ["push"]])
        execFileSync(process.execPath, [CLI, ...args], {
          cwd: start.folder,
          stdio: "pipe",
          env: { ...process.env, ...variables },
        });
    },
  });
  const lock = parse(world.checkout.read("trainyard.lock")) as {
    stages: { train: { out: readonly { path: string; md5: string; sha256: string }[] } };
  };
  const served = lock.stages.train.out.find(({ path }) => path === "models/wages");
  assert.ok(served);
  await world.checkout.push("Serve it"); // whose event the release would run for
  await world.settled();
  await deploy(world, served);
  let written = 0;

  return {
    world,
    ask(count, kind) {
      const folder = join(log, "wages", new Date().toISOString().slice(0, 10));
      mkdirSync(folder, { recursive: true });
      const lines = Array.from({ length: count }, (_, row) =>
        JSON.stringify({
          id: `${written}-${row}`,
          at: new Date().toISOString(),
          model: "wages",
          version: "v1.0.0",
          sha256: served.sha256,
          environment: "production",
          inputs: { told: row % 7, kind: kind(row) },
          score: 0.5,
          decision: "1",
          ms: 1,
        }),
      );
      writeFileSync(join(folder, `a-${written++}.jsonl`), `${lines.join("\n")}\n`);
    },
    forget: () => rmSync(join(log, "wages"), { recursive: true }),
    async look() {
      await world.github.schedule(world.repository, MONITOR);
      return world.settled();
    },
    issues: async () => (await world.ada.api("GET", `/repos/${world.repository}/issues?state=all`)) as never,
    async close() {
      await world.close();
      rmSync(log, { recursive: true, force: true });
    },
  };
}

/** Writes the served model down as the release workflow does. */
async function deploy(
  world: World,
  { md5, sha256 }: { readonly md5: string; readonly sha256: string },
): Promise<void> {
  await asWorkflow(world, "release.yml", { deployments: "write" }, async (forge) => {
    const { id } = await forge.deployments.create({
      ref: "main",
      environment: "production",
      production: true,
      description: "wages v1.0.0",
      payload: {
        schema: "trainyard/deployment/1",
        model: "wages",
        folder: "",
        environment: "production",
        version: "v1.0.0",
        sha256,
        md5,
        reason: "merged",
      },
    });
    await forge.deployments.status(id, { state: "success", description: "serves" });
  });
}
