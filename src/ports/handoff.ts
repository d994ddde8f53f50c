/**
 * Folders that go from one job to another: artifacts of a workflow run.
 *
 * What is received may have been made by anybody: it is bounded in size and number of files, holds
 * regular files alone, and nothing of it lies outside of the folder that it is put into.
 */
export interface Handoff {
  /**
   * Hands a folder over under a name; sent again, it takes the place of what was sent before.
   *
   * @param page a file of the folder that is handed over once more, as it is, to open in a browser
   * @returns where a person can look at it, and the archive's digest, by which a later job knows it again
   */
  send(name: string, folder: string, page?: string): Promise<Sent>;
  /**
   * Puts what was sent into a new folder, all of it or nothing.
   *
   * @returns undefined where there is nothing of that name
   * @throws {UserError} where it is larger than allowed, damaged, or not a plain folder
   */
  receive(request: Received): Promise<{ readonly files: number; readonly bytes: number } | undefined>;
}

/** What became of a folder that was handed over. */
export interface Sent {
  readonly url: string | undefined;
  /** `sha256:…` of the archive. */
  readonly digest: string | undefined;
}

/** What is to be received. */
export interface Received {
  readonly name: string;
  /** Absolute path; it must not exist or be empty. */
  readonly folder: string;
  /** Another run, read by the API with a token; else this run's own. */
  readonly from?: { readonly run: number; readonly token: string } | undefined;
  /** What `send` answered; another archive is refused. Every job of a run can replace what others sent. */
  readonly digest?: string | undefined;
  /** Bytes of the archive, and of all that it holds; larger is refused. */
  readonly most: { readonly archive: number; readonly content: number; readonly files: number };
}
