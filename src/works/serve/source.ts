import { join } from "node:path";
import { type Digest, md5, sha256 } from "../../core/artifacts/digest.ts";
import { DEPLOYMENTS, desiredPath, parseDesired } from "../../core/deployments/desired.ts";
import { parsePayload } from "../../core/deployments/documents.ts";
import type { Deployment, Forge } from "../../ports/forge.ts";
import type { Workspace } from "../../ports/workspace.ts";

/** What an environment is to serve of a model, by whoever says so. */
export interface Target {
  readonly digest: Digest;
  readonly version: string | undefined;
  /** The forge's deployment; undefined where a checkout says it. */
  readonly deployment: number | undefined;
}

/** Who says what is to be served. */
export interface Source {
  /** For messages: `the deployments of acme/wages`. */
  readonly name: string;
  /** Undefined where nothing is to be served yet. @throws where it cannot be known now */
  wanted(model: string): Promise<Target | undefined>;
  /** Every model that the environment has, sorted. */
  models(): Promise<readonly string[]>;
}

/** States of a deployment that say that it was approved: it is under way, or went well. */
const APPROVED = ["in_progress", "success"] as const;

/** Which deployments are followed. */
export interface Followed {
  readonly repository: string;
  readonly environment: string;
  /** Logins of those whose deployments count; everybody's where it is empty, who may write them. */
  readonly by: readonly string[];
}

/**
 * Follows the newest approved deployment of an environment.
 *
 * @param open opens the forge anew after it failed: a token of an hour is another one then
 */
export function forgeSource(open: () => Promise<Forge>, { repository, environment, by }: Followed): Source {
  let opened: Promise<Forge> | undefined;
  const ask = async <T>(question: (deployments: Forge["deployments"]) => Promise<T>): Promise<T> => {
    opened ??= open();
    try {
      return await question((await opened).deployments);
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  const payloadIn = ({ payload: value, creator }: Pick<Deployment, "payload" | "creator">) => {
    if (by.length > 0 && !by.includes(creator)) return undefined;
    const payload = parsePayload(value);
    return payload?.environment === environment ? payload : undefined;
  };
  return {
    name: `the deployments of ${repository} into ${environment}`,

    async wanted(model) {
      const found = await ask((deployments) =>
        deployments.newest(environment, (one) => payloadIn(one)?.model === model, APPROVED),
      );
      const payload = found && payloadIn(found);
      const [long, short] = [sha256(payload?.sha256 ?? ""), md5(payload?.md5 ?? "")];
      if (found === undefined || payload === undefined || long === undefined || short === undefined) {
        return undefined;
      }
      return { digest: { sha256: long, md5: short }, version: payload.version, deployment: found.id };
    },

    async models() {
      const all = await ask((deployments) => deployments.list(environment));
      return [...new Set(all.flatMap((one) => payloadIn(one)?.model ?? []))].sort();
    },
  };
}

/** Follows the desired state that a checkout holds. */
export function checkoutSource(
  { root, files }: Pick<Workspace, "root" | "files">,
  environment: string,
): Source {
  return {
    name: `${DEPLOYMENTS}/${environment}`,

    async wanted(model) {
      const path = desiredPath(environment, model);
      const text = await files.read(join(root, path));
      if (text === undefined) return undefined;
      const { digest, version } = parseDesired(text, path);
      return { digest, version, deployment: undefined };
    },

    async models() {
      const found = await files.find(join(root, DEPLOYMENTS, environment), ["*.yaml"]).catch(() => []);
      return found.map((name) => name.replace(/\.yaml$/, ""));
    },
  };
}
