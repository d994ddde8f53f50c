import type { Content } from "../core/artifacts/digest.ts";

/**
 * The working files. Paths are absolute. Whatever is written stands whole under its name or not at
 * all; what was hashed once is not hashed again until it changes.
 */
export interface Files {
  /** What a file or directory holds; undefined where there is nothing. */
  content(path: string): Promise<Content | undefined>;
  /** Notes what was just written at `path`, so that it need not be hashed. */
  remember(path: string, content: Content): Promise<void>;
  /** A text file; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  write(path: string, text: string): Promise<void>;
  /** Puts a file or directory in the place of another. */
  replace(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** An empty folder for drafts, on the same disk as `folder`; the caller removes it. */
  draft(folder: string): Promise<string>;
  /** Files under a folder that match any of the globs, relative to it, with `/`, sorted. */
  find(folder: string, globs: readonly string[]): Promise<readonly string[]>;
}
