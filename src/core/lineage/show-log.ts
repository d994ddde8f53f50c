import { terminalText } from "../report/escape.ts";
import { counted, formatNumber } from "../report/numbers.ts";
import { paint } from "../report/terminal/columns.ts";
import type { TerminalStyle } from "../report/terminal.ts";
import { formatBytes } from "../text/bytes.ts";
import type { NamedVersion, VersionChange } from "./changes.ts";
import type { LogEntry } from "./entry.ts";

/** So many of each are shown; `--json` has all. */
const METRICS = 4;
const CAUSES = 3;
const INPUTS = 4;

/** The log for a terminal: a paragraph for each commit, and in it a line for each path. */
export function showLog(entries: readonly LogEntry[], style: TerminalStyle): string {
  const ink = paint(style.colour);
  const paragraphs: string[][] = [];
  let last: string | undefined;
  for (const entry of entries) {
    const { commit, at, author, subject } = entry;
    if (commit !== last) {
      const when = at.slice(0, 16).replace("T", " ");
      const who = terminalText(author, 40);
      paragraphs.push([
        `${ink.yellow(commit.slice(0, 7))}  ${when}  ${who}  ${ink.bold(terminalText(subject, 100))}`,
      ]);
    }
    last = commit;
    paragraphs.at(-1)?.push(...linesOf(entry).map((line) => `  ${line}`));
  }
  return paragraphs.map((lines) => lines.join("\n")).join("\n\n");
}

function linesOf(entry: LogEntry): readonly string[] {
  const { path, causes, inputs, metrics, metricsBefore } = entry;
  const names = Object.keys(metrics);
  return [
    `${terminalText(path)}  ${changeText(entry)}`,
    ...(causes.length === 0 ? [] : [`  because  ${listed(causes, CAUSES, "; ")}`]),
    ...(inputs.length === 0
      ? []
      : [
          `  from     ${listed(
            inputs.map(({ name, md5 }) => `${name}${md5 === undefined ? "" : ` ${md5.slice(0, 8)}`}`),
            INPUTS,
            ", ",
          )}`,
        ]),
    ...(names.length === 0
      ? []
      : [
          `  metrics  ${listed(
            names.map((name) => `${name} ${metricText(ownOf(metrics, name), ownOf(metricsBefore, name))}`),
            METRICS,
            ", ",
          )}`,
        ]),
  ];
}

/**
 * What became of a version, in a line.
 *
 * @example changeText({ path: "a", files: [], before: undefined, after: { path: "a", name: "60b725f10c9c85c70d97880dfe8191b3", size: 2 } }) // => "added 60b725f1, 2 B"
 * @example changeText({ path: "a", files: [], before: { path: "a", name: "60b725f10c9c85c70d97880dfe8191b3" }, after: undefined }) // => "removed, it was 60b725f1"
 */
export function changeText({ before, after }: VersionChange): string {
  if (after === undefined) return before === undefined ? "" : `removed, it was ${versionText(before)}`;
  if (before === undefined) return `added ${versionText(after)}`;
  return `${versionText(before)} → ${versionText(after)}`;
}

function versionText({ name, size, nfiles }: NamedVersion): string {
  const bytes = size === undefined ? "" : `, ${formatBytes(size)}`;
  const files = nfiles === undefined ? "" : ` in ${counted(nfiles, "file")}`;
  return `${name.replace(/^md5-dos2unix:/, "").slice(0, 8)}${bytes}${files}`;
}

/** A metric may be called as what every object has, such as "constructor". */
const ownOf = (metrics: Readonly<Record<string, number>>, name: string): number | undefined =>
  Object.hasOwn(metrics, name) ? metrics[name] : undefined;

function metricText(now: number | undefined, before: number | undefined): string {
  if (now === undefined || before === undefined || now === before) return formatNumber(now);
  const moved = now - before;
  return `${formatNumber(now)} (${moved > 0 ? "+" : ""}${formatNumber(moved)})`;
}

function listed(all: readonly string[], most: number, between: string): string {
  const shown = all.slice(0, most).map((text) => terminalText(text, 200));
  return `${shown.join(between)}${all.length > most ? `${between}and ${all.length - most} more` : ""}`;
}
