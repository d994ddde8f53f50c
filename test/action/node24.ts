import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/*
 * The Node that GitHub's runner starts actions with, for tests and the demo: this process's own where
 * it is new enough, else the one that npm carries, installed once.
 */

const MAJOR = 24;
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/trainyard/node24", import.meta.url));

/** Absolute path of a Node from version 24 on. Installs it where there is none, which takes seconds. */
export function node24(): string {
  if (Number(process.versions.node.split(".")[0]) >= MAJOR) return process.execPath;
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const program = join("node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(join(CACHE, program))) install(`${name}@${MAJOR}`);
  return join(CACHE, program);
}

/** Installs aside and renames, so that tests that start together do not see half of it. */
function install(what: string): void {
  const aside = `${CACHE}.new-${process.pid}`;
  mkdirSync(dirname(CACHE), { recursive: true });
  mkdirSync(aside);
  try {
    execFileSync("npm", ["install", "--prefix", aside, "--ignore-scripts", "--no-audit", "--no-fund", what], {
      cwd: aside,
      stdio: "pipe",
      shell: process.platform === "win32",
    });
    renameSync(aside, CACHE);
  } catch (error) {
    if (!existsSync(CACHE)) throw error; // else another test was faster
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
