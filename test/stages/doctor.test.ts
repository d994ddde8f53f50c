import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { memoryForge, memoryWorld } from "../../src/adapters/forge/memory.ts";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import type { Finding } from "../../src/core/doctor/facts.ts";
import type { Standing } from "../../src/core/doctor/standing.ts";
import { UserError } from "../../src/errors.ts";
import type { Forge } from "../../src/ports/forge.ts";
import type { Ports } from "../../src/ports/ports.ts";
import doctor from "../../src/stages/doctor.ts";
import { parseInputs } from "../../src/stages/inputs.ts";
import type { Result } from "../../src/stages/stage.ts";
import { silent, temporaryRepository, write } from "../artifacts/temporary.ts";

const template = (name: string): string => readFileSync(`templates/workflows/${name}`, "utf8");

/** What a repository has after the starter and a remote. */
const FILES: Readonly<Record<string, string>> = {
  "trainyard.yaml": "model: wages\n",
  ".github/workflows/trainyard.yml": template("trainyard.yml"),
  ".github/workflows/trainyard-judge.yml": template("trainyard-judge.yml"),
  CODEOWNERS: "* @acme/ml\n",
};
const ORIGIN = '[core]\n[remote "origin"]\n\turl = https://github.com/acme/wages.git\n';

interface Answer {
  readonly asked: boolean;
  readonly not_asked_because: string | null;
  readonly standing: Standing;
  readonly findings: readonly Finding[];
}

/** Runs the doctor in a repository with these files, and with a forge where there is one. */
async function run(
  files: Readonly<Record<string, string>>,
  forge?: Forge | UserError,
  given: Readonly<Record<string, string>> = {},
): Promise<Result & { readonly json: Answer; readonly repository: string | undefined }> {
  const folder = temporaryRepository({ "README.md": "x\n" });
  write(folder, files);
  let repository: string | undefined;
  const ports = {
    folder,
    host: { repository: undefined, hasToken: forge !== undefined },
    workspace: (at: string) => openWorkspace(at, silent()),
    forge: async (access: { readonly repository?: string }) => {
      repository = access.repository;
      if (forge instanceof Error || forge === undefined) throw forge;
      return forge;
    },
  } as unknown as Ports;
  const result = await doctor.run(
    parseInputs(doctor.inputs, (name) => given[name]),
    ports,
  );
  return { ...result, json: result.json as Answer, repository };
}

const names = ({ json }: { readonly json: Answer }): string[] => json.findings.map(({ name }) => name);

/** A forge that holds the starter on its default branch. */
const world = () => memoryWorld("acme/wages", FILES);

describe("trainyard doctor", () => {
  it("looks at the working tree alone where there is no token, and says so", async () => {
    const result = await run({ ...FILES, ".git/config": ORIGIN });
    assert.equal(result.exit, undefined, "advice alone is no failure");
    assert.equal(result.json.asked, false);
    assert.match(result.text, /Only the working tree was looked at: there is no token; say GITHUB_TOKEN=/);
    assert.equal(result.json.standing.level, "unknown");
    assert.deepEqual(names(result), ["no-remote"]);
  });

  it("says which repository it does not know", async () => {
    const { text } = await run(FILES);
    assert.match(text, /origin is no repository on GitHub; name it with --repository/);
  });

  it("fails where something is broken", async () => {
    const result = await run({ "data/a.csv.dvc": "outs: []\n" });
    assert.equal(result.exit, 1);
    assert.deepEqual(names(result), [
      "no-contract",
      "no-pull-request",
      "no-judge",
      "no-remote",
      "no-command",
    ]);
    assert.equal(result.outputs.broken, "4");
    assert.match(result.text, /4 broken, 1 advice$/);
  });

  it("asks the forge that origin names, and finds what is open there", async () => {
    const result = await run({ ...FILES, ".git/config": ORIGIN }, memoryForge(world()));
    assert.equal(result.repository, "acme/wages");
    assert.equal(result.json.asked, true);
    assert.equal(result.json.standing.level, "advisory");
    for (const name of ["status-not-required", "open-ledger"]) assert.ok(names(result).includes(name), name);
    assert.ok(!names(result).includes("judge-not-merged"));
  });

  it("says that verdicts begin when the judge is on the default branch", async () => {
    const empty = memoryForge(memoryWorld("acme/wages"));
    const { text } = await run(FILES, empty, { repository: "acme/wages" });
    assert.match(text, /"\.github\/workflows\/trainyard-judge\.yml" is not on the default branch "main" yet/);
  });

  it("says enforced where all is set", async () => {
    const there = world();
    const rules = {
      required: [{ context: "trainyard", app: 7 }],
      codeOwners: true,
      approvals: 1,
      staleApprovalsDismissed: true,
      mergeQueue: false,
      protected: true,
    };
    there.rules.set("main", rules);
    there.rules.set("trainyard", { ...rules, required: [] });
    const forge: Forge = {
      ...memoryForge(there),
      settings: async ({ environment, variable }) => {
        assert.deepEqual([environment, variable], ["trainyard", "TRAINYARD_APP_ID"]);
        return {
          defaultPermissions: "read",
          tagsProtected: true,
          variable: "7",
          environment: { exists: true, restricted: true },
        };
      },
    };
    const result = await run({ ...FILES, ".git/config": ORIGIN }, forge);
    assert.equal(result.json.standing.level, "enforced");
    assert.deepEqual(names(result), ["no-remote"]);
    assert.match(
      result.text,
      /^acme\/wages: public, a plan that the token may not see\nVerdicts are enforced/,
    );
  });

  it("takes what a plan refuses for what is not protected", async () => {
    const there = world();
    there.info = { ...there.info, private: true, plan: "free" };
    const silentRules = {
      required: [],
      codeOwners: false,
      approvals: 0,
      staleApprovalsDismissed: false,
      mergeQueue: false,
      protected: undefined,
    };
    there.rules.set("main", silentRules);
    there.rules.set("trainyard", silentRules);
    const result = await run({ ...FILES, ".git/config": ORIGIN }, memoryForge(there));
    assert.equal(result.json.standing.level, "advisory");
    assert.ok(names(result).includes("plan-without-rules"));
  });

  it("still says what the working tree says where the forge cannot be asked", async () => {
    const result = await run(
      { ...FILES, ".git/config": ORIGIN },
      new UserError("the token has no right to read this repository"),
    );
    assert.equal(result.exit, undefined);
    assert.match(result.text, /acme\/wages could not be asked \(the token has no right/);
    assert.deepEqual(names(result), ["no-remote"]);
  });

  for (const [what, config, name] of [
    ["a folder", "[core]\nremote = s\n['remote \"s\"']\nurl = ../store\n", "folder-remote"],
    ["no URL", "[core]\nremote = s\n", "broken-remote"],
    [
      "a service that this version cannot speak with",
      "[core]\nremote = s\n['remote \"s\"']\nurl = gopher://x/y\n",
      "broken-remote",
    ],
    ["not set as the default", "['remote \"s\"']\nurl = ../store\n", "no-remote"],
  ] as const) {
    it(`finds a remote that is ${what}`, async () => {
      const result = await run({ ...FILES, ".dvc/config": config });
      assert.deepEqual(names(result).slice(0, 1), [name]);
    });
  }
});
