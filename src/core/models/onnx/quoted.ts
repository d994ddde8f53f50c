import { oneLine } from "../../text/one-line.ts";

/**
 * A name out of a stranger's file, as a message quotes it: one line, and no more than can be read.
 *
 * @example quoted("a\nb") // => "\"a�b\""
 */
export const quoted = (name: string): string =>
  `"${oneLine(name.length > 100 ? `${name.slice(0, 100)}…` : name)}"`;
