import { ExpressionError } from "./expression.ts";

/** One word, sign or constant of an expression. */
export interface Token {
  readonly type: "number" | "string" | "word" | "quoted" | "symbol" | "end";
  /** What it says: a string without its quotes, a word as it was written. */
  readonly text: string;
  readonly at: number;
}

const SPACE = /[ \t\r\n]+/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const STRING = /'((?:[^']|'')*)'/y;
const QUOTED = /"((?:[^"]|"")*)"/y;
const SYMBOL = /<=|>=|<>|!=|==|\|\||[-+*/%=<>(),]/y;
/** What no UTF-8 text of an engine can hold. */
const HALF = /\0|\p{Surrogate}/u;
const COMMENT = /--|\/\*/y;

/**
 * The words of an expression, ended by one of type "end".
 *
 * @throws {ExpressionError} on a quote that is never closed and on signs that mean nothing here
 * @example tokens("age>=16").map((token) => token.text) // => ["age", ">=", "16", ""]
 */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const add = (type: Token["type"], match: RegExpExecArray, value = match[0]): void => {
    found.push({ type, text: value, at });
    at += match[0].length;
  };
  while (at < text.length) {
    const space = take(SPACE);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    if (take(COMMENT) !== null) throw new ExpressionError("an expression holds no comments", at);
    const number = take(NUMBER);
    if (number !== null) {
      add("number", number);
      if (take(WORD) !== null) throw new ExpressionError(`a number ends before "${text[at]}"`, at);
      continue;
    }
    const word = take(WORD);
    if (word !== null) {
      add("word", word);
      continue;
    }
    const string = take(STRING);
    if (string !== null) {
      add("string", string, plain(string[1] ?? "", "'", at));
      continue;
    }
    const quoted = take(QUOTED);
    if (quoted !== null) {
      add("quoted", quoted, plain(quoted[1] ?? "", '"', at));
      continue;
    }
    const symbol = take(SYMBOL);
    if (symbol === null) throw new ExpressionError(complaint(text, at), at);
    add("symbol", symbol);
  }
  found.push({ type: "end", text: "", at: text.length });
  return found;
}

function plain(body: string, quote: string, at: number): string {
  if (HALF.test(body)) {
    throw new ExpressionError("a text holds no NUL and no half of a surrogate pair", at);
  }
  return body.replaceAll(quote + quote, quote);
}

function complaint(text: string, at: number): string {
  const sign = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (sign === "'") return "the text that begins here with ' is never closed";
  if (sign === '"') return 'the name that begins here with " is never closed';
  if (sign === ";") return 'one expression, not several statements: ";" ends nothing here';
  if (sign === "`" || sign === "[") return `names are quoted with ", not with ${JSON.stringify(sign)}`;
  return `the sign ${JSON.stringify(sign)} means nothing here`;
}
