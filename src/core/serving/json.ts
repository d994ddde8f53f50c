import { Refusal } from "./refusal.ts";

/*
 * JSON as TensorFlow Serving reads and writes it: NaN, Infinity and -Infinity are numbers there, and in
 * no other JSON. What other readers take is read by the fast reader; only what it refuses is looked
 * through for these words, or for where it is wrong.
 */

/** What stands for each word in JSON that anybody reads; NaN is a missing value here, as null is. */
const WORDS: Readonly<Record<string, string>> = {
  true: "true",
  false: "false",
  null: "null",
  NaN: "null",
  Infinity: "1e999",
  Inf: "1e999",
};

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z]+/y;
const SPACE = /[ \t\n\r]*/y;
/** The most of a string that needs no second look. */
const PLAIN = /[ !#-[\]-\uffff]*/y;

/**
 * Reads the text of a request.
 *
 * @throws {Refusal} with the offset at which it is no JSON
 * @example parseJson('{"instances": [1, NaN, -Infinity]}') // => { instances: [1, null, -Infinity] }
 * @example parseJson("[1, 2") // throws "JSON Parse error: Missing a comma or ] after an array element. at offset: 5"
 * @example parseJson(" ") // throws "JSON Parse error: The document is empty"
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(plainJson(text));
  }
}

/** What may come next: a value, a key, what follows a value, or what follows an opening bracket. */
type Next = "value" | "key" | "after" | "value or ]" | "key or }";

/** The same text without the words that only TensorFlow Serving knows. */
function plainJson(text: string): string {
  const parts: string[] = [];
  const open: ("[" | "{")[] = [];
  let next: Next = "value";
  let copied = 0;
  let at = skip(text, SPACE, 0);
  if (at === text.length) throw new Refusal("INVALID_ARGUMENT", "JSON Parse error: The document is empty");

  for (; ; at = text.charCodeAt(at) > 0x20 ? at : skip(text, SPACE, at)) {
    const inside = open.at(-1);
    const sign = text[at];
    if (next === "after") {
      if (inside === undefined) {
        if (at === text.length) break;
        throw wrong("The document root must not be followed by other values.", at);
      }
      const close = inside === "[" ? "]" : "}";
      if (sign === ",") next = inside === "[" ? "value" : "key";
      else if (sign === close) open.pop();
      else if (inside === "[") throw wrong("Missing a comma or ] after an array element.", at);
      else throw wrong("Missing a comma or } after an object member.", at);
      at++;
    } else if (next === "key" || next === "key or }") {
      if (sign === "}" && next === "key or }") {
        open.pop();
        next = "after";
        at++;
        continue;
      }
      if (sign !== '"') throw wrong("Missing a name for object member.", at);
      at = skip(text, SPACE, stringEnd(text, at));
      if (text[at] !== ":") throw wrong("Missing a colon after a name of object member.", at);
      at++;
      next = "value";
    } else if (sign === "]" && next === "value or ]") {
      open.pop();
      next = "after";
      at++;
    } else if (sign === "[" || sign === "{") {
      open.push(sign);
      next = sign === "[" ? "value or ]" : "key or }";
      at++;
    } else {
      next = "after";
      if (sign === '"') {
        at = stringEnd(text, at);
        continue;
      }
      const number = skip(text, NUMBER, at);
      if (number > at) {
        at = number;
        continue;
      }
      const start = sign === "-" ? at + 1 : at;
      const end = skip(text, WORD, start);
      const word = text.slice(start, end);
      const plain = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
      if (plain === undefined || (start > at && !word.startsWith("Inf"))) throw wrong("Invalid value.", at);
      parts.push(text.slice(copied, start), plain);
      copied = end;
      at = end;
    }
  }
  parts.push(text.slice(copied));
  return parts.join("");
}

/** Where a pattern that begins here ends; here, where there is none. */
function skip(text: string, pattern: RegExp, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The place behind the quote that ends the string which begins here. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; ) {
    at = skip(text, PLAIN, at);
    const sign = text[at];
    if (sign === '"') return at + 1;
    if (sign === undefined) break;
    if (sign !== "\\") throw wrong("Invalid encoding in string.", at);
    const end = skip(text, ESCAPE, at);
    if (end === at) throw wrong("Invalid escape character in string.", at);
    at = end;
  }
  throw wrong("Missing a closing quotation mark in string.", start);
}

const wrong = (what: string, at: number): Refusal =>
  new Refusal("INVALID_ARGUMENT", `JSON Parse error: ${what} at offset: ${at}`);

/**
 * A number as the protocol writes it.
 *
 * @example [0.25, -0, NaN, -Infinity].map(printNumber) // => ["0.25", "0", "NaN", "-Infinity"]
 */
export function printNumber(value: number): string {
  return Number.isFinite(value) ? JSON.stringify(value) : String(value);
}
