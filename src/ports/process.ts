/** A shell line of the contract's, as the user wrote it. */
export interface Command {
  readonly line: string;
  /** Absolute path of the folder it runs in. */
  readonly folder: string;
  /** Added to the environment, which is handed on without its secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path of what it must leave, where it must leave something. */
  readonly out?: string;
  /** What the contract calls it, for messages; `train.run` where absent. */
  readonly called?: string;
  /** Stops the command and all that it started. */
  readonly signal?: AbortSignal;
}

/** What is known of a command that ended well. */
export interface CommandEnd {
  /** The last lines that it printed; empty where it printed nothing. */
  readonly tail: string;
}
