import { type CloudVersion, type FileEntry, manifestOf } from "../core/artifacts/entry.ts";
import { printManifest } from "../core/artifacts/manifest.ts";
import type { KeptVersion } from "../core/artifacts/print-cloud.ts";
import type { Remote, VersionPlace } from "../ports/remote.ts";
import type { Version } from "./version.ts";

/** A remote; one that keeps real names is told which versions of its files these are. */
export function knowing(remote: Remote, versions: readonly Version[]): Remote {
  const { versions: store } = remote;
  return store?.knowing(placesOf(versions, store.remote)) ?? remote;
}

/**
 * Where a remote that keeps real names has what these versions name: of a file its version, of a directory
 * each of its files, and the manifest, which lies nowhere.
 *
 * @param remote the remote's name
 */
export function placesOf(versions: readonly Version[], remote: string): readonly VersionPlace[] {
  return versions.flatMap(({ path, name, cloud, files }): readonly VersionPlace[] => {
    if (files === undefined) return isIn(remote, cloud) ? [{ name, key: path, ...versionIn(cloud) }] : [];
    const manifest = manifestOf(files);
    if (manifest === undefined) return [];
    const parts = files.flatMap((file) =>
      file.name === undefined || !isIn(remote, file.cloud)
        ? []
        : [{ name: file.name, key: `${path}/${file.relpath}`, ...versionIn(file.cloud) }],
    );
    const bytes = Buffer.from(printManifest(manifest));
    return [...parts, { name, bytes, parts: manifest.map(({ md5 }) => md5) }];
  });
}

/** Whether what names a version says where in such a remote all of it is. */
export function isPlaced({ cloud, files }: Version, remote: string): boolean {
  return files === undefined ? isIn(remote, cloud) : files.every((file) => isIn(remote, file.cloud));
}

/** What a remote calls the files that a pointer file listed before, where their bytes are the same still. */
export function keptBefore(
  files: readonly FileEntry[],
  remote: string,
): (relpath: string, md5: string) => { readonly kept: KeptVersion; readonly size: number } | undefined {
  const known = new Map(files.map((file) => [file.relpath, file]));
  return (relpath, md5) => {
    const { name, size, cloud } = known.get(relpath) ?? {};
    if (name !== md5 || size === undefined || !isIn(remote, cloud) || cloud.etag === undefined)
      return undefined;
    return { kept: { etag: cloud.etag, ...versionIn(cloud) }, size };
  };
}

function isIn(remote: string, cloud: CloudVersion | undefined): cloud is CloudVersion {
  return cloud !== undefined && cloud.remote === remote;
}

function versionIn({ versionId }: CloudVersion): { readonly version?: string } {
  return versionId === undefined ? {} : { version: versionId };
}
