import { isMap, isPair, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from "yaml";
import type { Problem } from "./parser.ts";

const MODES = ["read", "write", "write-only", "none"];

type Entry = Pair<unknown, unknown>;

const named = (map: unknown, key: string): Entry | undefined =>
  isMap(map)
    ? map.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
    : undefined;

const positions = (node: unknown): readonly [number, number] | undefined =>
  isScalar(node) && node.range ? [node.range[0], node.range[1]] : undefined;

/** Where an entry stands in the text, and the comma behind it within `{ }`. */
function extent(entry: Entry, flow: boolean, text: string): readonly [number, number] | undefined {
  const key = positions(entry.key);
  if (key === undefined) return undefined;
  const end = positions(entry.value)?.[1] ?? key[1];
  const comma = flow ? /^\s*,/.exec(text.slice(end))?.[0].length : undefined;
  return [key[0], end + (comma ?? 0)];
}

/**
 * The text of a workflow file without `cache-mode`, of the workflow and of its jobs, which GitHub has
 * had since September 2026 and its published parser has not. All else stays on its line and column.
 */
export function withoutCacheMode(text: string): {
  readonly text: string;
  readonly problems: readonly Problem[];
} {
  const lines = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: false, lineCounter: lines, logLevel: "silent" });
  const jobs = named(document.contents, "jobs")?.value;
  const owners = [document.contents, ...(isMap(jobs) ? jobs.items.map(({ value }) => value) : [])];
  const problems: Problem[] = [];
  let rest = text;
  for (const owner of owners) {
    const entry = named(owner, "cache-mode");
    const range = entry && extent(entry, (owner as YAMLMap).flow === true, text);
    if (entry === undefined || range === undefined) continue;
    const value = isScalar(entry.value) ? entry.value.value : undefined;
    if (typeof value !== "string" || !MODES.includes(value)) {
      const { line, col } = lines.linePos(range[0]);
      problems.push({
        message: `Unexpected value of cache-mode; it is one of ${MODES.join(", ")}`,
        line,
        column: col,
      });
      if (!isScalar(entry.value)) continue;
    }
    rest = rest.slice(0, range[0]) + rest.slice(...range).replace(/[^\n]/g, " ") + rest.slice(range[1]);
  }
  return { text: rest, problems };
}
