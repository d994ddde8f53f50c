import { setPriority } from "node:os";

/** Lets other processes go before this one; one that has ended meanwhile needs no time. @param nice as `nice` has it */
export function stepBack(process: number | undefined, nice: number): void {
  if (process === undefined || nice === 0) return;
  try {
    setPriority(process, nice);
  } catch (error) {
    if ((error as { readonly info?: { readonly code?: string } }).info?.code !== "ESRCH") throw error;
  }
}
