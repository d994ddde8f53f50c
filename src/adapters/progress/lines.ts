import type { Progress, Task } from "../../ports/progress.ts";

const EVERY = 10_000; // a log that nobody watches needs a sign of life, not a film

/** Plain lines for logs and CI: one when something ends, and one every ten seconds in between. */
export function lineProgress(
  stream: { write(text: string): unknown },
  now: () => number = Date.now,
): Progress {
  return {
    say: (text) => void stream.write(`${text}\n`),
    start(title, total): Task {
      let spoke = now();
      return {
        update(done, known = total, note = "") {
          if (now() - spoke < EVERY) return;
          spoke = now();
          const share =
            known === undefined || known === 0 ? `${done}` : `${Math.floor((100 * done) / known)}%`;
          stream.write(`  ${title} ${share}${note === "" ? "" : ` ${note}`}\n`);
        },
        end(text) {
          if (text !== undefined) stream.write(`${text}\n`);
        },
      };
    },
  };
}

/** Says nothing: for tests and for callers that only want the result. */
export const silentProgress: Progress = {
  say: () => {},
  start: () => ({ update: () => {}, end: () => {} }),
};
