import { oneLine } from "../../core/text/one-line.ts";
import type { Progress, Task } from "../../ports/progress.ts";
import { rate } from "./rate.ts";

const EVERY = 10_000; // a log that nobody watches needs a sign of life, not a film

/** Plain lines for logs and CI: one when something ends, and one every ten seconds in between. */
export function lineProgress(
  stream: { write(text: string): unknown },
  now: () => number = Date.now,
): Progress {
  return {
    say: (text) => void stream.write(`${oneLine(text)}\n`),
    start(named, total, unit): Task {
      const title = oneLine(named);
      let spoke = now();
      const bytes = unit === "bytes" ? rate(now) : undefined;
      return {
        update(done, known = total, note = "") {
          if (now() - spoke < EVERY) return;
          spoke = now();
          if (bytes !== undefined) {
            stream.write(`  ${title} ${shareOf(done, known)}${bytes.at(done, known)}\n`);
            return;
          }
          const share =
            known === undefined || known === 0 ? `${done}` : `${Math.floor((100 * done) / known)}%`;
          stream.write(`  ${title} ${share}${note === "" ? "" : ` ${oneLine(note)}`}\n`);
        },
        end(text) {
          if (text !== undefined) stream.write(`${oneLine(text)}\n`);
        },
      };
    },
  };
}

function shareOf(done: number, total: number | undefined): string {
  return total === undefined || total === 0 ? "" : `${Math.floor((100 * done) / total)}%: `;
}

/** Says nothing: for tests and for callers that only want the result. */
export const silentProgress: Progress = {
  say: () => {},
  start: () => ({ update: () => {}, end: () => {} }),
};
