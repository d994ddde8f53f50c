import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";

const CLI = resolve("dist/cli.js");

/** What a command left behind. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A repository in a folder of its own, and the built command line in it. */
export interface Repository {
  readonly folder: string;
  trainyard(...args: string[]): Ended;
  /** Starts a command without waiting for it. */
  start(...args: string[]): ReturnType<typeof spawn>;
  git(...args: string[]): string;
  read(path: string): string;
  json(path: string): unknown;
  write(path: string, text: string): void;
  /** Changes a file; fails where there is nothing to change. */
  edit(path: string, from: string, to: string): void;
}

const environment = {
  ...process.env,
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  CI: "true",
};

/** An empty repository, or one from a template; it is removed when the test ends. */
export function openRepository(context: TestContext, template?: "wages" | "flights" | "credit"): Repository {
  if (!existsSync(CLI)) throw new Error("dist/cli.js is missing; run npm run build");
  const folder = mkdtempSync(join(tmpdir(), "trainyard-journey-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const repository: Repository = {
    folder,
    trainyard(...args) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
        cwd: folder,
        env: environment,
        encoding: "utf8",
        maxBuffer: 1e9,
      });
      return { status, stdout, stderr };
    },
    start: (...args) =>
      spawn(process.execPath, [CLI, ...args], { cwd: folder, env: environment, stdio: "pipe" }),
    git(...args) {
      const { status, stdout, stderr } = spawnSync("git", args, {
        cwd: folder,
        env: environment,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
      return stdout;
    },
    read: (path) => readFileSync(join(folder, path), "utf8"),
    json: (path) => JSON.parse(readFileSync(join(folder, path), "utf8")) as unknown,
    write: (path, text) => writeFileSync(join(folder, path), text),
    edit(path, from, to) {
      const text = repository.read(path);
      if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}`);
      repository.write(path, text.replace(from, to));
    },
  };
  repository.git("init", "--quiet", "--initial-branch=main");
  if (template !== undefined) {
    const { status, stderr } = repository.trainyard("init", "--template", template);
    if (status !== 0) throw new Error(stderr);
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message", "Start");
  }
  return repository;
}
