import { type CloudVersion, manifestOf } from "../core/artifacts/entry.ts";
import { printManifest } from "../core/artifacts/manifest.ts";
import type { VersionPlace } from "../ports/remote.ts";
import type { Version } from "./version.ts";

/**
 * Where a remote that keeps real names has what these versions name: of a file its version, of a directory
 * each of its files, and the manifest, which lies nowhere.
 *
 * @param remote the remote's name
 */
export function placesOf(versions: readonly Version[], remote: string): readonly VersionPlace[] {
  const there = (cloud: CloudVersion | undefined): cloud is CloudVersion =>
    cloud !== undefined && cloud.remote === remote;
  const versionIn = ({ versionId }: CloudVersion) => (versionId === undefined ? {} : { version: versionId });
  return versions.flatMap(({ path, name, cloud, files }): readonly VersionPlace[] => {
    if (files === undefined) return there(cloud) ? [{ name, key: path, ...versionIn(cloud) }] : [];
    const manifest = manifestOf(files);
    if (manifest === undefined || !files.every((file) => there(file.cloud))) return [];
    const parts = files.flatMap((file) =>
      file.name === undefined || file.cloud === undefined
        ? []
        : [{ name: file.name, key: `${path}/${file.relpath}`, ...versionIn(file.cloud) }],
    );
    return [...parts, { name, bytes: Buffer.from(printManifest(manifest)) }];
  });
}
