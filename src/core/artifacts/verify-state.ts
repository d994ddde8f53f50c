import * as z from "zod";
import { digitsOf, isLegacy, legacyMd5, md5, type ObjectName } from "./digest.ts";

/** How far an interrupted look through a cache or remote came. */
export interface VerifyState {
  readonly url: string;
  /** Everything up to this name has been looked at. */
  readonly last: string;
  readonly damaged: readonly ObjectName[];
}

const SCHEMA = "trainyard/verify/1";
const file = z.strictObject({
  schema: z.literal(SCHEMA),
  url: z.string(),
  last: z.string(),
  damaged: z.array(z.string()),
});

/**
 * The state as text.
 *
 * @example printVerifyState({ url: "/c", last: "x", damaged: [] }) // => '{"schema":"trainyard/verify/1","url":"/c","last":"x","damaged":[]}\n'
 */
export function printVerifyState(state: VerifyState): string {
  return `${JSON.stringify({ schema: SCHEMA, ...state })}\n`;
}

/**
 * Reads a state; one that is of another place, or cannot be read, is none: all is looked at then.
 *
 * @example parseVerifyState("{", "/c") // => undefined
 */
export function parseVerifyState(text: string | undefined, url: string): VerifyState | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = file.safeParse(JSON.parse(text));
    if (!parsed.success || parsed.data.url !== url) return undefined;
    const damaged = parsed.data.damaged.flatMap((name) =>
      isLegacy(name) ? (legacyMd5(digitsOf(name)) ?? []) : (md5(name) ?? []),
    );
    return { url, last: parsed.data.last, damaged };
  } catch {
    return undefined;
  }
}
