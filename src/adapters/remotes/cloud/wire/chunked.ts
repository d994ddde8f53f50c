import { malformed } from "./head.ts";

/** A line that says how long a chunk is, with its extensions. */
const LONGEST_LINE = 4096;
/** Headers after the last chunk. */
const LONGEST_TRAILER = 64 << 10;

/** Takes chunks apart that a server sends where it does not know the length before. */
export class Unchunked {
  #line = "";
  /** Bytes left of a chunk, with the end of line after it; undefined where a line is being read. */
  #left: number | undefined;
  #trailing = false;
  #trailer = 0;
  done = false;

  /** @returns how many of the bytes belong to it @throws {Error} where it is malformed */
  take(bytes: Uint8Array, give: (part: Uint8Array) => void): number {
    let at = 0;
    while (at < bytes.length && !this.done) {
      if (this.#left === undefined) {
        this.#takeLine(bytes[at++] ?? 0);
        continue;
      }
      const data = Math.min(this.#left - 2, bytes.length - at);
      if (data > 0) {
        give(bytes.subarray(at, at + data));
        at += data;
        this.#left -= data;
      } else {
        if (bytes[at] !== (this.#left === 2 ? 13 : 10))
          throw malformed("a chunk does not end where it should");
        at++;
        this.#left--;
        if (this.#left === 0) this.#left = undefined;
      }
    }
    return at;
  }

  #takeLine(byte: number): void {
    if (byte !== 10) {
      this.#line += String.fromCharCode(byte);
      if (this.#line.length > LONGEST_LINE) throw malformed("a line of a chunk is too long");
      return;
    }
    const line = this.#line;
    this.#line = "";
    if (!line.endsWith("\r")) throw malformed("a line does not end where it should");
    if (this.#trailing) {
      this.#trailer += line.length;
      if (this.#trailer > LONGEST_TRAILER) throw malformed("the end of the chunks is too long");
      this.done = line === "\r";
      return;
    }
    const [, hex] = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?\r$/i.exec(line) ?? [];
    if (hex === undefined) throw malformed("a chunk says no length");
    const size = Number.parseInt(hex, 16);
    if (size === 0) this.#trailing = true;
    else this.#left = size + 2;
  }
}
