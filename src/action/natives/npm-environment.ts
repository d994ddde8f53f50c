import { delimiter, isAbsolute } from "node:path";
import { within } from "../folder.ts";

/** What npm needs of a machine: where home is, how the network is reached, whom to trust. */
const KEPT =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|TEMP|TMP|TMPDIR|LANG|LC_ALL|HTTPS?_PROXY|NO_PROXY|ALL_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|NPM_CONFIG_REGISTRY)$/i;

/**
 * The environment in which npm installs for us. Nothing of it steers Node or npm but the registry's
 * address, and whatever that serves is held to the lock's hashes. `PATH` has no folder of the workspace.
 *
 * @example npmEnvironment({ PATH: "/w/bin:/bin:.", NODE_OPTIONS: "--require /w/x.js", npm_config_userconfig: "/w/.npmrc" }, "/w") // => { PATH: "/bin" }
 */
export function npmEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  workspace: string,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !KEPT.test(name)) continue;
    kept[name] = name.toUpperCase() === "PATH" ? foldersOf(value, workspace).join(delimiter) : value;
  }
  return kept;
}

/** The folders of a `PATH` that are no part of the workspace. */
export function foldersOf(path: string, workspace: string): readonly string[] {
  return path.split(delimiter).filter((folder) => isAbsolute(folder) && !within(workspace, folder));
}
