import * as z from "zod";
import { UserError } from "../../errors.ts";

/*
 * What the job that runs `retrain.refresh` hands over: data, which the next job takes as such. Its code
 * is the default branch's, and still it holds no pen.
 */

/** `refreshed.json`, beside `files/0`, `files/1` … in the order of its list. */
export const refreshed = z.strictObject({
  schema: z.literal("trainyard/refreshed/1"),
  model: z.string().max(200),
  /** The contract's folder, from the repository's top. */
  folder: z.string().max(500),
  /** Files of the contract's sources that are others now, or new; from the repository's top. */
  files: z.array(z.strictObject({ path: z.string().min(1).max(1000) })).max(10_000),
  /** What is no longer there. */
  gone: z.array(z.string().max(1000)).max(10_000),
});

export type RefreshedFiles = z.output<typeof refreshed>;

/**
 * Reads what was handed over.
 *
 * @throws {UserError} where it has another shape
 *
 * @example parseRefreshed("{}") // throws "refreshed.json is not what a refresh hands over"
 */
export function parseRefreshed(text: string | undefined): RefreshedFiles {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    value = undefined;
  }
  const parsed = refreshed.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UserError("refreshed.json is not what a refresh hands over; run it again with this version");
}
