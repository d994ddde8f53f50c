import type { Md5 } from "./digest.ts";

/** One file of a directory. */
export interface ManifestEntry {
  /** Below the directory, with `/`. */
  readonly relpath: string;
  readonly md5: Md5;
}

/** The files of a directory, by code points of their paths. */
export type Manifest = readonly ManifestEntry[];
