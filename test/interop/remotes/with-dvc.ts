import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { pull } from "../../../src/artifacts/pull.ts";
import { push } from "../../../src/artifacts/push.ts";
import { git, silent, temporaryFolder, temporaryRepository, write } from "../../artifacts/temporary.ts";
import { dvcPython } from "../python.ts";

/** The DVC that remotes are held to, with all that it needs for them. */
const { python, skip } = dvcPython();

/** A remote as both are told of it. */
export interface Told {
  readonly url: string;
  readonly options: Readonly<Record<string, string>>;
  /** What the environment says besides. */
  readonly environment: Readonly<Record<string, string>>;
}

const FILES: Readonly<Record<string, string>> = {
  "data/cps.csv": "age,wage\n42,5.10\n",
  "data/empty.csv": "",
  "data/images/日本/語.txt": "2",
  "data/images/a b+c%20.txt": "3",
  "data/images/deep/er/x": "6".repeat(3_000_000),
  "data/large.bin": "0123456789".repeat(2_000_000),
};
const TARGETS = ["data/cps.csv", "data/empty.csv", "data/images", "data/large.bin"];

/** Why the real DVC is not asked; false where it is. */
export const noDvc = skip;

/** Runs the real DVC. */
export function dvcWith(environment: Readonly<Record<string, string>>) {
  const env = environmentOf(environment);
  return (folder: string, ...args: readonly string[]): string =>
    execFileSync(python, ["-m", "dvc", ...args], {
      cwd: folder,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
}

/** Runs the real DVC while this process goes on: a server of its own, say. */
export async function dvcAside(
  environment: Readonly<Record<string, string>>,
  folder: string,
  ...args: readonly string[]
): Promise<void> {
  await promisify(execFile)(python, ["-m", "dvc", ...args], { cwd: folder, env: environmentOf(environment) });
}

function environmentOf(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const site = temporaryFolder();
  return {
    ...process.env,
    HOME: site,
    DVC_SITE_CACHE_DIR: join(site, "cache"),
    DVC_NO_ANALYTICS: "1",
    PYTHONUTF8: "1",
    ...more,
  };
}

/**
 * What DVC pushed to a remote we pull, and the other way round.
 *
 * @param tell a remote with nothing in it, each time another
 */
export function worksWithDvc(name: string, tell: () => Promise<Told>): void {
  describe(`the real DVC, over ${name}`, { skip }, () => {
    it("pulls what we pushed, and finds nothing to do", async () => {
      const told = await tell();
      const dvc = dvcWith(told.environment);
      const folder = repository(told, FILES);
      const workspace = await openWorkspace(folder, silent(), told.environment);
      for (const path of TARGETS) await add(workspace, path);
      await push(workspace);
      await workspace.close();
      assert.match(dvc(folder, "status", "--cloud"), /in sync/);
      const clone = cloneOf(folder);
      dvc(clone, "pull");
      assertFilled(clone);
    });

    it("pushed what we pull, and we find nothing to push", async () => {
      const told = await tell();
      const dvc = dvcWith(told.environment);
      const folder = repository(told, FILES);
      dvc(folder, "add", ...TARGETS);
      dvc(folder, "push");
      const clone = cloneOf(folder);
      const workspace = await openWorkspace(clone, silent(), told.environment);
      await pull(workspace);
      assertFilled(clone);
      await push(workspace);
      await workspace.close();
      rmSync(join(clone, ".dvc", "cache"), { recursive: true });
      dvc(clone, "fetch");
      assert.match(dvc(clone, "status", "--cloud"), /in sync/);
    });
  });
}

/** A Git repository with files and a remote. */
export function repository({ url, options }: Told, files: Readonly<Record<string, string>>): string {
  const folder = temporaryRepository();
  const said = Object.entries({ url, ...options }).map(([key, value]) => `    ${key} = ${value}\n`);
  write(folder, {
    ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n${said.join("")}`,
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    ...files,
  });
  return folder;
}

/** Another clone of a repository, with what DVC or we wrote committed. */
export function cloneOf(folder: string): string {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "versions");
  const clone = join(temporaryFolder(), "clone");
  git(folder, "clone", "-q", folder, clone);
  return clone;
}

function assertFilled(folder: string): void {
  for (const [path, text] of Object.entries(FILES)) {
    assert.ok(existsSync(join(folder, path)), path);
    assert.ok(readFileSync(join(folder, path), "utf8") === text, `${path} has other bytes`);
  }
}
