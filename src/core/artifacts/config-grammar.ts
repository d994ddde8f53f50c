/*
 * The grammar of ConfigObj, in which DVC writes its configuration: sections in brackets, `key = value`,
 * comments from `#` on, quotes of two kinds, lists with commas, and texts of several lines in three quotes.
 */

/** One thing that a configuration says, and the lines that it stands on, from zero. */
export type Item =
  | { readonly kind: "section"; readonly name: string; readonly from: number; readonly to: number }
  | {
      readonly kind: "setting";
      readonly key: string;
      readonly values: readonly string[];
      readonly isList: boolean;
      /** What stands behind the value: a comment with the blanks before it. */
      readonly comment: string;
      readonly indent: string;
      readonly from: number;
      /** The line after the last one. */
      readonly to: number;
    }
  | { readonly kind: "wrong"; readonly message: string; readonly from: number; readonly to: number };

const SECTION = /^\s*((?:\[\s*)+)("\s*\S.*?\s*"|'\s*\S.*?\s*'|[^'"\s].*?)((?:\s*\])+)\s*(#.*)?$/;
const SETTING = /^(\s*)(".*?"|'.*?'|[^'"=].*?)\s*=\s*(.*)$/;
const PART = /^(?:"([^"]*)"|'([^']*)'|([^'",#\s][^,#]*?))?\s*(,|#.*|$)\s*/;

/** What a configuration says, line by line; what is neither section, setting nor comment is `wrong`. */
export function itemsOf(text: string): readonly Item[] {
  const lines = linesOf(text);
  const items: Item[] = [];
  for (let at = 0; at < lines.length; ) {
    const item = itemAt(lines, at);
    if (item !== undefined) items.push(item);
    at = item?.to ?? at + 1;
  }
  return items;
}

/** The lines of a text, without a byte order mark. */
export function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, "").split(/\r?\n/);
}

function itemAt(lines: readonly string[], from: number): Item | undefined {
  const line = lines[from] ?? "";
  const to = from + 1;
  if (/^\s*(#.*)?$/.test(line)) return undefined;
  const wrong = (message: string): Item => ({ kind: "wrong", message, from, to });
  const [, opening = "", head, closing = ""] = SECTION.exec(line) ?? [];
  if (head !== undefined) {
    const depth = opening.replace(/\s/g, "").length;
    if (depth === 1 && closing.replace(/\s/g, "").length === 1) {
      return { kind: "section", name: unquoted(head), from, to };
    }
  }
  const [, indent = "", key, value] = head === undefined ? (SETTING.exec(line) ?? []) : [];
  if (key === undefined || value === undefined) {
    return wrong(`"${line.trim()}" is neither a [section] nor "key = value"`);
  }
  const quotes = /^("""|''')/.exec(value)?.[1];
  if (quotes !== undefined) return longSetting(lines, from, indent, unquoted(key), quotes, value.slice(3));
  const read = valuesOf(value);
  if (read === undefined) return wrong(`the quote of ${value} does not end`);
  return { kind: "setting", key: unquoted(key), indent, from, to, ...read };
}

/** A value between three quotes, on one line or several. */
function longSetting(
  lines: readonly string[],
  from: number,
  indent: string,
  key: string,
  quotes: string,
  first: string,
): Item {
  const parts: string[] = [];
  for (let to = from; to < lines.length; to++) {
    const line = to === from ? first : (lines[to] ?? "");
    const end = line.indexOf(quotes);
    if (end < 0) {
      parts.push(line);
      continue;
    }
    const comment = line.slice(end + 3);
    if (!/^\s*(#.*)?$/.test(comment)) break;
    parts.push(line.slice(0, end));
    const values = [parts.join("\n")];
    return {
      kind: "setting",
      key,
      values,
      isList: false,
      comment: comment.trimEnd(),
      indent,
      from,
      to: to + 1,
    };
  }
  return {
    kind: "wrong",
    message: `the value of "${key}" begins with ${quotes} and does not end`,
    from,
    to: from + 1,
  };
}

/** The value or values of a line, and the comment behind; undefined where a quote does not end. */
function valuesOf(
  text: string,
): { readonly values: readonly string[]; readonly isList: boolean; readonly comment: string } | undefined {
  const values: string[] = [];
  let rest = text;
  let isList = false;
  for (;;) {
    const [whole, double, single, bare, after = ""] = PART.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    const value = double ?? single ?? bare;
    if (value !== undefined) values.push(value);
    rest = rest.slice(whole.length);
    if (after === ",") {
      isList = true;
      continue;
    }
    if (!isList && value === undefined) values.push("");
    const comment = after === "" ? "" : ` ${after}`;
    return { values, isList, comment };
  }
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  return /^(["'])(.*)\1$/.exec(trimmed)?.[2] ?? trimmed;
}

/**
 * A value as ConfigObj writes it: with quotes only where it needs them.
 *
 * @returns undefined where it cannot be written: it holds both kinds of three quotes
 *
 * @example printValue("s3://bucket/a") // => "s3://bucket/a"
 * @example printValue("a, b") // => '"a, b"'
 * @example printValue("say \"so\", please") // => "'say \"so\", please'"
 * @example printValue("") // => '""'
 */
export function printValue(value: string): string | undefined {
  if (value === "") return '""';
  const bothQuotes = value.includes("'") && value.includes('"');
  if (bothQuotes || value.includes("\n")) {
    if (!value.includes("'''")) return `'''${value}'''`;
    return value.includes('"""') ? undefined : `"""${value}"""`;
  }
  const plain = !/^[\s'"]|[\s'"]$|[,#]/.test(value);
  if (plain) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

/**
 * A list as ConfigObj writes it.
 *
 * @example printValues(["reflink", "copy"]) // => "reflink, copy"
 * @example printValues(["copy"]) // => "copy,"
 */
export function printValues(values: readonly string[]): string | undefined {
  if (values.length === 0) return ",";
  const parts = values.map((value) => (/\n/.test(value) ? undefined : printValue(value)));
  if (parts.includes(undefined)) return undefined;
  return parts.length === 1 ? `${parts[0]},` : parts.join(", ");
}
