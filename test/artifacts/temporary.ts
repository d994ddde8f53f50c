import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import type { Progress } from "../../src/ports/progress.ts";
import type { Workspace } from "../../src/ports/workspace.ts";

/** Progress that nobody sees; what is said is kept. */
export function silent(said: string[] = []): Progress {
  return { start: () => ({ update() {}, end() {} }), say: (text) => said.push(text) };
}

const made: string[] = [];
process.once("exit", () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that goes away with the process. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "trainyard-")));
  made.push(folder);
  return folder;
}

/** Runs Git in a folder with a name to commit under. */
export function git(folder: string, ...args: readonly string[]): string {
  const identity = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.com",
    "-c",
    "commit.gpgsign=false",
  ];
  return execFileSync("git", [...identity, ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** A Git repository with files and one commit. */
export function temporaryRepository(
  files: Readonly<Record<string, string>> = { "README.md": "hello\n" },
): string {
  const folder = temporaryFolder();
  git(folder, "init", "-q", "-b", "main");
  write(folder, files);
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "first");
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A repository with a folder remote beside it, and its workspace. */
export async function temporaryWorkspace(
  files: Readonly<Record<string, string>> = {},
): Promise<{ workspace: Workspace; folder: string; store: string }> {
  const folder = temporaryRepository();
  const store = join(temporaryFolder(), "store");
  write(folder, {
    ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n`,
    ...files,
  });
  return { workspace: await openWorkspace(folder, silent()), folder, store };
}
