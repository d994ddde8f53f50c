import { spawn, spawnSync } from "node:child_process";
import { devNull } from "node:os";

/** Git ended with an error. */
export class GitFailed extends Error {
  readonly code: number;
  readonly output: string;

  constructor(args: readonly string[], code: number, output: string, stderr: string) {
    super(`git ${args.join(" ")} ended with ${code}: ${stderr.trim() || output.trim()}`);
    this.code = code;
    this.output = output;
  }
}

/** The surroundings of every Git process: nobody's own settings. */
export const gitEnvironment = (): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return {
    ...Object.fromEntries(own),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
};

interface Options {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs Git in a bare repository. @returns its output @throws {GitFailed} */
export function gitBytes(folder: string, args: readonly string[], options: Options = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["--git-dir", folder, ...args], {
      env: { ...gitEnvironment(), ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve(Buffer.concat(out));
      reject(new GitFailed(args, code ?? -1, `${Buffer.concat(out)}`, `${Buffer.concat(err)}`));
    });
    child.stdin.end(options.input ?? "");
  });
}

/** Runs Git and reads its output as text, without the line's end. */
export async function git(folder: string, args: readonly string[], options: Options = {}): Promise<string> {
  return `${await gitBytes(folder, args, options)}`.replace(/\n$/, "");
}

/** The same, and undefined where Git ends with an error. */
export async function gitOr(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return await git(folder, args);
  } catch (error) {
    if (error instanceof GitFailed) return undefined;
    throw error;
  }
}

/** The same, without waiting for anything else; for what must be known at once. */
export function gitAtOnce(folder: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", ["--git-dir", folder, ...args], {
    env: gitEnvironment(),
    encoding: "utf8",
  });
  return status === 0 ? stdout.replace(/\n$/, "") : undefined;
}

/** The commit that a full or short hash, a branch, a tag or a ref names, as the API takes them. */
export async function commitOf(folder: string, name: string): Promise<string | undefined> {
  if (name === "" || /^-|[\s~^:?*[\\]|\.\.|@\{/.test(name)) return undefined;
  const names = /^[0-9a-f]{7,40}$/.test(name)
    ? [name]
    : [`refs/heads/${name}`, `refs/tags/${name}`, name.startsWith("refs/") ? name : `refs/${name}`];
  if (name === "HEAD") names.push("HEAD");
  for (const candidate of names) {
    const found = await gitOr(folder, ["rev-parse", "--verify", "--quiet", `${candidate}^{commit}`]);
    if (found) return found;
  }
  return undefined;
}

/** The object that a ref points to. */
export const refOf = (folder: string, ref: string): Promise<string | undefined> =>
  gitOr(folder, ["rev-parse", "--verify", "--quiet", ref]);

/** All refs and what they point to. */
export async function refsOf(folder: string): Promise<Map<string, string>> {
  const lines = await git(folder, ["for-each-ref", "--format=%(objectname) %(refname)"]);
  return new Map(
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(41), line.slice(0, 40)]),
  );
}

/** Moves a ref, if it still is where it was thought to be. `after` undefined deletes it. */
export async function moveRef(
  folder: string,
  ref: string,
  after: string | undefined,
  before?: string,
): Promise<void> {
  const expected = before === undefined ? [] : [before];
  const args = after === undefined ? ["-d", ref, ...expected] : [ref, after, ...expected];
  await git(folder, ["update-ref", ...args]);
}

/** No commit: what stands for a ref that was not there, or is not any more. */
export const NO_COMMIT = "0".repeat(40);
