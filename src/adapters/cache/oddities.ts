import type { Listing } from "../../core/artifacts/listing.ts";

/** What makes a folder another one on every machine, told once each. */
export interface Oddities {
  look(relpath: string, bytes: Uint8Array): void;
  found(files: Listing): readonly string[];
}

/** What systems and programs leave behind. */
const LEFT_BEHIND = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|__pycache__\/.*|\.ipynb_checkpoints\/.*)$/;
/** Whether a text has line ends of Windows shows at its beginning. */
const LOOKED_AT = 4096;
const [CR, LF] = [13, 10];

/** Collects what a person may not have meant to add. */
export function oddities(): Oddities {
  let windows = 0;
  let first = "";
  return {
    look(relpath, bytes) {
      const start = bytes.length <= LOOKED_AT ? bytes : bytes.subarray(0, LOOKED_AT);
      if (start.includes(0) || !hasWindowsEnd(start)) return; // most data have a zero soon
      if (windows++ === 0) first = relpath;
    },

    found(files) {
      const left: string[] = [];
      let count = 0;
      for (let i = 0; i < files.length; i++) {
        if (!mayBeLeft(files.pathBytes(i)) || !LEFT_BEHIND.test(files.path(i))) continue;
        count++;
        if (left.length < 1) left.push(files.path(i));
      }
      return [
        ...(count === 0
          ? []
          : [`${counted(count)} that systems and programs leave behind, such as "${left[0]}"`]),
        ...(windows === 0
          ? []
          : [
              `${counted(windows)} with line ends of Windows (CRLF)${first === "" ? "" : `, such as "${first}"`}`,
            ]),
      ];
    },
  };
}

function hasWindowsEnd(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1))
    if (bytes[at + 1] === LF) return true;
  return false;
}

const counted = (count: number): string => (count === 1 ? "a file" : `${count} files`);

/** A quick look at the bytes of a path, since there may be a million. */
function mayBeLeft(path: Buffer): boolean {
  const last = path.at(-1);
  return (
    last === 0x65 ||
    last === 0x62 ||
    last === 0x69 ||
    path.includes("__pycache__/") ||
    path.includes(".ipynb_")
  );
}
