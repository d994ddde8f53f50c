import { parseDocument, type YAMLParseError } from "yaml";
import { quoted } from "./tear.ts";

/** What is wrong where YAML itself could not be read, in our words. */
export function syntaxMessage(error: YAMLParseError, source: string): string {
  const [from, to] = error.pos;
  const found = shortened(source.slice(from, Math.max(to, from + 1)).split("\n")[0] ?? "");
  const message = inOurWords(error, found);
  const mended = quotedValue(lineAt(source, from));
  return mended === undefined ? message : `${message}; put the text in quotes: ${mended}`;
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
      return `double quotes do not know the escape "${found}"; write the text in single quotes, where \\ is a letter`;
    case "BLOCK_AS_IMPLICIT_KEY":
      return 'a second ": " stands in this line';
    case "DUPLICATE_KEY":
      return `duplicate key "${found}"`;
    case "BAD_ALIAS":
      return `alias "${found}" cannot be read`;
    case "MISSING_CHAR":
      if (message.includes("closing")) return "a text in quotes is not closed";
      if (message.includes("flow"))
        return `a comma is missing between entries, or quotes around a text, at "${found}"`;
      if (message.includes("Implicit")) return `"${found}" is no key; a key ends with ":"`;
      return `${lowered(message)} at "${found}"`;
    case "BAD_INDENT":
      if (message.includes("]")) return "a list that begins with [ is not closed with ]";
      if (message.includes("}")) return "a map that begins with { is not closed with }";
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

const isYaml = (line: string) => parseDocument(line, { prettyErrors: false }).errors.length === 0;
