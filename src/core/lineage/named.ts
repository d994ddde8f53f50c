import { parseDvcLock } from "../artifacts/dvc-lock.ts";
import { parseLock } from "../artifacts/lock.ts";
import { LOCK_FILE } from "../artifacts/lock-name.ts";
import { joinPath, unsafePath } from "../artifacts/path.ts";
import { parsePointer } from "../artifacts/pointer.ts";
import type { NamedVersion } from "./changes.ts";

/**
 * The versions that one file of a commit names: a pointer file, `trainyard.lock` or `dvc.lock`. Paths of a
 * `dvc.lock` are taken from its folder, as `wdir` stands in another file.
 *
 * @throws {UserError} at line and column of what is wrong
 *
 * @example namedIn("data/a.txt.dvc", "outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  size: 2\n  hash: md5\n  path: a.txt\n") // => [{ path: "data/a.txt", name: "60b725f10c9c85c70d97880dfe8191b3", size: 2 }]
 * @example namedIn("README.md", "hello") // => []
 */
export function namedIn(file: string, text: string): readonly NamedVersion[] {
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  const called = file.slice(folder.length);
  if (called.endsWith(".dvc")) return parsePointer(text, file).outs.flatMap(versionOf);
  if (called === LOCK_FILE) {
    return [...parseLock(text, file).values()].flatMap(({ out }) =>
      out.map(({ path, md5: name, sha256, size, nfiles }) => ({
        path: joinPath(folder, path),
        name,
        sha256,
        size,
        ...(nfiles === undefined ? {} : { nfiles }),
      })),
    );
  }
  if (called !== "dvc.lock") return [];
  return [...parseDvcLock(text, file).values()].flatMap(({ outs }) =>
    outs
      .filter(({ path }) => unsafePath(path) === undefined)
      .flatMap((out) => versionOf({ ...out, path: joinPath(folder, out.path) })),
  );
}

function versionOf({
  path,
  name,
  size,
  nfiles,
}: Omit<NamedVersion, "name"> & { readonly name?: string }): NamedVersion[] {
  if (name === undefined) return [];
  return [
    { path, name, ...(size === undefined ? {} : { size }), ...(nfiles === undefined ? {} : { nfiles }) },
  ];
}
