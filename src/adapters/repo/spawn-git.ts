import { spawn } from "node:child_process";
import { UserError } from "../../errors.ts";
import { GitFailure } from "./git-failure.ts";

/** The most that one answer of Git may hold. */
const LARGEST = 256 * 2 ** 20;

/**
 * Starts Git in exactly the surroundings that are given, and waits for its whole answer.
 *
 * @param options.seconds how long it may take; else as long as it likes
 * @throws {GitFailure} with what Git said
 */
export function spawnGit(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { seconds, input = "" }: { readonly seconds?: number; readonly input?: string | Buffer | undefined } = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", [...args], { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    let size = 0;
    let said = "";
    const stop = (): void => {
      said += `\nfatal: it took too long, more than ${seconds} s`;
      child.kill("SIGKILL");
    };
    const late = seconds === undefined ? undefined : setTimeout(stop, seconds * 1000);
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
      clearTimeout(late);
      reject(
        error.code === "ENOENT" ? new UserError("Git is not installed; install it", { cause: error }) : error,
      );
    });
    child.once("close", (code) => {
      clearTimeout(late);
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new GitFailure(commandOf(args), size > LARGEST ? "fatal: its answer is too large" : said));
    });
    child.stdin.end(input);
  });
}

/** What Git was asked to do, behind the settings that it was given. */
function commandOf(args: readonly string[]): string {
  let at = 0;
  while (args[at] === "-c") at += 2;
  return args[at] ?? "";
}
