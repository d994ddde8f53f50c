import { digitsOf, isDirectory, isLegacy, legacyMd5, type Md5, type ObjectName } from "./digest.ts";
import { sortedRows } from "./digest-table.ts";

const NAME = 16;

/** Names of files' objects, each once, in 16 bytes: a million of them as texts would take 150 MB. */
export interface Names {
  add(name: ObjectName): void;
  /** All of them in parts of so many, sorted: names that begin alike stand together. */
  parts(size: number): Iterable<readonly ObjectName[]>;
}

/**
 * No names yet. Those of directories are not taken.
 *
 * @example [...namesOf([]).parts(2)] // => []
 * @example [...namesOf(["b026324c6904b2a9cb4b88d6d61c81d1", "60b725f10c9c85c70d97880dfe8191b3"]).parts(2)] // => [["60b725f10c9c85c70d97880dfe8191b3", "b026324c6904b2a9cb4b88d6d61c81d1"]]
 */
export function namesOf(names: Iterable<ObjectName>): Names {
  const current = rowsOf();
  const legacy = rowsOf();
  const all: Names = {
    add(name) {
      if (isDirectory(name)) throw new Error(`${name} is a directory`);
      (isLegacy(name) ? legacy : current).add(digitsOf(name));
    },
    *parts(size) {
      yield* current.parts(size, (digits) => digits as Md5);
      yield* legacy.parts(size, (digits) => legacyMd5(digits) as ObjectName);
    },
  };
  for (const name of names) all.add(name);
  return all;
}

function rowsOf() {
  let rows = Buffer.alloc(64 * NAME);
  let count = 0;
  return {
    add(digits: string): void {
      if ((count + 1) * NAME > rows.length)
        rows = Buffer.concat([rows, Buffer.alloc(((count >> 1) + 1) * NAME)]);
      rows.write(digits, count * NAME, NAME, "hex");
      count++;
    },
    *parts(size: number, named: (digits: string) => ObjectName): Iterable<readonly ObjectName[]> {
      const order = sortedRows(rows, NAME, count);
      for (let from = 0; from < order.length; from += size) {
        yield Array.from(order.subarray(from, from + size), (row) =>
          named(rows.toString("hex", row * NAME, (row + 1) * NAME)),
        );
      }
    },
  };
}
