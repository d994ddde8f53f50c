/** Commits of the forge's repository that are wanted as folders. */
export interface LayOut {
  readonly token?: string | undefined;
  /** Absolute path of the folder that gets one folder for each tree. */
  readonly into: string;
  /** Names of folders to commits: `{ head: "0f3a…", base: "9c1e…" }`. */
  readonly trees: Readonly<Record<string, string>>;
  /** Commits whose objects must be there, too, so that their files can be asked for. */
  readonly also: readonly string[];
  /** The tree whose `.dvc/` takes the place of every other's: remotes are as the base names them. */
  readonly remotesOf: string | undefined;
}

/** What was laid out, and what of it was not. */
export interface LaidOut {
  readonly trees: Readonly<Record<string, { readonly folder: string; readonly files: number }>>;
  /** Sentences about what is not there as the commit has it: links, submodules, another `.dvc/config`. */
  readonly notes: readonly string[];
}
