import { formatBytes } from "../../core/text/bytes.ts";
import { formatSeconds } from "../../core/text/seconds.ts";

/** The last so many milliseconds tell how fast it goes: long enough to be calm, short enough to be true. */
const WINDOW = 15_000;

/** How fast bytes pass, and how long it takes until all have. */
export interface Rate {
  /** @returns such as `12.5 MB of 40.0 MB, 3.2 MB/s, 9 s left` */
  at(done: number, total: number | undefined): string;
}

export function rate(now: () => number): Rate {
  const seen: { readonly time: number; readonly done: number }[] = [{ time: now(), done: 0 }];
  return {
    at(done, total) {
      const time = now();
      seen.push({ time, done });
      while (seen.length > 2 && time - (seen[1]?.time ?? time) > WINDOW) seen.shift();
      const [first] = seen;
      const passed = (time - (first?.time ?? time)) / 1000;
      const speed = passed > 0 ? (done - (first?.done ?? 0)) / passed : 0;
      const of = total === undefined ? "" : ` of ${formatBytes(total)}`;
      const left =
        total === undefined || speed <= 0 ? "" : `, ${formatSeconds(Math.max(0, total - done) / speed)} left`;
      return `${formatBytes(done)}${of}, ${formatBytes(speed)}/s${left}`;
    },
  };
}
