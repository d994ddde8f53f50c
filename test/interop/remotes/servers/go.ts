import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A program on this machine, or why there is none. */
export interface Program {
  readonly path: string;
  /** For `describe`'s `skip`: false, or why it cannot be had. */
  readonly skip: string | false;
}

/**
 * Builds a program with Go, once, into `.interop/go-NAME-VERSION`.
 *
 * @param command the module's command, such as `github.com/versity/versitygw/cmd/versitygw`
 */
export function goProgram(command: string, version: string): Program {
  const name = basename(command);
  const folder = fileURLToPath(new URL(`../../../../.interop/go-${name}-${version}`, import.meta.url));
  const path = join(folder, name);
  if (existsSync(path)) return { path, skip: false };
  if (spawnSync("go", ["version"]).status !== 0) return { path, skip: "no Go on this machine" };
  const { status, stderr } = spawnSync("go", ["install", `${command}@${version}`], {
    encoding: "utf8",
    env: { ...process.env, GOBIN: folder, GOFLAGS: "-trimpath", CGO_ENABLED: "0" },
  });
  const last = stderr.trim().split("\n").at(-1);
  return { path, skip: status === 0 ? false : `${name} cannot be built with Go: ${last}` };
}
