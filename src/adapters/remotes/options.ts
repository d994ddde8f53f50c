import { resolve } from "node:path";
import type { RemoteSetting } from "../../core/artifacts/dvc-config.ts";
import { UserError } from "../../errors.ts";
import type { Environment } from "./open.ts";

/** Options that every remote has in DVC. What they say about speed is ours to decide. */
const COMMON = ["checksum_jobs", "jobs", "no_traverse", "verify", "version_aware", "worktree"];

/** What a remote's section says, read as what each option is. */
export interface RemoteOptions {
  text(key: string): string | undefined;
  /** `true` or `false`. */
  flag(key: string): boolean | undefined;
  /** A number above 0. */
  number(key: string): number | undefined;
  /** Absolute path of a file; `~` is the home folder, and what is relative starts from `.dvc`. */
  file(key: string): string | undefined;
  /** An error that points at the option's line. */
  wrong(key: string, why: string): UserError;
}

/**
 * Reads the options of a remote.
 *
 * @param known what this kind of remote can be told, besides what all can be told
 * @param keepsVersions whether this kind of remote can have real names and versions of them
 * @throws {UserError} where there is another option, as DVC says so, too
 */
export function remoteOptions(
  { name, url, options }: RemoteSetting,
  known: readonly string[],
  environment: Environment,
  base: string,
  keepsVersions = false,
): RemoteOptions {
  const text = (key: string): string | undefined => options.get(key)?.value;
  const wrong = (key: string, why: string): UserError =>
    new UserError(`"${key}" of remote "${name}" ${why}`, { at: options.get(key)?.at ?? url.at });
  const read: RemoteOptions = {
    text,
    wrong,
    flag(key) {
      const value = text(key)?.toLowerCase();
      if (value === undefined || value === "true" || value === "false")
        return value === undefined ? undefined : value === "true";
      throw wrong(key, `is "${text(key)}"; it can be true or false`);
    },
    number(key) {
      const value = text(key);
      if (value === undefined) return undefined;
      const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
      if (number > 0) return number;
      throw wrong(key, `is "${value}"; it has to be a number above 0`);
    },
    file(key) {
      const value = text(key);
      return value === undefined ? undefined : resolve(base, atHome(value, environment));
    },
  };
  for (const key of options.keys()) {
    if (known.includes(key) || COMMON.includes(key)) continue;
    throw wrong(key, `is not known for such a url; it can be ${[...known].sort().join(", ")}`);
  }
  for (const key of ["version_aware", "worktree"]) {
    if (read.flag(key) === true && !keepsVersions)
      throw wrong(key, "needs a store that keeps versions: s3, gs or azure");
  }
  return read;
}

/**
 * A path with `~` for the home folder.
 *
 * @example atHome("~/.ssh/id", { HOME: "/home/ada" }) // => "/home/ada/.ssh/id"
 */
export function atHome(path: string, environment: Environment): string {
  const home = environment.HOME ?? environment.USERPROFILE;
  return home !== undefined && /^~(?=\/|$)/.test(path) ? `${home}${path.slice(1)}` : path;
}
