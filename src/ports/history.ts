/** What the refs of a repository name, here and on its servers. Nothing here changes a ref. */
export interface History {
  /** Branches, remote branches, tags and whatever else is named here; HEAD of each working tree, too. */
  refs(): Promise<readonly Ref[]>;
  /** What the servers have now, by remote; pull requests among them. */
  serverRefs(): Promise<{
    readonly refs: readonly Ref[];
    /** Servers that did not answer, and what Git said of it. */
    readonly silent: readonly { readonly remote: string; readonly reason: string }[];
  }>;
  /** Those of the commits that are not here. */
  missing(commits: readonly string[]): Promise<ReadonlySet<string>>;
  /** Brings the commits of a server's refs, and no ref; those that could not be brought are the answer. */
  bring(refs: readonly Ref[]): Promise<readonly Ref[]>;
  /** Whether the history is cut off somewhere, so that older commits are not here. */
  isShallow(): Promise<boolean>;
  /** Commits that the options tell, the newest first. */
  commits(options: Walk): Promise<readonly string[]>;
  /** Files that a merge left undecided, by path. */
  undecided(): Promise<readonly Undecided[]>;
  /** Takes a working file for the outcome of a merge. */
  decide(path: string): Promise<void>;
  /** The one text of three that Git makes, with marks where they collide. */
  marked(texts: { readonly base: string; readonly ours: string; readonly theirs: string }): Promise<string>;
  /** Sets a value of this repository's own configuration, which Git does not share. */
  configure(key: string, value: string): Promise<void>;
}

/** A file on both sides of a merge; where a side has none, it was removed there, or never added. */
export interface Undecided {
  /** Below the root of the Git repository, with `/`. */
  readonly path: string;
  readonly base?: string;
  readonly ours?: string;
  readonly theirs?: string;
}

/** A name that somebody gave to a commit. */
export interface Ref {
  /** `refs/heads/main`, `refs/pull/7/head`, `HEAD` */
  readonly name: string;
  /** The full id of the commit; of a tag, the commit that it stands for. */
  readonly commit: string;
  /** The remote that has it; undefined for what is named here. */
  readonly remote?: string;
}

/** Which commits are meant of those that some lead back to. */
export interface Walk {
  readonly from: readonly string[];
  /** Only so many, along first parents. */
  readonly first?: number;
  /** Only those since a day, `2026-01-31`. */
  readonly since?: string;
  /** Only those that changed a file which matches any of the globs. */
  readonly globs?: readonly string[];
}
