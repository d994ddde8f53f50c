import type { Ingredient } from "../artifacts/ingredient.ts";
import type { VersionChange } from "./changes.ts";

/** A commit that changed the version of a path, with what is known of how it came about. */
export interface LogEntry extends VersionChange {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601. */
  readonly at: string;
  readonly subject: string;
  /** The stage that made it; undefined where nobody's lock says so. */
  readonly stage: string | undefined;
  /** What was other than before, one sentence each. */
  readonly causes: readonly string[];
  /** Data and code that it was made from. */
  readonly inputs: readonly Ingredient[];
  /** What was measured of it; empty where nothing was. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What was measured of the version before. */
  readonly metricsBefore: Readonly<Record<string, number>>;
}
