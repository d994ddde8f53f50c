/** A file that a commit changed, with the blobs that it was before and is after. */
export interface FileChange {
  /** From the repository's top, with `/`. */
  readonly path: string;
  /** Undefined where the file was not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A commit, and what it did to the files that were asked for. Of a merge that is what differs from all of its parents. */
export interface FileCommit {
  readonly id: string;
  readonly author: string;
  /** ISO 8601. */
  readonly at: string;
  readonly subject: string;
  readonly files: readonly FileChange[];
}
