import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** Where Debian puts servers, also where a user's PATH has none of it. */
const PLACES = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"];

/** A program's path; undefined where it is not there. */
export function program(name: string): string | undefined {
  const places = [...(process.env.PATH ?? "").split(":"), ...PLACES];
  return places.map((place) => join(place, name)).find((path) => existsSync(path));
}

/**
 * Why files of Debian's packages cannot be had on this machine; false where they are there, or could be
 * installed: by CI, which may.
 */
export function needs(
  paths: () => readonly (string | undefined)[],
  packages: readonly string[],
): string | false {
  const missing = (): boolean => paths().some((path) => path === undefined || !existsSync(path));
  if (missing() && process.env.CI && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env, stdio: "ignore" });
  }
  return missing() ? `${packages.join(" and ")} of Debian are not installed` : false;
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Asks until something is so, for half a minute. */
export async function until(what: string, so: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await so().catch(() => false)) return;
    await setTimeout(100);
  }
  throw new Error(`${what} did not come up`);
}
