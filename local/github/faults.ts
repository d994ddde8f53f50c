import type { Fault } from "../contract.ts";

/** Faults that wait for their requests. */
export interface Faults {
  add(fault: Fault): void;
  /** The fault for a request, used up once. */
  take(method: string, path: string): Fault["answer"] | undefined;
}

/** No faults yet. The first that fits is taken. */
export function newFaults(): Faults {
  const waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      waiting.push({ fault, left: fault.times });
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
