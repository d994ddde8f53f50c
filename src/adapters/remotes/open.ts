import { resolve } from "node:path";
import type { RemoteSetting } from "../../core/artifacts/dvc-config.ts";
import { UserError } from "../../errors.ts";
import type { Bucket } from "../../ports/bucket.ts";
import type { Remote } from "../../ports/remote.ts";
import { bucketRemote } from "./bucket-remote.ts";
import { folderBucket } from "./buckets/folder.ts";
import { type Packing, withPacks } from "./packs/remote.ts";
import { retrying } from "./retrying.ts";
import { versionedRemote } from "./versioned.ts";

/** Where credentials may stand. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens a bucket of one kind of remote, as a section of `.dvc/config` describes it.
 *
 * @param base absolute path of the folder that relative paths in the configuration start from
 */
export type OpenBucket = (setting: RemoteSetting, environment: Environment, base: string) => Promise<Bucket>;

/** Kinds by the scheme of their url. None is loaded before it is used. */
const KINDS: Readonly<Record<string, () => Promise<OpenBucket>>> = {
  http: async () => (await import("./buckets/http.ts")).openHttp,
  https: async () => (await import("./buckets/http.ts")).openHttp,
  ssh: async () => (await import("./buckets/ssh.ts")).openSsh,
  webdav: async () => (await import("./buckets/webdav.ts")).openWebdav,
  webdavs: async () => (await import("./buckets/webdav.ts")).openWebdav,
  s3: async () => (await import("./buckets/s3.ts")).openS3,
  gs: async () => (await import("./buckets/gs.ts")).openGs,
  azure: async () => (await import("./buckets/azure.ts")).openAzure,
};

/**
 * Opens a remote. Nothing is asked of it yet.
 *
 * @param base absolute path of the folder that relative paths in the configuration start from
 * @throws {UserError} where its kind is not known, or its options are wrong
 */
export async function openRemote(
  setting: RemoteSetting,
  base: string,
  environment: Environment,
  packing: Packing = {},
): Promise<Remote> {
  const { url } = setting;
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(url.value)?.[1]?.toLowerCase();
  const lanes = lanesOf(setting);
  if (scheme === undefined) return packable(folderBucket(resolve(base, url.value)), lanes, packing);
  const kind = KINDS[scheme];
  if (kind === undefined) {
    const right = Object.keys(KINDS).map((one) => `${one}://`);
    throw new UserError(`a remote cannot be ${scheme}://; it can be a folder, ${right.join(", ")}`, {
      at: url.at,
    });
  }
  const open = await kind();
  const bucket = await open(setting, environment, base);
  const isOn = (option: string): boolean => setting.options.get(option)?.value.toLowerCase() === "true";
  return isOn("version_aware") || isOn("worktree")
    ? versionedRemote(bucket, setting.name, lanes)
    : packable(bucket, lanes, packing);
}

/** What cannot be listed has no packs. */
function packable(bucket: Bucket, lanes: number | undefined, packing: Packing): Remote {
  const loose = bucketRemote(bucket, lanes);
  return bucket.lists ? withPacks(loose, retrying(bucket), packing) : loose;
}

/** Most requests that anybody wants under way at once. */
const MOST_LANES = 1024;

/** What the section says of `jobs`, or a user with `--jobs`. */
function lanesOf({ options }: RemoteSetting): number | undefined {
  const jobs = options.get("jobs");
  if (jobs === undefined) return undefined;
  const lanes = Number(jobs.value);
  if (Number.isInteger(lanes) && lanes >= 1 && lanes <= MOST_LANES) return lanes;
  throw new UserError(`jobs is "${jobs.value}"; it is a whole number from 1 to ${MOST_LANES}`, {
    at: jobs.at,
  });
}
