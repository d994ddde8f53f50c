import { SingleBar } from "cli-progress";
import { oneLine } from "../../core/text/one-line.ts";
import type { Progress, Task } from "../../ports/progress.ts";
import { rate } from "./rate.ts";

const PATIENCE = 1000; // a bar for work that ends at once would only flicker
/** Bytes come in thousands of parts a second; nobody sees more than a few pictures. */
const FRAME = 125;

/** Bars on a terminal, drawn only for work that takes longer than a second. */
export function terminalProgress(stream: NodeJS.WriteStream): Progress {
  return {
    say: (text) => void stream.write(`${oneLine(text)}\n`),
    start(named, total, unit): Task {
      const title = oneLine(named).replace(/[{}]/g, "\ufffd"); // the bar's own marks
      const began = Date.now();
      const bytes = unit === "bytes" ? rate(Date.now) : undefined;
      let drawn = 0;
      let bar: SingleBar | undefined;
      return {
        update(done, known = total, given = "") {
          if (bar !== undefined && bytes !== undefined && Date.now() - drawn < FRAME) return;
          drawn = Date.now();
          const note = bytes === undefined ? oneLine(given) : bytes.at(done, known);
          if (bar === undefined) {
            if (Date.now() - began < PATIENCE) return;
            bar = new SingleBar({
              format: `  ${title} {bar} {percentage}% ${unit === "bytes" ? "" : "{eta_formatted} left "}{note}`,
              stream,
              hideCursor: true,
              clearOnComplete: true,
              barsize: 24,
              fps: 8,
              etaBuffer: 50,
            });
            bar.start(known ?? 0, done, { note });
          }
          if (known !== undefined) bar.setTotal(known);
          bar.update(done, { note });
        },
        end(text) {
          bar?.stop();
          if (text !== undefined) stream.write(`${oneLine(text)}\n`);
        },
      };
    },
  };
}
