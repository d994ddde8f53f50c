import { readFile } from "node:fs/promises";
import type { DataChange } from "../core/artifacts/data-diff.ts";
import { isLegacy, type ObjectName } from "../core/artifacts/digest.ts";
import { isOnlyCrlf } from "../core/artifacts/line-ends.ts";
import type { BytesOf } from "./judge-bytes.ts";

/** Larger texts are not compared for the ends of their lines. */
const LARGEST = 4 * 2 ** 20;
/** So many are brought here to be compared. */
export const MOST_TEXTS = 20;
const TEXT =
  /\.(csv|tsv|txt|md|rst|json|jsonl|ndjson|ya?ml|toml|ini|cfg|xml|html?|sql|py|r|ipynb|svg|dat|tex)$/i;

type Modified = Extract<DataChange, { kind: "modified" }>;

const isModified = (change: DataChange): change is Modified =>
  change.kind === "modified" && !change.after.path.endsWith("/");

/** Changes whose newer bytes may be the older ones with other ends of lines, and are worth being brought here. */
export const textChanges = (changes: readonly DataChange[]): readonly Modified[] =>
  changes.filter(isModified).filter(({ before, after }) => {
    const [was, is] = [before.size, after.size];
    if (isLegacy(before.name) || isLegacy(after.name) || !TEXT.test(after.path)) return false;
    if (is !== undefined && is > LARGEST) return false;
    return was === undefined || is === undefined || (was < is && is <= 2 * was); // a byte a line, and no more
  });

/** Paths of texts that are the same but for the ends of their lines, as far as the bytes of either side are here. */
export async function crlfPaths(
  changes: readonly DataChange[],
  bytesOf: BytesOf,
  most: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { before, after } of changes.filter(isModified)) {
    if (found.length >= most) break;
    const bytes = await smallText(after.name, bytesOf);
    const old = bytes === undefined ? await smallText(before.name, bytesOf) : undefined;
    const [was, is] = [
      { name: before.name, ...(old === undefined ? {} : { bytes: old }) },
      { name: after.name, ...(bytes === undefined ? {} : { bytes }) },
    ];
    if (isOnlyCrlf(was, is)) found.push(after.path);
  }
  return found;
}

async function smallText(name: ObjectName, bytesOf: BytesOf): Promise<Buffer | undefined> {
  const held = await bytesOf(name);
  return "why" in held || held.size > LARGEST ? undefined : readFile(held.path);
}
