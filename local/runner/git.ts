import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);
const LARGEST = 64 << 20;

/** Runs Git away from everybody's settings. @returns what it printed */
export async function git(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await execute("git", ["-C", folder, ...args], {
    maxBuffer: LARGEST,
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      ...env,
    },
  });
  return stdout;
}
