import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

export interface OddLineEnd {
  readonly line: number;
  readonly found: string;
  readonly expected: string;
}

const NAMES = { "\n": "LF (\\n)", "\r\n": "CR LF (\\r\\n)", "\r": "CR (\\r)" } as const;
const [LF, CR] = [10, 13];

/** The first line whose end is unlike those before it; inside quotes a line end is text. */
export async function firstOddLineEnd(path: string, quote: string): Promise<OddLineEnd | undefined> {
  const mark = quote.charCodeAt(0);
  let expected: keyof typeof NAMES | undefined;
  let quoted = false;
  let line = 1;
  let afterReturn = false;
  const differs = (end: keyof typeof NAMES): OddLineEnd | undefined => {
    expected ??= end;
    return end === expected ? undefined : { line, found: NAMES[end], expected: NAMES[expected] };
  };
  const file = createReadStream(path);
  for await (const part of path.endsWith(".gz") ? file.pipe(createGunzip()) : file) {
    for (const byte of part as Buffer) {
      if (afterReturn) {
        const odd = quoted ? undefined : differs(byte === LF ? "\r\n" : "\r");
        if (odd !== undefined) return odd;
        afterReturn = false;
        line++;
        if (byte === LF) continue;
      }
      if (byte === mark) quoted = !quoted;
      else if (byte === CR) afterReturn = true;
      else if (byte === LF) {
        const odd = quoted ? undefined : differs("\n");
        if (odd !== undefined) return odd;
        line++;
      }
    }
  }
  return undefined;
}
