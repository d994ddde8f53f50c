import type { Content, Named, ObjectName } from "../core/artifacts/digest.ts";
import type { ManifestEntry } from "../core/artifacts/manifest.ts";

/**
 * The working files. Paths are absolute. Whatever is written stands whole under its name or not at
 * all; what was hashed once is not hashed again until it changes.
 */
export interface Files {
  /** What a file or directory holds, by md5 alone, which costs a third of `content`; undefined where there is nothing. */
  named(path: string): Promise<Named | undefined>;
  /** Whether a path holds what is called so, by DVC 3 or by DVC 2. */
  holds(path: string, name: ObjectName): Promise<boolean>;
  /** As `named`, with the files of a directory. */
  listed(
    path: string,
  ): Promise<
    (Named & { readonly files?: readonly (ManifestEntry & { readonly size: number })[] }) | undefined
  >;
  /** What a file or directory holds; undefined where there is nothing. */
  content(path: string): Promise<Content | undefined>;
  /** A text file; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  write(path: string, text: string | Uint8Array): Promise<void>;
  /** Puts a file or directory in the place of another; what was hashed need not be hashed again. */
  replace(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** Whether a path, with all links above it followed, still lies below a folder. */
  liesBelow(path: string, folder: string): Promise<boolean>;
  /** Whether a file may be executed, and making it so. */
  isExecutable(path: string): Promise<boolean>;
  makeExecutable(path: string): Promise<void>;
  /** An empty folder for drafts, to be removed by the caller; where it is killed, by the next process. */
  draft(): Promise<string>;
  /** Files under a folder that match any of the globs, relative to it, with `/`, sorted. */
  find(folder: string, globs: readonly string[]): Promise<readonly string[]>;
}
