import { isCollection, parseDocument } from "yaml";

/*
 * The YAML that Trainyard itself prints is a small part of the language: maps and lists by
 * indentation, one scalar or one flow collection a line. It is read here in a fifteenth of the time
 * of a whole YAML parser, which a run with nothing to do would otherwise spend most of its time in.
 */

/** A line: its indentation, the dashes of list items, a key, and what comes after the colon. */
const LINE = /^( *)(- )?(?:([A-Za-z_][\w ./<>=()@-]*)|"([^"\\]*)"):(?: (.+))?$/;
/** Words that YAML 1.2 takes for something else than text. */
const WORD = /^(?:true|false|null|\.inf|\.nan)$/i;
/**
 * Begins with a letter or a dot, or with a number and a word; holds no hash, and no colon at the end of a
 * word. Letters beyond ASCII are those of the common alphabets.
 */
const PLAIN =
  /^(?:[A-Za-z_./\u00c0-\u024f\u0370-\u052f\u3041-\u9fff]|\d+ [A-Za-z])(?:(?: ?(?:[!-"$-9;-~\u00c0-\u024f\u0370-\u052f\u3041-\u9fff]|:(?=[^ ])))*)$/;
const DIGEST = /^(?=[0-9]*[a-df]|[0-9]*e[0-9]*[a-f])[0-9a-f]+(?:\.dir)?$/;
/** Versions and dates. */
const DOTTED = /^\d+(?:\.\d+\.|-\d+-)\d+$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/;
const QUOTED = /^(?:"([^"\\]*)"|'([^']*)')$/;

type Line = { readonly indent: number; readonly item: boolean; readonly key: string; readonly rest?: string };
type Map = Record<string, unknown>;

/** Not of the small part: a whole parser has to say what it is. */
class Other extends Error {}

/**
 * The value of a plain YAML text, or undefined where the text is anything but plain: with block
 * texts, anchors, tags, a key twice, or wrong. What is not undefined is what any YAML parser reads.
 *
 * @example readPlainYaml("# by us\na:\n- b: 1\n  c: [x, 2.5]\n- b: 2\nd: \"no\"\n") // => { "a": [{ "b": 1, "c": ["x", 2.5] }, { "b": 2 }], "d": "no" }
 * @example readPlainYaml("a: |\n  b\n") // => undefined
 */
export function readPlainYaml(text: string): Map | undefined {
  try {
    const lines = linesOf(text);
    const [value, end] = mapAt(lines, 0, 0);
    return end === lines.length ? value : undefined;
  } catch (error) {
    if (error instanceof Other) return undefined;
    throw error;
  }
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let open: Line | undefined; // may go on in the next line
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) {
      open = undefined;
      continue;
    }
    const goesOn = open !== undefined && !LINE.test(line) ? goneOn(open, line) : undefined;
    if (goesOn !== undefined) {
      lines[lines.length - 1] = open = goesOn;
      continue;
    }
    const [, spaces = "", dash, plain, quoted, rest] = LINE.exec(line) ?? [];
    const key = plain ?? quoted;
    if (key === undefined || key === "__proto__" || key === "" || (plain !== undefined && isOdd(plain)))
      throw new Other();
    const indent = spaces.length + (dash === undefined ? 0 : dash.length);
    open = { indent, item: dash !== undefined, key, ...(rest === undefined ? {} : { rest }) };
    lines.push(open);
  }
  return lines;
}

/** A line whose text goes on in a next one, further in: DVC folds long commands so. */
function goneOn(line: Line, next: string): Line | undefined {
  const indent = next.length - next.trimStart().length;
  if (line.rest === undefined || indent <= line.indent || next.includes("\t")) return undefined;
  const start = line.rest.trimEnd();
  const rest = `${start} ${next.trim()}`;
  return PLAIN.test(start) && PLAIN.test(rest) ? { ...line, rest } : undefined;
}

const isOdd = (key: string): boolean => WORD.test(key) || key.endsWith(" ");

/** The map whose first line is at `start`, and the place of the line after it. */
function mapAt(lines: readonly Line[], start: number, indent: number): [Map, number] {
  const map: Map = {};
  let at = start;
  for (let line = lines[at]; line !== undefined; line = lines[at]) {
    if (line.indent !== indent || (line.item && at > start)) break;
    if (Object.hasOwn(map, line.key)) throw new Other();
    const next = lines[at + 1];
    if (line.rest !== undefined) {
      if (next !== undefined && next.indent > indent && !next.item) throw new Other();
      map[line.key] = scalar(line.rest);
      at++;
    } else if (next?.item === true && next.indent === indent + 2) {
      [map[line.key], at] = listAt(lines, at + 1, indent + 2);
    } else if (next !== undefined && !next.item && next.indent === indent + 2) {
      [map[line.key], at] = mapAt(lines, at + 1, indent + 2);
    } else throw new Other();
  }
  if (at === start) throw new Other();
  return [map, at];
}

function listAt(lines: readonly Line[], start: number, indent: number): [Map[], number] {
  const list: Map[] = [];
  let at = start;
  while (lines[at]?.item === true && lines[at]?.indent === indent) {
    const [map, end] = mapAt(lines, at, indent);
    list.push(map);
    at = end;
  }
  return [list, at];
}

function scalar(text: string): unknown {
  if (NUMBER.test(text)) return Number(text);
  if (DIGEST.test(text) || DOTTED.test(text)) return text;
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  if (PLAIN.test(text) && !WORD.test(text) && !/^\.\d/.test(text)) return text;
  const quoted = QUOTED.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  if (text === "[]") return [];
  if (text === "{}") return {};
  if (!/^[[{]/.test(text) || /[&*!#]/.test(text)) throw new Other();
  const { contents, errors } = parseDocument(text, { version: "1.2" });
  if (errors.length > 0 || !isCollection(contents) || contents.flow !== true) throw new Other();
  return contents.toJSON();
}
