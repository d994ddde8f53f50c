import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A Python with packages of its own, or why there is none on this machine. */
export interface Python {
  readonly python: string;
  /** For `describe`'s `skip`: false, or why the packages cannot be had. */
  readonly skip: string | false;
}

/**
 * Installs packages from PyPI, once, into `.interop/NAME`; test files that want the same wait for each other.
 *
 * @param packages what pip is told: names with versions, or a file of them
 * @param modules what is imported to see whether they are there
 */
export function pythonWith(name: string, packages: readonly string[], modules: readonly string[]): Python {
  const venv = fileURLToPath(new URL(`../../.interop/${name}`, import.meta.url));
  const python = join(venv, "bin", "python");
  const isThere = (): boolean => spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0;
  if (isThere()) return { python, skip: false };
  return inTurn(`${venv}.lock`, () => {
    if (isThere()) return { python, skip: false };
    rmSync(venv, { recursive: true, force: true });
    if (spawnSync("python3", ["-m", "venv", venv]).status !== 0)
      return { python, skip: "no python3 with venv on this machine" };
    const install = ["-m", "pip", "install", "--quiet", "--no-compile", ...packages];
    const { status, stderr } = spawnSync(python, install, { encoding: "utf8" });
    const last = stderr.trim().split("\n").at(-1);
    return { python, skip: status === 0 ? false : `${name} cannot be installed from PyPI: ${last}` };
  });
}

/** Longer than any install takes; whoever holds a lock for longer was killed. */
const ABANDONED = 15 * 60_000;

/** Does something that only one process may do at a time. */
export function inTurn<T>(lock: string, work: () => T): T {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const stats = statSync(lock, { throwIfNoEntry: false });
      if (stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED) rmSync(lock, { recursive: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** DVC with all its remotes, and GTO, which comes with it. */
export const dvcPython = (): Python =>
  pythonWith(
    "dvc-3.67.1",
    ["--no-deps", "--requirement", fileURLToPath(new URL("dvc-requirements.txt", import.meta.url))],
    ["dvc", "gto", "dvc_s3", "dvc_gs", "dvc_azure", "dvc_ssh", "dvc_webdav"],
  );
