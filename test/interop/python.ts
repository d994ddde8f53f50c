import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A Python with packages of its own, or why there is none on this machine. */
export interface Python {
  readonly python: string;
  /** For `describe`'s `skip`: false, or why the packages cannot be had. */
  readonly skip: string | false;
}

/**
 * Installs packages from PyPI, once, into `.interop/NAME`.
 *
 * @param modules what is imported to see whether they are there
 */
export function pythonWith(name: string, packages: readonly string[], modules: readonly string[]): Python {
  const venv = fileURLToPath(new URL(`../../.interop/${name}`, import.meta.url));
  const python = join(venv, "bin", "python");
  if (spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0) return { python, skip: false };
  rmSync(venv, { recursive: true, force: true });
  if (spawnSync("python3", ["-m", "venv", venv]).status !== 0)
    return { python, skip: "no python3 with venv on this machine" };
  const { status, stderr } = spawnSync(python, ["-m", "pip", "install", "--quiet", ...packages], {
    encoding: "utf8",
  });
  const last = stderr.trim().split("\n").at(-1);
  return { python, skip: status === 0 ? false : `${packages[0]} cannot be installed from PyPI: ${last}` };
}
