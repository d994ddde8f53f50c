import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { UserError } from "../../../errors.ts";

/** So much of a file is read to find its header and its delimiter. */
const START = 1 << 20;

export interface TextStart {
  readonly text: string;
  /** As DuckDB names it. */
  readonly encoding: "utf-8" | "latin-1" | "utf-16";
  /** Whether the text is all there is. */
  readonly whole: boolean;
}

/** A text file's first megabyte, unpacked and decoded, without its byte-order mark. */
export async function beginningOf(path: string, told: TextStart["encoding"] | undefined): Promise<TextStart> {
  const parts: Buffer[] = [];
  let size = 0;
  const file = createReadStream(path);
  try {
    for await (const part of path.endsWith(".gz") ? file.pipe(createGunzip()) : file) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size > START) break;
    }
  } catch (error) {
    throw new UserError("cannot be unpacked; is it a whole gzip file?", { at: { file: path }, cause: error });
  } finally {
    file.destroy();
  }
  const bytes = Buffer.concat(parts);
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const encoding = told ?? (wide ? "utf-16" : "utf-8");
  const label = encoding === "latin-1" ? "latin1" : encoding === "utf-16" ? "utf-16le" : "utf-8";
  return { text: new TextDecoder(label).decode(bytes.subarray(0, START)), encoding, whole: size <= START };
}
