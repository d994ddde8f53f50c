import { isMapping, text, truthy, type Value } from "./value.ts";

/** A `concurrency` key, filled in. */
export interface Concurrency {
  readonly group: string;
  readonly cancel: boolean;
  /** All that come wait; else one, and an older one that waits makes room for it. */
  readonly queue: boolean;
}

/** Somebody who wants the group for itself. */
export interface Claim extends Concurrency {
  /** Stops what is under way or waits. */
  readonly cancelled: (reason: string) => void;
  /** Gives up waiting. */
  readonly signal: AbortSignal;
  /** Groups that its own workflows already hold, which it would wait for in vain. */
  readonly held: readonly string[];
}

/** Groups of one runner, by repository and name. */
export interface Groups {
  /** Resolves to what gives the group back when its turn has come; undefined where it was cancelled before. */
  enter(repository: string, claim: Claim): Promise<(() => void) | undefined>;
}

const LONGEST = 100; // GitHub's queue: max

/** Reads a `concurrency` key; undefined where there is none. */
export function concurrencyOf(value: Value | undefined): Concurrency | undefined {
  if (value === undefined || value === null) return undefined;
  const { group, "cancel-in-progress": cancel = false, queue } = isMapping(value) ? value : { group: value };
  const name = text(group);
  if (name === "") throw new Error("the concurrency group is empty");
  const read = { group: name, cancel: truthy(cancel), queue: queue === "max" };
  if (read.queue && read.cancel) throw new Error("concurrency has both queue: max and cancel-in-progress");
  return read;
}

interface Waiting {
  readonly claim: Claim;
  begin(turn: boolean): void;
}

/** Opens the groups. */
export function openGroups(): Groups {
  const lines = new Map<string, { running: Claim; readonly pending: Waiting[] }>();

  function drop(waiting: readonly Waiting[], group: string): void {
    for (const one of waiting) {
      one.claim.cancelled(`Canceling since a higher priority waiting request for '${group}' exists`);
      one.begin(false);
    }
  }

  function leave(key: string): void {
    const line = lines.get(key);
    const next = line?.pending.shift();
    if (line === undefined || next === undefined) {
      lines.delete(key);
      return;
    }
    line.running = next.claim;
    next.begin(true);
  }

  return {
    async enter(repository, claim) {
      if (claim.signal.aborted) return undefined;
      const key = `${repository} ${claim.group.toLowerCase()}`;
      if (claim.held.includes(claim.group.toLowerCase())) {
        claim.cancelled(`Canceling since a deadlock for concurrency group '${claim.group}' was detected`);
        return undefined;
      }
      const line = lines.get(key);
      if (line === undefined) {
        lines.set(key, { running: claim, pending: [] });
        return () => leave(key);
      }
      if (claim.queue && line.pending.length >= LONGEST) {
        claim.cancelled(`Canceling since ${LONGEST} already wait for '${claim.group}'`);
        return undefined;
      }
      if (!claim.queue) drop(line.pending.splice(0), claim.group);
      const turn = new Promise<boolean>((begin) => {
        const waiting: Waiting = { claim, begin };
        line.pending.push(waiting);
        claim.signal.addEventListener("abort", () => {
          const at = line.pending.indexOf(waiting);
          if (at >= 0) line.pending.splice(at, 1);
          begin(false);
        });
      });
      if (claim.cancel) {
        line.running.cancelled(
          `Canceling since a higher priority waiting request for '${claim.group}' exists`,
        );
      }
      // A claim that was given up meanwhile, and yet given its turn, hands it on.
      const mine = await turn;
      return mine ? () => leave(key) : undefined;
    },
  };
}
