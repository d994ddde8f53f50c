import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { memoryForge, memoryWorld } from "../../src/adapters/forge/memory.ts";
import { gitRepo } from "../../src/adapters/repo/git.ts";
import { foldTags, type RegistryModel } from "../../src/core/registry/fold.ts";
import { parseTagName } from "../../src/core/registry/grammar.ts";
import { compareVersions } from "../../src/core/registry/version.ts";
import { register } from "../../src/works/register.ts";
import { git, temporaryFolder, temporaryRepository } from "../artifacts/temporary.ts";
import { brought, sceneOf, verdictOf } from "../works/registering.ts";
import { dvcPython } from "./python.ts";

/** The GTO that these tests are held to. */
const { python, skip } = dvcPython();

const environment = {
  ...process.env,
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

function gto(folder: string, ...args: readonly string[]): string {
  const code = "import sys; from gto.cli import app; sys.exit(app())";
  return execFileSync(python, ["-c", code, ...args], { cwd: folder, env: environment, encoding: "utf8" });
}

/** What a Python program of GTO's own functions says, given JSON. */
function asked(program: string, input: unknown): unknown {
  const file = join(temporaryFolder(), "input.json");
  writeFileSync(file, JSON.stringify(input));
  const { status, stdout, stderr } = spawnSync(python, ["-c", program, file], {
    env: environment,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as unknown;
}

/** All that GTO knows of a repository's artifacts, by its own reading of the tags. */
const STATE = `
import json, sys
from gto.registry import GitRegistry
from gto.constants import VersionSort
def said(o):
    latest = o.get_latest_version(registered_only=True)
    stages = o.get_vstages(sort=VersionSort.Timestamp)
    return {
        "latest": latest.version if latest else None,
        "deprecated": not o.is_active,
        "versions": sorted([[v.version, v.commit_hexsha, v.is_active] for v in o.versions if v.is_registered]),
        "stages": {name: found[0].version for name, found in stages.items() if found},
    }
with GitRegistry.from_url(json.load(open(sys.argv[1]))) as reg:
    print(json.dumps({name: said(o) for name, o in reg.get_artifacts().items()}))
`;

const stateOf = ({ latest, deprecated, versions, stages }: RegistryModel) => ({
  latest: latest ?? null,
  deprecated,
  versions: versions
    .filter(({ registered }) => registered)
    .map(({ version, commit, active }) => [version, commit, active])
    .sort((a, b) => (String(a) < String(b) ? -1 : 1)),
  stages: Object.fromEntries(stages.map(({ stage, version }) => [stage, version])),
});

const ours = async (folder: string) => {
  const models = foldTags((await (await gitRepo(folder))?.tags()) ?? []);
  return Object.fromEntries([...models].map(([name, model]) => [name, stateOf(model)]));
};

/** Numbers that are the same in every run. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("GTO and the registry", { skip }, () => {
  let folder: string;
  before(() => {
    folder = temporaryRepository();
  });

  it("reads what register writes, message, commit and all", async () => {
    const world = memoryWorld("acme/wages");
    const forge = memoryForge(world);
    const scene = sceneOf(forge, [verdictOf("one"), verdictOf("two")]);
    const commits = ["second", "third"].map((message) => {
      git(folder, "commit", "-q", "--allow-empty", "-m", message);
      return git(folder, "rev-parse", "HEAD").trim();
    });
    for (const [i, word] of ["one", "two"].entries()) {
      await register(scene, brought(word, world.branches.get("main") ?? ""));
      const tag = world.tags.at(-1);
      assert.ok(tag);
      execFileSync("git", ["tag", "-a", tag.name, commits[i] ?? "", "-m", tag.message], {
        cwd: folder,
        env: { ...environment, GIT_COMMITTER_DATE: `2026-11-21T10:00:0${i} +0000` },
      });
    }
    const shown = JSON.parse(gto(folder, "show", "wages", "--json")) as Record<string, unknown>[];
    assert.deepEqual(
      shown.map(({ version, commit_hexsha }) => [version, commit_hexsha]),
      [
        ["v1.1.0", commits[1]],
        ["v1.0.0", commits[0]],
      ],
    );
    assert.match(String(shown[0]?.message), /^wages v1\.1\.0: Better than/);
    assert.match(
      gto(folder, "check-ref", "refs/tags/wages@v1.1.0"),
      /Version "v1\.1\.0" of artifact "wages" was registered/,
    );
  });

  it("goes on where we stopped, and we where it stopped", async () => {
    gto(folder, "assign", "wages", "--version", "v1.0.0", "--stage", "production");
    gto(folder, "assign", "wages", "--version", "v1.1.0", "--stage", "staging");
    git(folder, "commit", "-q", "--allow-empty", "-m", "fourth");
    gto(folder, "register", "wages"); // one patch on, as GTO does
    gto(folder, "register", "models/other:nn", "--version", "v0.1.0");
    const state = (await ours(folder)) as Record<string, ReturnType<typeof stateOf>>;
    assert.deepEqual(state, asked(STATE, folder));
    assert.equal(state.wages?.latest, "v1.1.1");
    assert.deepEqual(state.wages?.stages, { production: "v1.0.0", staging: "v1.1.0" });
    assert.ok("models/other:nn" in state);
    gto(folder, "deprecate", "wages", "v1.1.1");
    gto(folder, "deprecate", "wages", "v1.1.0", "staging");
    gto(folder, "deprecate", "models/other:nn");
    assert.deepEqual(await ours(folder), asked(STATE, folder));
    assert.equal((await ours(folder))["models/other:nn"]?.deprecated, true);
  });

  it("tells of two hundred histories the same as we do", async () => {
    const place = temporaryRepository();
    const random = chance(20261121);
    const commits = Array.from({ length: 6 }, (_, i) => {
      git(place, "commit", "-q", "--allow-empty", "-m", `commit ${i}`);
      return git(place, "rev-parse", "HEAD").trim();
    });
    const stream: string[] = [];
    let second = 2_000_000_000; // after the commits, which are events to GTO, too
    for (let model = 0; model < 200; model++) {
      const at = commits.map((_, i) => `v${random(3)}.${random(12)}.${i}${random(4) === 0 ? "-rc.1" : ""}`);
      const registered = new Set<number>();
      for (let event = 1; event <= 12; event++) {
        const i = random(commits.length);
        const stage = ["production", "staging"][random(2)] ?? "";
        const said = [`@${at[i]}`, `@${at[i]}!`, `#${stage}`, `#${stage}`, `#${stage}!`, "@deprecated"];
        const word = said[random(20) === 0 ? 5 : random(5)] ?? "";
        if (word.startsWith("@v") && !word.endsWith("!")) registered.add(i);
        // GTO makes one more version of each tag at a commit that has none: no history of its own does that.
        else if (word !== "@deprecated" && !registered.has(i)) continue;
        second += 1 + random(3);
        stream.push(
          `tag m${model}${word}#${event}\nfrom ${commits[i]}\ntagger Test <test@example.com> ${second} +0000\ndata 1\nx\n`,
        );
      }
    }
    execFileSync("git", ["fast-import", "--quiet"], { cwd: place, input: stream.join("") });
    const found = await ours(place);
    assert.ok(Object.keys(found).length > 150);
    assert.deepEqual(found, asked(STATE, place));
  });

  it("reads the same tags as we do", () => {
    const random = chance(7);
    const parts = [
      "m",
      "a/b",
      "=",
      "@v1.2.3",
      "@v0.0.1-rc.1+b",
      "#prod",
      "!",
      "#3",
      "@deprecated",
      "-",
      "@",
      "#",
      "_",
      ".",
      "1",
      "@v01.2.3",
      " ",
      ":",
    ];
    const tags = Array.from(
      { length: 8000 },
      (_, i) =>
        (i % 2 === 0 ? "m" : "") +
        Array.from({ length: 1 + random(4) }, () => parts[random(parts.length)]).join(""),
    );
    const program = `
import json, sys
from gto.tag import parse_name
out = []
for name in json.load(open(sys.argv[1])):
    found = parse_name(name, raise_on_fail=False)
    if found: found["action"] = found["action"].value if "action" in found else "create"
    out.append(found or None)
print(json.dumps(out))`;
    const theirs = asked(program, tags) as unknown[];
    const read = tags.map((tag) => {
      const found = parseTagName(tag);
      if (found === undefined) return null;
      const { artifact: name, ...rest } = found;
      return { name, ...rest };
    });
    assert.ok(read.filter((one) => one !== null).length > 100);
    assert.deepEqual(read, theirs);
  });

  it("orders versions as we do", () => {
    const random = chance(11);
    const before = ["", "-rc.1", "-rc.2", "-rc.10", "-alpha", "-alpha.1", "-1", "-a.b.c", "-0a"];
    const versions = Array.from(
      { length: 300 },
      () => `v${random(3)}.${random(12)}.${random(2)}${before[random(before.length)]}`,
    );
    const program = `
import json, sys
from gto.versions import SemVer
print(json.dumps(sorted(set(json.load(open(sys.argv[1]))), key=SemVer)))`;
    assert.deepEqual([...new Set(versions)].sort(compareVersions), asked(program, versions));
  });
});
