import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";
import { commitTo, type MemoryWorld, memoryForge, memoryWorld } from "../../src/adapters/forge/memory.ts";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { parseDesired, writeDesired } from "../../src/core/deployments/desired.ts";
import { deploymentPath } from "../../src/core/deployments/records.ts";
import { UserError } from "../../src/errors.ts";
import type { Forge } from "../../src/ports/forge.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { parseInputs } from "../../src/stages/inputs.ts";
import rollback from "../../src/stages/rollback.ts";
import { git, silent, temporaryRepository, write } from "../artifacts/temporary.ts";
import { deployed, md5, sha } from "../core/deployments/make-records.ts";

const PRODUCTION = "deployments/production/wages.yaml";
const STAGING = "deployments/staging/wages.yaml";
const state = (digit: string, version?: string): string =>
  writeDesired({ model: "wages", digest: { sha256: sha(digit), md5: md5(digit) } as never, version });

let folder: string;
let world: MemoryWorld;

beforeEach(() => {
  folder = temporaryRepository({ [STAGING]: state("a", "v1.0.0"), [PRODUCTION]: state("a", "v1.0.0") });
  const to = (files: Readonly<Record<string, string>>) => {
    write(folder, files);
    git(folder, "commit", "-qam", "more");
  };
  to({ [STAGING]: state("b", "v1.1.0") });
  to({ [PRODUCTION]: state("b", "v1.1.0") });
  to({ [STAGING]: state("c", "v1.2.0") });
  to({ [PRODUCTION]: state("c", "v1.2.0") });
  write(folder, { "trainyard.yaml": "model: [ broken\n" });
  world = memoryWorld("acme/wages", { [PRODUCTION]: state("c", "v1.2.0"), "train.py": "train()\n" });
});

const ledgerOf = (records: readonly ReturnType<typeof deployed>[]): Ledger => {
  const files = new Map(records.map((record) => [deploymentPath(record), JSON.stringify(record)]));
  return {
    add: () => Promise.reject(new Error("a rollback records nothing")),
    list: async (below) => [...files.keys()].filter((path) => path.startsWith(`${below}/`)),
    read: async (path) => files.get(path),
  };
};
const inProduction = (digest: string, version: string, deployment: number, pull: number) =>
  deployed({ environment: "production", digest, version, deployment, pull, reason: "promoted" });

interface Surroundings {
  readonly ledger?: Ledger;
  readonly forge?: Forge;
}

/** Runs the stage as the command line does. */
async function run(options: Readonly<Record<string, string | boolean>>, around: Surroundings = {}) {
  const ports = {
    folder,
    host: { kind: "terminal", repository: undefined, hasToken: false },
    workspace: (at: string) => openWorkspace(at, silent()),
    ledger: async () => around.ledger ?? ledgerOf([]),
    forge: async () => around.forge ?? memoryForge(world),
  } as unknown as Ports;
  return rollback.run(parseInputs(rollback.inputs, (name) => options[name]) as never, ports);
}
const read = (path: string): string => readFileSync(join(folder, path), "utf8");
const changed = (): string => git(folder, "status", "--porcelain", "--", "deployments").trim();

describe("rollback", () => {
  it("writes what was there before, and nothing else", async () => {
    const { text, outputs } = await run({ model: "wages", environment: "production" });
    assert.equal(read(PRODUCTION), state("b", "v1.1.0"));
    assert.equal(changed(), `M ${PRODUCTION}`);
    assert.deepEqual(outputs, { version: "v1.1.0", sha256: sha("b"), pull: "" });
    assert.match(
      text,
      /^wages in production: back to v1\.1\.0 \(sha256 b{12}\), as the file's history says$/m,
    );
    assert.match(
      text,
      /^ {2}git commit --message "Roll wages back to v1\.1\.0 in production" -- deployments/m,
    );
  });

  it("done again without a commit, goes one step further, as it says", async () => {
    await run({ model: "wages", environment: "production" });
    await run({ model: "wages", environment: "production" });
    assert.equal(read(PRODUCTION), state("a", "v1.0.0"));
    await assert.rejects(run({ model: "wages", environment: "production" }), {
      message: /^nothing is known of wages in production from before v1\.0\.0; fetch the whole history/,
    });
  });

  it("changes nothing where it is only asked, or where it stands already", async () => {
    const { text } = await run({ model: "wages", environment: "production", dryRun: true });
    assert.match(text, /^would write deployments\/production\/wages\.yaml$/m);
    const { json } = await run({ model: "wages", environment: "production", to: "v1.2.0" });
    assert.equal((json as { outcome: string }).outcome, "stands");
    assert.equal(changed(), "");
  });

  it("takes a version or the first digits of a digest, and says what there was", async () => {
    await run({ model: "wages", environment: "staging", to: "1.0.0" });
    assert.equal(parseDesired(read(STAGING), STAGING).version, "v1.0.0");
    await run({ model: "wages", environment: "staging", to: "bbbbbbbb" });
    assert.equal(parseDesired(read(STAGING), STAGING).version, "v1.1.0");
    await assert.rejects(run({ model: "wages", environment: "staging", to: "v1.1.9" }), {
      exit: 2,
      message:
        '"v1.1.9" was not in wages in staging; did you mean "v1.1.0"? what was there: v1.2.0, v1.1.0, v1.0.0',
    });
  });

  it("asks in which environment where several have the model and no contract can be read", async () => {
    await assert.rejects(run({ model: "wages" }), {
      exit: 2,
      message: /^wages has a desired state in production, staging; say in which with --environment$/,
    });
    git(folder, "rm", "-q", STAGING);
    assert.equal((await run({ model: "wages", dryRun: true })).outputs.version, "v1.1.0");
  });

  it("refuses names that are none, and guesses at the right one", async () => {
    const asked: readonly [Readonly<Record<string, string>>, RegExp][] = [
      [{ model: "wage", dryRun: "true" }, /no deployments\/ENVIRONMENT\/wage\.yaml; did you mean "wages"\?/],
      [{ model: "../wages", environment: "production" }, /"\.\.\/wages" is not a model's name/],
      [{ model: "wages", environment: "../production" }, /"\.\.\/production" is not an environment's name/],
    ];
    for (const [options, message] of asked) await assert.rejects(run(options), { exit: 2, message });
  });

  it("mends a state that nobody can read", async () => {
    write(folder, { [PRODUCTION]: "<<<<<<< HEAD\n" });
    await run({ model: "wages", environment: "production" });
    assert.equal(read(PRODUCTION), state("c", "v1.2.0"), "the last that was there");
  });

  it("follows no link out of the repository", async () => {
    const outside = temporaryRepository();
    rmSync(join(folder, "deployments", "production"), { recursive: true });
    mkdirSync(join(outside, "stolen"));
    symlinkSync(join(outside, "stolen"), join(folder, "deployments", "production"));
    await assert.rejects(run({ model: "wages", environment: "production", to: "v1.0.0" }), {
      message: /leads out of the repository/,
    });
    assert.equal(existsSync(join(outside, "stolen", "wages.yaml")), false);
  });
});

describe("rollback with a token", () => {
  const served = [
    inProduction("a", "v1.0.0", 3, 2),
    inProduction("f", "v1.1.5", 6, 4),
    inProduction("c", "v1.2.0", 9, 8),
  ];

  it("believes the ledger, which knows what served and who brought it", async () => {
    const { text } = await run(
      { model: "wages", environment: "production", token: "t" },
      { ledger: ledgerOf(served) },
    );
    assert.equal(read(PRODUCTION), state("f", "v1.1.5"));
    assert.match(
      text,
      /back to v1\.1\.5 \(sha256 f{12}, brought there by #4 on 2026-11-20\), as the ledger says/,
    );
  });

  it("goes on with the file's history where the ledger is away or empty, and says so", async () => {
    const away = { ...ledgerOf([]), list: () => Promise.reject(new UserError("the server is away")) };
    for (const [ledger, note] of [
      [away, /note: the ledger could not be read, .*: the server is away/],
      [ledgerOf([]), /note: the ledger knows no deployment there/],
    ] as const) {
      const { text, outputs } = await run(
        { model: "wages", environment: "production", token: "t", dryRun: true },
        { ledger },
      );
      assert.equal(outputs.version, "v1.1.0");
      assert.match(text, note);
    }
  });
});

describe("rollback --open", () => {
  const options = { model: "wages", environment: "production", open: true, token: "t" };
  const ledger = ledgerOf([inProduction("a", "v1.0.0", 3, 2), inProduction("c", "v1.2.0", 9, 8)]);
  const pulls = () => [...world.pulls.values()];

  it("opens one pull request that changes one file, and leaves the files here", async () => {
    const { outputs, text } = await run(options, { ledger });
    assert.equal(changed(), "");
    const forge = memoryForge(world);
    const number = Number(outputs.pull);
    const pull = await forge.pulls.get(number);
    assert.equal(pull?.title, "Roll wages back to v1.0.0 in production");
    assert.deepEqual(await forge.pulls.files(number), [PRODUCTION]);
    assert.equal(await forge.file(PRODUCTION, pull?.head.sha ?? ""), state("a", "v1.0.0"));
    assert.match(text, /next: merge it once its check says that it is a rollback/);
  });

  it("opens it once, however often it is asked, and killed after any step", async () => {
    for (const step of ["createBranch", "commit"] as const) {
      const forge = memoryForge(world);
      const cut = {
        ...forge,
        [step]: async (...all: never[]) => {
          await (forge[step] as (...all: never[]) => Promise<unknown>)(...all);
          throw new UserError("killed");
        },
      } as Forge;
      await assert.rejects(run(options, { ledger, forge: cut }), { message: "killed" });
    }
    const first = await run(options, { ledger });
    commitTo(world, "main", { message: "Something else", write: { "train.py": "train(2)\n" } });
    const second = await run(options, { ledger });
    assert.equal(second.outputs.pull, first.outputs.pull);
    assert.equal(pulls().length, 1);
  });

  it("begins a branch of its own where the same was rolled back long ago", async () => {
    const first = await run(options, { ledger });
    world.pulls.set(Number(first.outputs.pull), {
      ...(pulls()[0] as ReturnType<typeof pulls>[number]),
      state: "closed",
    });
    commitTo(world, "main", { message: "Forward", write: { [PRODUCTION]: state("d", "v1.3.0") } });
    const second = await run({ ...options, to: "v1.0.0" }, { ledger });
    assert.notEqual(second.outputs.pull, first.outputs.pull);
    const pull = await memoryForge(world).pulls.get(Number(second.outputs.pull));
    assert.equal(
      pull?.head.ref,
      `trainyard-rollback-production-wages-aaaaaaaa-${world.branches.get("main")?.slice(0, 8)}`,
    );
  });

  it("opens nothing where the default branch wants these bytes, or where it is only asked", async () => {
    const { json } = await run({ ...options, to: "v1.2.0" }, { ledger });
    assert.equal((json as { outcome: string }).outcome, "stands");
    const { text } = await run({ ...options, dryRun: true }, { ledger });
    assert.match(text, /would open “Roll wages back to v1\.0\.0 in production” in acme\/wages/);
    assert.equal(pulls().length, 0);
  });

  it("needs a token", async () => {
    await assert.rejects(run({ model: "wages", environment: "production", open: true }), {
      exit: 2,
      message: /--open writes to GitHub: hand a token over/,
    });
  });
});

describe("the examples of docs/stages/rollback.md", () => {
  it("work in the order in which they are read", async () => {
    write(folder, {
      "trainyard.yaml": `${readFileSync("templates/wages/trainyard.yaml", "utf8").replace(/^deploy:\n(?: .*\n)*/m, "")}deploy:\n  staging: { to: server }\n  production: { to: server, after: staging }\n`,
    });
    const page = readFileSync("docs/stages/rollback.md", "utf8");
    const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];
    const commands = block.split("\n").filter((line) => line !== "");
    assert.equal(commands.length, 3);
    for (const command of commands) {
      const [, , model = "", ...words] = command.replace(/#.*$/, "").trim().split(/\s+/);
      const options: Record<string, string | boolean> = { model };
      for (const [index, word] of words.entries()) {
        if (!word.startsWith("--")) continue;
        const next = words[index + 1];
        const name = word.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        options[name] = next === undefined || next.startsWith("--") ? true : next;
      }
      await run(options);
    }
    assert.equal(read(PRODUCTION), state("b", "v1.1.0"), "and the dry run left it");
    assert.equal(read(STAGING), state("a", "v1.0.0"));
  });
});
