import { lowerCase, upperCase } from "../letter-case.ts";
import { likeOf } from "../like.ts";
import { all, type Operation } from "../operation.ts";
import { patternOf } from "../pattern.ts";
import { asText, dictionaryOf, mapTexts, mapWordPairs, mapWords, rowsOf, strideOf } from "../vectors.ts";

function perWord(name: string, f: (word: string) => string, sql = (x: string): string => `${name}(${x})`) {
  return {
    name,
    signature: all("text", "text", 1),
    sql: ([x = ""]) => sql(x),
    evaluate: ([x]) => mapTexts(x, f),
  } satisfies Operation;
}

function test(name: string, f: (text: string, part: string) => boolean): Operation {
  return {
    name,
    signature: all("text", "boolean", 2),
    sql: ([text, part]) => `${name}(${text}, ${part})`,
    evaluate: ([text, part]) => mapWordPairs(text, part, "boolean", (a, b) => (f(a, b) ? 1 : 0)),
  };
}

const substr: Operation = {
  name: "substr",
  signature(kinds) {
    if (kinds.length < 2 || kinds.length > 3) return `takes 2 or 3 arguments, not ${kinds.length}`;
    return { takes: kinds.map((_, i) => (i === 0 ? "text" : "number")), gives: "text" };
  },
  constants: [1, 2],
  refuse([, start, count = 0]) {
    const whole = (value: unknown, least: number): boolean =>
      typeof value === "number" && Number.isInteger(value) && value >= least && value <= 1e6;
    return whole(start, 1) && whole(count, 0)
      ? undefined
      : "counts letters in whole numbers: the first is 1, and how many is at least 0";
  },
  sql([x], [, start, count]) {
    return count === undefined ? `substring(${x}, ${start})` : `substring(${x}, ${start}, ${count})`;
  },
  evaluate([x], [, start, count]) {
    const from = Number(start) - 1;
    const to = count === undefined ? undefined : from + Number(count);
    return mapTexts(x, (word) => [...word].slice(from, to).join(""));
  },
};

const concat: Operation = {
  name: "concat",
  signature: all("text", "text", 2, 1000),
  sql: (args) => `(${args.join(" || ")})`,
  evaluate(args) {
    const texts = args.map((arg) => ({ ...asText(arg), stride: strideOf(arg) }));
    const dictionary = dictionaryOf();
    const codes = new Int32Array(rowsOf(args));
    for (let i = 0; i < codes.length; i++) {
      const parts = texts.map(({ codes, words, stride }) => words[codes[i * stride] as number]);
      codes[i] = parts.includes(undefined) ? -1 : dictionary.code(parts.join(""));
    }
    return { kind: "text", codes, words: dictionary.words };
  },
};

const like: Operation = {
  name: "like",
  signature: all("text", "boolean", 2),
  constants: [1],
  sql: ([x, pattern]) => `(${x} LIKE ${pattern})`,
  evaluate([x], [, pattern]) {
    const matches = likeOf(String(pattern ?? ""));
    return mapWords(x, "boolean", (word) => (pattern === null ? NaN : matches(word) ? 1 : 0));
  },
};

/** The pattern is compiled once a call, the answer computed once a word. */
const regexpMatches: Operation = {
  name: "regexp_matches",
  signature: all("text", "boolean", 2),
  constants: [1],
  refuse([, pattern]) {
    const found = patternOf(String(pattern ?? ""));
    return typeof found === "string" ? `cannot read its pattern: ${found}` : undefined;
  },
  sql: ([x, pattern]) => `regexp_matches(${x}, ${pattern})`,
  evaluate([x], [, pattern]) {
    const matches = patternOf(String(pattern ?? ""));
    return mapWords(x, "boolean", (word) =>
      pattern === null || typeof matches === "string" ? NaN : matches(word) ? 1 : 0,
    );
  },
};

/** Texts. Their letters are code points, and their order is by code point. */
export const TEXT: readonly Operation[] = [
  perWord("lower", lowerCase),
  perWord("upper", upperCase),
  perWord(
    "trim",
    (word) => word.replace(/^ +/, "").replace(/(?<! ) +$/, ""),
    (x) => `trim(${x}, ' ')`,
  ),
  {
    name: "length",
    signature: all("text", "number", 1),
    sql: ([x]) => `CAST(length(${x}) AS DOUBLE)`,
    evaluate: ([x]) => mapWords(x, "number", (word) => [...word].length),
  },
  substr,
  concat,
  test("starts_with", (text, part) => text.startsWith(part)),
  test("contains", (text, part) => text.includes(part)),
  like,
  regexpMatches,
];
