import { StringDecoder } from "node:string_decoder";
import { trimmedEnd } from "../../core/text/trimmed-end.ts";

const LINES = 20;
const LONGEST = 500; // characters of a line: a progress bar without line ends must not fill the message

/** The last lines of an output, whatever its length. */
export interface Tail {
  add(bytes: Uint8Array): void;
  text(): string;
}

/** Keeps the last lines; of a line that overwrites itself by `\r`, what stands in the end. */
export function tailOf(): Tail {
  const decoder = new StringDecoder("utf8");
  let lines: string[] = [];
  let open = "";
  return {
    add(bytes) {
      const parts = (open + decoder.write(Buffer.from(bytes))).split("\n");
      open = last(parts.pop() ?? "");
      lines = [...lines, ...parts.map(last)].slice(-LINES);
    },
    text: () =>
      [...lines, open]
        .map((line) => line.trimEnd())
        .filter((line) => line !== "")
        .slice(-LINES)
        .join("\n"),
  };
}

function last(line: string): string {
  const shown = trimmedEnd(line, (one) => one === "\r");
  return shown.slice(shown.lastIndexOf("\r") + 1).slice(-LONGEST);
}
