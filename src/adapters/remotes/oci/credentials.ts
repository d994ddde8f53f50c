import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isGitHubs, type RegistryAddress } from "../../../core/artifacts/registry-address.ts";
import type { Environment } from "../open.ts";

/** Who asks. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * Who asks this very registry: what the environment says of this host, the workflow's token for the
 * workflow's owner on ghcr.io, or what `docker login` left for this host; undefined for anybody.
 *
 * A token is of use to whoever gets it. None leaves for another host or another owner than those it was
 * meant for, whatever a repository's files name.
 */
export function loginFor(address: RegistryAddress, environment: Environment): Login | undefined {
  return told(address, environment) ?? workflows(address, environment) ?? dockers(address, environment);
}

/** `TRAINYARD_REGISTRY` names the host that user and password are for. */
function told({ host }: RegistryAddress, environment: Environment): Login | undefined {
  const {
    TRAINYARD_REGISTRY,
    TRAINYARD_REGISTRY_USER: user,
    TRAINYARD_REGISTRY_PASSWORD: password,
  } = environment;
  if (TRAINYARD_REGISTRY?.trim().toLowerCase() !== host) return undefined;
  return user && password ? { user, password } : undefined;
}

function workflows(address: RegistryAddress, environment: Environment): Login | undefined {
  const { GITHUB_TOKEN: password, GITHUB_ACTOR, GITHUB_REPOSITORY_OWNER: owner } = environment;
  if (!isGitHubs(address) || !password || !owner) return undefined;
  if (address.name.split("/")[0] !== owner.toLowerCase()) return undefined;
  return { user: GITHUB_ACTOR || owner, password };
}

/** Plain logins of Docker's and Podman's file; helpers that keep them elsewhere are not asked. */
function dockers({ host }: RegistryAddress, environment: Environment): Login | undefined {
  const folder = environment.DOCKER_CONFIG || join(environment.HOME || homedir(), ".docker");
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
  } catch {
    return undefined;
  }
  const auths = recordOf(recordOf(found).auths);
  if (!Object.hasOwn(auths, host)) return undefined;
  const { auth } = recordOf(auths[host]);
  const [, user, password] =
    /^([^:]+):(.+)$/s.exec(Buffer.from(typeof auth === "string" ? auth : "", "base64").toString("utf8")) ??
    [];
  return user === undefined || password === undefined ? undefined : { user, password };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
