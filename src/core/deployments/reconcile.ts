import { terminalText } from "../report/escape.ts";
import type { Served } from "./served.ts";

/** How a server stands to what is wanted of it. */
export type Standing =
  | "as desired"
  | "differs"
  /** There is no address, or nothing that it should serve. */
  | "not asked"
  | "nothing desired"
  /** Nobody can say what is desired, or the server does not say what it serves. */
  | "unknown";

/** One model in one environment: what should be served, and what is. */
export interface Reconciled {
  readonly model: string;
  readonly environment: string;
  /** Where it answers; null where the contract names no address. */
  readonly url: string | null;
  readonly desired: Served | null;
  readonly actual: Served | null;
  readonly standing: Standing;
  /** Why, where it is not as desired. */
  readonly why: string | null;
}

/**
 * Compares by digest alone: versions are names, and bytes are what answers.
 *
 * @param desired undefined where nothing is; a sentence where nobody can say
 * @param actual undefined where nobody was asked; a sentence where the server did not say
 */
export function standingOf(
  desired: Served | { readonly trouble: string } | undefined,
  actual: Served | { readonly trouble: string } | undefined,
): { readonly standing: Standing; readonly why: string | null } {
  if (desired !== undefined && "trouble" in desired) return { standing: "unknown", why: desired.trouble };
  if (actual === undefined) {
    return { standing: "not asked", why: "the contract names no `url` for it" };
  }
  if (desired === undefined) {
    return "trouble" in actual
      ? { standing: "nothing desired", why: actual.trouble }
      : { standing: "differs", why: `${nameOf(actual)} is served, and nothing is desired` };
  }
  if ("trouble" in actual) return { standing: "unknown", why: actual.trouble };
  if (desired.sha256 === actual.sha256) return { standing: "as desired", why: null };
  return { standing: "differs", why: `${nameOf(actual)} is served, and ${nameOf(desired)} is desired` };
}

/** Whether somebody has to look at it. */
export const isAmiss = ({ standing }: Reconciled): boolean =>
  standing === "differs" || standing === "unknown";

/**
 * A version for a person: its name and the beginning of its digest.
 *
 * @example nameOf({ sha256: "ab".repeat(32), version: "v1.2.0" }) // => "v1.2.0 (abababababab)"
 */
export function nameOf({ sha256, version }: Served): string {
  const short = sha256.slice(0, 12);
  return version === undefined ? short : `${version} (${short})`;
}

/** A line for each model and environment, and below it why it is not as it should be. */
export function reconciledText(rows: readonly Reconciled[]): string {
  const cells = rows.map(({ environment, model, desired, actual, standing }) => [
    environment,
    model,
    desired === null ? "-" : nameOf(desired),
    actual === null ? "-" : nameOf(actual),
    standing as string,
  ]);
  const lines = [["environment", "model", "desired", "served", ""], ...cells];
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length))) ?? [];
  return lines
    .flatMap((line, index) => {
      const text = line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
      const why = rows[index - 1]?.why ?? null;
      return why === null ? [text.trimEnd()] : [text.trimEnd(), `  ${terminalText(why, 500)}`];
    })
    .join("\n");
}
