import { UserError } from "../../errors.ts";
import { entryFor } from "./print-pointer.ts";
import { parseYamlFile } from "./yaml-file.ts";

const STYLE = { indentSeq: false, lineWidth: 0, singleQuote: true } as const;

/** What a remote with real names calls a version of a file. */
export interface KeptVersion {
  readonly etag: string;
  readonly version?: string;
}

/** One file of a directory. */
export interface KeptFile {
  readonly relpath: string;
  readonly md5: string;
  readonly size: number;
  /** What the remote calls it; undefined before it was pushed. */
  readonly kept?: KeptVersion;
}

/**
 * A pointer file that says what a cloud-versioned remote calls what it points to, as DVC writes it: a file's
 * version beside its md5; the files of a directory in place of its manifest's md5.
 *
 * @param kept of a file, or of each file of a directory by its path
 * @throws {UserError} where the pointer file names no such path
 *
 * @example printCloud("outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  path: a.txt\n", "a.txt", "store", { etag: "e", version: "v" }, "a.txt.dvc") // => "outs:\n- md5: 60b725f10c9c85c70d97880dfe8191b3\n  path: a.txt\n  cloud:\n    store:\n      etag: e\n      version_id: v\n"
 */
export function printCloud(
  before: string,
  path: string,
  remote: string,
  kept: KeptVersion | readonly KeptFile[],
  file: string,
): string {
  const { document } = parseYamlFile(before, file);
  const entry = entryFor(document, path);
  if (entry === undefined) throw new UserError(`${file} names no "${path}"`);
  if (isFiles(kept)) {
    for (const key of ["md5", "size", "nfiles", "cloud"]) entry.delete(key);
    const files = kept.map(({ relpath, md5, size, kept: version }) => ({
      relpath,
      md5,
      size,
      ...(version === undefined ? {} : { cloud: cloudOf(remote, version) }),
    }));
    entry.set("files", document.createNode(files));
  } else {
    entry.set("cloud", document.createNode(cloudOf(remote, kept)));
  }
  return document.toString(STYLE);
}

function isFiles(kept: KeptVersion | readonly KeptFile[]): kept is readonly KeptFile[] {
  return Array.isArray(kept);
}

function cloudOf(remote: string, { etag, version }: KeptVersion) {
  return { [remote]: { etag, ...(version === undefined ? {} : { version_id: version }) } };
}
