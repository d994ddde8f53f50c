import { setImmediate as pause } from "node:timers/promises";
import { EXIT, UserError } from "../../errors.ts";

const EVERY = 50; // milliseconds: a person notices a tenth of a second

/**
 * Lets others have their turn now and then during a long computation: a progress bar, Ctrl-C.
 *
 * @returns a function that says whether it paused. @throws {UserError} where the signal has stopped the work
 */
export function breathing(signal: AbortSignal | undefined): () => Promise<boolean> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < EVERY) return false;
    await pause();
    last = performance.now();
    if (signal?.aborted) throw new UserError("training was interrupted", { exit: EXIT.interrupted });
    return true;
  };
}
