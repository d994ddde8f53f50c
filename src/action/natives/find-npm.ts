import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../errors.ts";
import { within } from "../folder.ts";
import { foldersOf } from "./npm-environment.ts";

const CLI = join("npm", "bin", "npm-cli.js");

/**
 * How npm is started: the one that came with this Node, else the one on the `PATH`, never one that lies
 * in the workspace.
 *
 * @returns program and first arguments
 * @throws {UserError} where the runner has none
 */
export function findNpm(
  environment: Readonly<Record<string, string | undefined>>,
  workspace: string,
): readonly string[] {
  const bin = dirname(process.execPath);
  const beside = [join(bin, "..", "lib", "node_modules", CLI), join(bin, "node_modules", CLI)];
  const own = beside.find((path) => existsSync(path));
  if (own !== undefined) return [process.execPath, own];
  for (const folder of foldersOf(environment.PATH ?? environment.Path ?? "", workspace)) {
    const script = join(folder, "node_modules", CLI); // Windows
    if (existsSync(script)) return [process.execPath, script];
    const program = join(folder, "npm");
    if (process.platform === "win32" || !existsSync(program)) continue;
    const real = realpathSync(program);
    if (within(workspace, real)) continue;
    return real.endsWith(".js") ? [process.execPath, real] : [real];
  }
  throw new UserError("npm is not on this runner's PATH; add a step with actions/setup-node before this one");
}
