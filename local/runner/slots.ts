/** A number of places that jobs take one after the other. */
export interface Slots {
  /** Resolves to what gives the place back; undefined where waiting was given up. */
  take(signal: AbortSignal): Promise<(() => void) | undefined>;
}

/** Opens so many places. */
export function openSlots(count: number): Slots {
  let free = count;
  const waiting: ((turn: boolean) => void)[] = [];

  function giver(): () => void {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = waiting.shift();
      if (next === undefined) free++;
      else next(true);
    };
  }

  return {
    async take(signal) {
      if (signal.aborted) return undefined;
      if (free > 0) {
        free--;
        return giver();
      }
      const turn = await new Promise<boolean>((resolve) => {
        waiting.push(resolve);
        signal.addEventListener("abort", () => {
          const at = waiting.indexOf(resolve);
          if (at < 0) return;
          waiting.splice(at, 1);
          resolve(false);
        });
      });
      return turn ? giver() : undefined;
    },
  };
}
