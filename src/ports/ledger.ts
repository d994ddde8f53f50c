/**
 * The ledger: the orphan branch `trainyard`, one uniquely named file per record, only ever added to.
 * A record's path says what it is of, so that writing it again is writing the same file.
 */
export interface Ledger {
  /**
   * Adds records, all of them or none, whoever else writes meanwhile. A record that stands with the
   * same bytes is not written again.
   *
   * @returns the ledger's commit, and which were new
   * @throws {UserError} where a record stands with other bytes: records never change
   */
  add(
    records: readonly LedgerRecord[],
  ): Promise<{ readonly commit: string; readonly added: readonly string[] }>;
  /** Paths of records below a folder, sorted; none where there is no ledger yet. */
  list(folder: string): Promise<readonly string[]>;
  /** Undefined where there is no such record. */
  read(path: string): Promise<string | undefined>;
}

/** One file of the ledger. */
export interface LedgerRecord {
  /** `verdicts/wages/0f3a….json`: lower-case words and digests, at least one folder. */
  readonly path: string;
  /** JSON, ending with a line end. */
  readonly text: string;
}
