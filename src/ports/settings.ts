/** Which of a repository's settings are asked for by name. */
export interface SettingsAsked {
  readonly environment: string;
  readonly variable: string;
}

/** Settings of a repository. What is absent was not told. */
export interface RepositorySettings {
  /** What a workflow's token may do where the workflow does not say. */
  readonly defaultPermissions?: "read" | "write";
  /** Workflow files that the forge does not start, with the state that it gives them: `disabled_inactivity`. */
  readonly disabled?: ReadonlyMap<string, string>;
  /** Whether a ruleset keeps tags from being moved. */
  readonly tagsProtected?: boolean;
  /** The value of the variable that was asked for; null where there is none. */
  readonly variable?: string | null;
  /** The environment that was asked for, and whether only some branches may use it. */
  readonly environment?: { readonly exists: boolean; readonly restricted: boolean };
}
