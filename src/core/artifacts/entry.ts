import { digestOf, isDirectory, legacyMd5, type Md5, md5, type ObjectName } from "./digest.ts";
import { countAt, entriesAt, type Found, flagAt, mapsAt, textAt, under, wrong } from "./found.ts";
import { type Manifest, printManifest } from "./manifest.ts";
import { unsafePath } from "./path.ts";

/** What another system calls a version: an object store's version, or what a web server says of it. */
export interface CloudVersion {
  /** The remote of `.dvc/config` that has it; undefined for what an import came from. */
  readonly remote?: string;
  readonly versionId?: string;
  readonly etag?: string;
  readonly checksum?: string;
}

/** What DVC says of the bytes of an output or dependency, in pointer files and in `dvc.lock` alike. */
export interface DataEntry {
  /** Undefined where nothing was hashed yet, as after `dvc import --no-download`. */
  readonly name?: ObjectName;
  readonly size?: number;
  readonly nfiles?: number;
  readonly executable: boolean;
  readonly cloud?: CloudVersion;
  /** The files of a directory, where they are listed here in place of in a manifest of the remote. */
  readonly files?: readonly FileEntry[];
}

/** One file of a directory of a cloud-versioned remote. */
export interface FileEntry extends Omit<DataEntry, "files"> {
  readonly relpath: string;
}

/** Reads what an entry says of its bytes. */
export function dataEntry(map: Found): DataEntry {
  const files = under(map, "files").value === undefined ? undefined : mapsAt(map, "files").map(fileEntry);
  const hash = textAt(map, "hash");
  if (hash !== undefined && hash !== "md5") {
    wrong(under(map, "hash"), `hash is "${hash}"; DVC names bytes by md5 alone`);
  }
  const named = nameOf(map, hash !== undefined) ?? nameOfFiles(files, hash !== undefined);
  const size = countAt(map, "size") ?? sumOf(files);
  const nfiles = countAt(map, "nfiles") ?? files?.length;
  const cloud = cloudVersion(map);
  return {
    ...(named === undefined ? {} : { name: named }),
    ...(size === undefined ? {} : { size }),
    ...(nfiles === undefined ? {} : { nfiles }),
    executable: flagAt(map, "isexec") ?? false,
    ...(cloud === undefined ? {} : { cloud }),
    ...(files === undefined ? {} : { files }),
  };
}

/** Without `hash: md5` the digits are those of DVC 2, which took the ends of lines for the same. */
function nameOf(map: Found, current: boolean): ObjectName | undefined {
  const text = textAt(map, "md5");
  if (text === undefined || text === "") return undefined;
  return (
    (current ? md5(text) : legacyMd5(text)) ??
    wrong(under(map, "md5"), `md5 is "${text}"; it has 32 digits, 0-9 and a-f`)
  );
}

/** The name that the manifest of these files has. */
function nameOfFiles(files: readonly FileEntry[] | undefined, current: boolean): ObjectName | undefined {
  const manifest = files === undefined ? undefined : manifestOf(files);
  if (manifest === undefined) return undefined;
  const digits = `${digestOf(printManifest(manifest)).md5}.dir`;
  return current ? md5(digits) : legacyMd5(digits);
}

/**
 * The manifest of files that a pointer lists itself; undefined where one of them has no md5.
 *
 * @example manifestOf([{ relpath: "a.txt", name: "60b725f10c9c85c70d97880dfe8191b3", executable: false }]) // => [{ relpath: "a.txt", md5: "60b725f10c9c85c70d97880dfe8191b3" }]
 */
export function manifestOf(files: readonly FileEntry[]): Manifest | undefined {
  const manifest = files.flatMap(({ relpath, name }) =>
    name === undefined ? [] : [{ relpath, md5: name as Md5 }],
  );
  return manifest.length === files.length && files.length > 0 ? manifest : undefined;
}

function sumOf(files: readonly FileEntry[] | undefined): number | undefined {
  return files?.reduce((sum, { size = 0 }) => sum + size, 0);
}

function fileEntry(map: Found): FileEntry {
  const relpath = textAt(map, "relpath") ?? wrong(map, 'has no "relpath"');
  const reason = unsafePath(relpath);
  if (reason !== undefined) wrong(under(map, "relpath"), `relpath is "${relpath}", which ${reason}`);
  const { files: _none, ...entry } = {
    ...dataEntry({ ...map, value: { ...(map.value as object), hash: "md5" } }),
  };
  if (entry.name !== undefined && isDirectory(entry.name)) {
    wrong(under(map, "md5"), `"${relpath}" is a file, and its md5 is that of a directory`);
  }
  return { relpath, ...entry };
}

/** Under `cloud` for what DVC pushed, beside the md5 for what it imported. */
function cloudVersion(map: Found): CloudVersion | undefined {
  const [pushed, ...more] = entriesAt(map, "cloud");
  if (more[0] !== undefined) wrong(more[0][1], '"cloud" names two remotes; a version is in one');
  if (pushed === undefined) return placeIn(map);
  const [remote, where] = pushed;
  if (typeof where.value !== "object") wrong(where, `"${remote}" is not a map`);
  return { remote, ...placeIn(where) };
}

function placeIn(map: Found): CloudVersion | undefined {
  const versionId = textAt(map, "version_id");
  const etag = textAt(map, "etag");
  const checksum = textAt(map, "checksum");
  if ((versionId ?? etag ?? checksum) === undefined) return undefined;
  return {
    ...(versionId === undefined ? {} : { versionId }),
    ...(etag === undefined ? {} : { etag }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}
