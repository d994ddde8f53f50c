import { spawn } from "node:child_process";
import { UserError } from "../../errors.ts";
import { GitFailure } from "./git-failure.ts";

/** Settings that would have Git start programs of a repository's choosing, or do more than it was asked for. */
const HARMLESS: Readonly<Record<string, string>> = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.pager": "cat",
  "diff.external": "",
  "fetch.recurseSubmodules": "no",
  "submodule.recurse": "false",
  "fetch.prune": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
};
/** Where Git's own configuration is; every other GIT_… variable would turn it to another repository. */
const KEPT = /^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|SSH|SSH_COMMAND|SSL_CAINFO|CEILING_DIRECTORIES)$/;
/** What servers may be reached by; `ext::` would run any program. */
const PROTOCOLS = "file:git:http:https:ssh";
const LARGEST = 256 * 2 ** 20;

/**
 * Runs Git with the user's own credentials, and without hooks, filters, submodules and questions.
 *
 * @throws {GitFailure} with what Git said
 */
export function runGit(folder: string, args: readonly string[], input = ""): Promise<Buffer> {
  const settings = Object.entries(HARMLESS).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  return new Promise((resolve, reject) => {
    const child = spawn("git", [...settings, ...args], { cwd: folder, env: environment() });
    const out: Buffer[] = [];
    let size = 0;
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST) out.push(chunk);
      else child.kill("SIGKILL");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said = `${said}${chunk.toString("utf8")}`.slice(-20_000);
    });
    child.stdin.on("error", () => {}); // it ended before it read all: its exit says why
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new UserError("Git is not installed; install it") : error);
    });
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new GitFailure(args[0] ?? "", size > LARGEST ? "fatal: its answer is too large" : said));
    });
    child.stdin.end(input);
  });
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_") || KEPT.test(name));
  return {
    ...Object.fromEntries(kept),
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
}
