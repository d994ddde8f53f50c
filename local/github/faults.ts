import type { Fault } from "../contract.ts";

/** Faults that wait for their requests. */
export interface Faults {
  /** @returns what ends it, however often it was to be met */
  add(fault: Fault): () => void;
  /** The fault for a request, used up once. */
  take(method: string, path: string): Fault["answer"] | undefined;
}

/** No faults yet. The first that fits is taken. */
export function newFaults(): Faults {
  const waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      const added = { fault, left: fault.times };
      waiting.push(added);
      return () => {
        added.left = 0;
      };
    },
    take(method, path) {
      const found = waiting.find(
        ({ fault, left }) =>
          left > 0 &&
          (fault.method ?? method).toUpperCase() === method &&
          new RegExp(fault.path.source, fault.path.flags.replace("g", "")).test(path),
      );
      if (!found) return undefined;
      found.left -= 1;
      return found.fault.answer;
    },
  };
}
