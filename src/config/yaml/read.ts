import { type Document, LineCounter, parseDocument, type YAMLParseError } from "yaml";
import type { Place } from "../../errors.ts";
import type { Issue } from "../issues.ts";
import { textIssue } from "./bytes.ts";
import { locate } from "./locate.ts";
import type { Located } from "./located.ts";
import { isTooDeepBelow, syntaxMessage, syntaxOffset } from "./syntax.ts";
import { type Tear, tearsIn } from "./tear.ts";

/** Larger files are not written by hand; the search for torn values looks at each nested bracket again. */
const TEARS_SOUGHT_UP_TO = 65_536;

export interface Reading {
  /** Absent where the text is not YAML at all. */
  readonly root: Located | undefined;
  readonly issues: readonly Issue[];
}

/**
 * Reads one YAML 1.2 document (core schema: `no` is a text) into values that know their places.
 *
 * Values that a flow map tore apart are reported and read as if they had been quoted, so that the
 * rest of the file can be checked too. `everywhere` is the place of all values of a text that is no
 * file, such as an argument.
 */
export function readYaml(original: string, file: string, everywhere?: Place): Reading {
  const unreadable = textIssue(original, file);
  if (unreadable !== undefined) {
    return { root: undefined, issues: [{ ...unreadable, place: everywhere ?? unreadable.place }] };
  }

  const source = original.replace(/^\uFEFF/, "");
  const lines = new LineCounter();
  const placeOf = (offset: number): Place => {
    if (everywhere !== undefined) return everywhere;
    const { line, col } = lines.linePos(Math.min(offset, source.length));
    return { file, line, column: col };
  };
  try {
    let document = parse(source, lines);
    const tears = source.length > TEARS_SOUGHT_UP_TO ? [] : tearsIn(source, document.contents);
    const text = mended(source, tears);
    if (tears.length > 0) document = parse(text);
    const inSource = (offset: number) => placeOf(originalOffset(offset, tears));

    const issues: Issue[] = tears.map((tear) => ({
      place: placeOf(tear.start),
      message: tearMessage(source, tear),
    }));
    if (document.errors.some(({ message }) => /call stack/i.test(message)))
      return tooDeep(everywhere ?? { file });
    const syntax = firstPerLine(
      withoutEchoes(document.errors, text).map((error) => ({
        place: inSource(syntaxOffset(error, document)),
        message: syntaxMessage(error, text),
      })),
    );
    if (syntax.length > 0) return { root: undefined, issues: [...issues, ...syntax] };

    const { root, issues: found } = locate(document, text, inSource);
    return { root, issues: [...issues, ...found] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // only the call stack ends so
    return tooDeep(everywhere ?? { file });
  }
}

function tooDeep(place: Place): Reading {
  const message = "brackets or lines are nested too deep to be read; a contract has at most a dozen levels";
  return { root: undefined, issues: [{ place, message }] };
}

/** Without those that come of an earlier one: they point at nothing, or follow lines that are indented too deep. */
function withoutEchoes(errors: readonly YAMLParseError[], text: string): readonly YAMLParseError[] {
  const own = errors.filter(({ pos: [from, to] }, index) => index === 0 || to > from);
  const first = own.findIndex((error) => isTooDeepBelow(error, text));
  return first < 0 ? own : own.slice(0, first + 1);
}

function parse(source: string, lineCounter?: LineCounter): Document.Parsed {
  return parseDocument(source, {
    version: "1.2",
    schema: "core",
    uniqueKeys: false, // its own check is quadratic; ours stands in locate.ts
    prettyErrors: false,
    stringKeys: false,
    logLevel: "error",
    ...(lineCounter === undefined ? {} : { lineCounter }),
  });
}

function mended(source: string, tears: readonly Tear[]): string {
  let text = "";
  let from = 0;
  for (const tear of tears) {
    text += source.slice(from, tear.start) + tear.mended;
    from = tear.end;
  }
  return text + source.slice(from);
}

/** Where a character of the mended text stood before; inside a mended value to the letter, but for doubled quotes. */
function originalOffset(offset: number, tears: readonly Tear[]): number {
  let grown = 0;
  for (const { start, end, mended: value } of tears) {
    const from = start + grown;
    if (offset <= from) break;
    if (offset < from + value.length) return Math.min(end, start + offset - from - 1);
    grown += value.length - (end - start);
  }
  return offset - grown;
}

function tearMessage(source: string, { start, end, mended: value }: Tear): string {
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = source.indexOf("\n", end);
  const before = source.slice(lineStart, start).trimStart();
  const after = source.slice(end, lineEnd === -1 ? undefined : lineEnd).trimEnd();
  const line = `${before.length > 80 ? `…${before.slice(-80)}` : before}${value}${after.length > 80 ? `${after.slice(0, 80)}…` : after}`;
  const found = source.slice(start, end).replace(/\s+/g, " ");
  return `the comma tears "${found}" apart, as a comma ends a value between brackets; put it in quotes: ${line}`;
}

function firstPerLine(issues: readonly Issue[]): readonly Issue[] {
  const lines = new Set<number | undefined>();
  return issues.filter(({ place }) => !lines.has(place.line) && lines.add(place.line)).slice(0, 10);
}
