/** A file of a starter repository: where it belongs, and what it holds. */
export interface TemplateFile {
  /** Relative to the folder that it is for, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The starter repositories that this program carries, and how new files come into a folder. */
export interface Templates {
  /**
   * What lies at or below a place of the templates, such as `wages` or `wages/data`, sorted by path.
   * Paths begin below the first folder: `wages/data/cps.csv` is `data/cps.csv`.
   *
   * @throws {UserError} where there is no such place
   */
  files(place: string): Promise<readonly TemplateFile[]>;
  /**
   * Writes files that are not there yet, all of them or none.
   *
   * @param files by absolute path
   * @throws {UserError} where one of them is there already; nothing is written then
   */
  write(files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}
