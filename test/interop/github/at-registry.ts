import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { Checkout } from "../../../local/person.ts";
import type { WorldOptions } from "../../../local/world.ts";
import { LOGIN } from "../remotes/servers/registry.ts";

/** What a remote's client is told of a registry. */
export const loginFor = (host: string) => ({
  TRAINYARD_REGISTRY: host,
  TRAINYARD_REGISTRY_USER: LOGIN.user,
  TRAINYARD_REGISTRY_PASSWORD: LOGIN.password,
});

/** Runs the built command line in a clone, on a machine of nobody's; fails where it fails. */
export async function trainyard(
  { folder }: Checkout,
  variables: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string> {
  const environment = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1", ...variables };
  const { stdout } = await promisify(execFile)(process.execPath, [resolve("dist/cli.js"), ...args], {
    cwd: folder,
    env: environment,
  });
  return stdout;
}

/** What the workflows are told of it: a secret. */
export const secretOf = (
  variables: Readonly<Record<string, string>>,
): NonNullable<WorldOptions["runner"]> => {
  const lines = ["# what may push", ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)];
  return { secrets: { "acme/wages": { TRAINYARD_REMOTE: lines.join("\n") } } };
};
