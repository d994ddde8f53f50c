import { join, resolve } from "node:path";
import type { DvcConfig } from "../../core/artifacts/dvc-config.ts";
import { UserError } from "../../errors.ts";
import { type LinkType, linkTypes } from "./links.ts";

/** What `.dvc/config` says of the cache. */
export interface CacheSettings {
  /** Where it lies; several repositories may share one. */
  readonly folder: string;
  readonly links: readonly LinkType[];
  /** Whether everybody of its group may add to it. */
  readonly shared: "group" | "owner";
}

/**
 * The cache that a repository's configuration describes; paths in it are relative to `.dvc`.
 *
 * @throws {UserError} at the line that says what cannot be
 */
export function cacheSettings(root: string, config: DvcConfig): CacheSettings {
  const settings = config.get("cache");
  const [dir, type, shared] = ["dir", "type", "shared"].map((key) => settings?.get(key));
  if (shared !== undefined && shared.value !== "group") {
    throw new UserError(`cache.shared is "${shared.value}"; it can be group`, { at: shared.at });
  }
  return {
    folder: dir === undefined ? join(root, ".dvc", "cache") : resolve(root, ".dvc", dir.value),
    links: linkTypes(type?.value, type?.at),
    shared: shared === undefined ? "owner" : "group",
  };
}
