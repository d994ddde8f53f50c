import * as z from "zod";
import type { Sha256 } from "../artifacts/digest.ts";

/** What a server says of itself that it serves. */
export interface Served {
  readonly sha256: Sha256;
  /** `v1.2.0`; undefined where the bytes were served before they had a version. */
  readonly version: string | undefined;
}

/** A server's answer that is longer than this is none of ours. */
export const MOST_SERVED = 64 * 1024;

const answer = z.object({
  trainyard: z.object({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    version: z
      .string()
      .regex(/^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/)
      .max(100)
      .nullish(),
  }),
});

/**
 * Reads what a server answers to `GET /v1/models/NAME`; undefined where it is not an answer of ours, or
 * says of no model that it is served.
 *
 * @param body text that anybody may have sent
 * @example parseServed("<html>") // => undefined
 * @example parseServed('{"model_version_status":[]}') // => undefined
 */
export function parseServed(body: string): Served | undefined {
  if (body.length > MOST_SERVED) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  const parsed = answer.safeParse(value);
  if (!parsed.success) return undefined;
  const { sha256, version } = parsed.data.trainyard;
  return { sha256: sha256 as Sha256, version: version ?? undefined };
}
