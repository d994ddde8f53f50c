import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type DvcConfig, mergeDvcConfigs, parseDvcConfig, withPaths } from "../core/artifacts/dvc-config.ts";
import { readText } from "./files/text.ts";
import type { Environment } from "./remotes/open.ts";

/**
 * DVC's configuration as it is in force in a repository: that of the machine, of the person, of the
 * repository and of this one copy of it. The later ones win, key by key.
 *
 * Relative paths of the last two start from `.dvc`; those of the first two are absolute here.
 */
export function dvcConfig(root: string, environment: Environment): DvcConfig {
  const configs: DvcConfig[] = [];
  for (const file of machineFiles(environment)) {
    if (!existsSync(file)) continue;
    const config = parseDvcConfig(readText(file), file);
    configs.push(withPaths(config, (path) => resolve(dirname(file), path)));
  }
  for (const name of [".dvc/config", ".dvc/config.local"]) {
    const file = join(root, name);
    if (existsSync(file)) configs.push(parseDvcConfig(readText(file), name));
  }
  return mergeDvcConfigs(...configs);
}

/** Where DVC looks for the configuration of the machine, and then of the person. */
function machineFiles(environment: Environment): readonly string[] {
  const home = environment.HOME ?? homedir();
  const said = { system: environment.DVC_SYSTEM_CONFIG_DIR, global: environment.DVC_GLOBAL_CONFIG_DIR };
  const usual = usualFolders(home, environment);
  return [said.system || usual.system, said.global || usual.global].map((folder) => join(folder, "config"));
}

function usualFolders(
  home: string,
  environment: Environment,
): { readonly system: string; readonly global: string } {
  if (process.platform === "darwin") {
    return {
      system: "/Library/Application Support/dvc",
      global: join(home, "Library/Application Support/dvc"),
    };
  }
  if (process.platform === "win32") {
    const system = environment.ProgramData ?? "C:\\ProgramData";
    const global = environment.LOCALAPPDATA ?? join(home, "AppData", "Local");
    return { system: join(system, "iterative", "dvc"), global: join(global, "iterative", "dvc") };
  }
  const system = (environment.XDG_CONFIG_DIRS || "/etc/xdg").split(":")[0] ?? "/etc/xdg";
  return {
    system: join(system, "dvc"),
    global: join(environment.XDG_CONFIG_HOME || join(home, ".config"), "dvc"),
  };
}
