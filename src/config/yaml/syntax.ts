import { type Document, isCollection, isScalar, parseDocument, visit, type YAMLParseError } from "yaml";
import { quoted } from "./tear.ts";

/**
 * Where a syntax error is shown: what is not closed where it opens, all else where it was noticed. The
 * parser notices a missing quote at the end of the file.
 */
export function syntaxOffset(error: YAMLParseError, document: Document.Parsed): number {
  const [noticed] = error.pos;
  if (!isUnclosed(error)) return noticed;
  let opening = noticed;
  visit(document.contents, {
    Node(_, node) {
      const [start, end] = node.range ?? [];
      const opens = isScalar(node) ? node.type?.startsWith("QUOTE") : isCollection(node) && node.flow;
      if (opens !== true || start === undefined || end === undefined) return;
      if (start < noticed && end >= noticed) opening = start;
    },
  });
  return opening;
}

const isUnclosed = ({ code, message }: YAMLParseError) =>
  (code === "MISSING_CHAR" && message.includes("closing")) ||
  (code === "BAD_INDENT" && /[\]}]$/.test(message));

/** What is wrong where YAML itself could not be read, in our words. */
export function syntaxMessage(error: YAMLParseError, source: string): string {
  const [from, to] = error.pos;
  const found = shortened(source.slice(from, Math.max(to, from + 1)).split("\n")[0] ?? "");
  if (isTooDeepBelow(error, source))
    return "the line below is indented deeper than this one, which has a value already; indent both alike";
  const message = inOurWords(error, found);
  if (error.code === "BAD_DQ_ESCAPE") return `${message}${inSingleQuotes(lineAt(source, from))}`;
  const mended = quotedValue(lineAt(source, from));
  return mended === undefined ? message : `${message}; put the text in quotes: ${mended}`;
}

/**
 * Whether a line that is fine by itself is gone on with by deeper ones, whose keys YAML takes for a part of its
 * value. Whatever else it finds in them comes of that.
 */
export function isTooDeepBelow({ code, pos }: YAMLParseError, source: string): boolean {
  if (code !== "BLOCK_AS_IMPLICIT_KEY") return false;
  const line = lineAt(source, pos[0]);
  return isYaml(line) && (line.match(/: /g) ?? []).length < 2;
}

function inOurWords({ code, message }: YAMLParseError, found: string): string {
  switch (code) {
    case "TAB_AS_INDENT":
      return "a tab indents this line; YAML is indented with spaces";
    case "MULTIPLE_DOCS":
      return 'a second document begins here; a contract is one document, without "---" between its parts';
    case "BAD_SCALAR_START":
      return `a text cannot begin with "${found[0] ?? ""}" unless it is in quotes`;
    case "BAD_DQ_ESCAPE":
      return `an escape that double quotes do not know; in single quotes "\\" is a letter`;
    case "BLOCK_AS_IMPLICIT_KEY":
      return 'a second ": " stands in this line';
    case "DUPLICATE_KEY":
      return `duplicate key "${found}"`;
    case "BAD_ALIAS":
      return `alias "${found}" cannot be read`;
    case "MISSING_CHAR":
      if (message.includes("closing")) return "the quote that opens here is not closed";
      if (message.includes("flow"))
        return `a comma is missing between entries, or quotes around a text, at "${found}"`;
      if (message.includes("Implicit")) return `"${found}" is no key; a key ends with ":"`;
      return `${lowered(message)} at "${found}"`;
    case "BAD_INDENT":
      if (message.includes("]")) return "the list that begins here is not closed with ]";
      if (message.includes("}")) return "the map that begins here is not closed with }";
      return `"${found}" is not indented like the lines around it`;
    case "UNEXPECTED_TOKEN":
      if (message.includes("node end")) return `unexpected "${found}" after the end of the value`;
      return `unexpected "${found}"`;
    default:
      return `${lowered(message)} at "${found}"`;
  }
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

const shortened = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text).trim();

function lineAt(source: string, offset: number): string {
  const start = source.lastIndexOf("\n", Math.max(0, offset - 1)) + 1;
  const end = source.indexOf("\n", offset);
  return source.slice(start, end === -1 ? undefined : end).trim();
}

/** The line with its value in quotes, where that alone makes it YAML. */
function quotedValue(line: string): string | undefined {
  const parts = /^((?:- +)*(?:[\w-]+: +|- +))(?![{#|>])(.+)$/.exec(line);
  if (parts === null || line.length > 300 || isYaml(line)) return undefined;
  const mended = `${parts[1]}${quoted(parts[2] ?? "")}`;
  return isYaml(mended) ? mended : undefined;
}

function inSingleQuotes(line: string): string {
  const parts = /^(.*?: +|- +)"([^"]*)"$/.exec(line);
  return parts === null ? "" : `: ${parts[1]}'${(parts[2] ?? "").replaceAll("'", "''")}'`;
}

const isYaml = (line: string) => parseDocument(line, { prettyErrors: false }).errors.length === 0;
