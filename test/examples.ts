import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { register } from "tsx/esm/api";

register(); // the modules of the examples are imported as they stand, in TypeScript

/** One `@example` of a doc comment: an expression, and what must come of it. */
export interface Example {
  readonly file: string;
  readonly line: number;
  readonly expression: string;
  readonly expected: { readonly value: string } | { readonly throws: string };
}

/**
 * The examples in a source text. An example may span lines; it ends at the line that holds
 * `// => VALUE` or `// throws "PART OF THE MESSAGE"`, and the value may go on below if it is cut
 * inside brackets. An `@example` with neither is an error: it would look tested and not be.
 *
 * @example examplesIn("a.ts", ["/" + "**", " * @example f(1) /" + "/ => 2", " *" + "/"].join("\n"))[0].expression // => "f(1)"
 */
export function examplesIn(file: string, source: string): Example[] {
  const found: Example[] = [];
  for (const comment of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const first = source.slice(0, comment.index).split("\n").length;
    const lines = comment[0]
      .replace(/\*\/$/, "")
      .split("\n")
      .map((line) => line.replace(/^\s*(\/\*\*|\*)? ?/, ""));
    for (let at = 0; at < lines.length; at++) {
      const begin = /^\s*@example\b(.*)$/.exec(lines[at]!);
      if (begin === null) continue;
      const start = at;
      let text = begin[1]!;
      while (!endsExample(text) && at + 1 < lines.length && !/^\s*@/.test(lines[at + 1]!)) {
        at++;
        text += `\n${lines[at]!}`;
      }
      found.push(read(file, first + start, text));
    }
  }
  return found;
}

const MARK = /^([\s\S]*?)\s*\/\/ (=>|throws) ([\s\S]*)$/;

function endsExample(text: string): boolean {
  const parts = MARK.exec(text);
  return parts !== null && parses(withoutEllipsis(parts[3]!));
}

function read(file: string, line: number, text: string): Example {
  const parts = MARK.exec(text.trim());
  if (parts === null) throw new Error(`${file}:${line} an @example without "// => value" or "// throws"`);
  const expression = parts[1]!;
  const outcome = parts[3]!.trim();
  if (!parses(expression)) throw new Error(`${file}:${line} not an expression: ${expression}`);
  if (!parses(withoutEllipsis(outcome))) throw new Error(`${file}:${line} not a value: ${outcome}`);
  return {
    file,
    line,
    expression,
    expected: parts[2] === "throws" ? { throws: evaluate(outcome, {}) as string } : { value: outcome },
  };
}

function parses(text: string): boolean {
  try {
    new Function(`return (\n${text}\n);`);
    return text.trim() !== "";
  } catch {
    return false;
  }
}

const withoutEllipsis = (text: string): string => text.replace(/…\s*$/, "");

function evaluate(text: string, scope: Readonly<Record<string, unknown>>): unknown {
  return new Function(...Object.keys(scope), `"use strict"; return (\n${text}\n);`)(...Object.values(scope));
}

/** Runs an example with the exports of its module in scope; a default export goes by its file's name. */
export async function runExample(example: Example): Promise<void> {
  const module: Record<string, unknown> = await import(pathToFileURL(resolve(example.file)).href);
  const { default: main, ...scope } = module;
  const name = basename(example.file, ".ts").replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  if (main !== undefined && !(name in scope)) scope[name] = main;

  const { expected, expression } = example;
  if ("throws" in expected) {
    await assert.rejects(
      async () => await evaluate(expression, scope),
      (error: unknown) => error instanceof Error && error.message.includes(expected.throws),
      `${expression} must throw a message with "${expected.throws}"`,
    );
    return;
  }
  const actual = plain(await evaluate(expression, scope));
  if (expected.value.trimEnd().endsWith("…")) {
    const digits = withoutEllipsis(expected.value);
    assert.ok(String(actual).startsWith(digits), `${expression} is ${actual}, not ${expected.value}`);
    return;
  }
  assert.deepEqual(actual, plain(evaluate(expected.value, scope)), expression);
}

/** Typed arrays as arrays, maps and sets as arrays, `undefined` members left out: what a reader means. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map || value instanceof Set) return [...value].map(plain);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (value instanceof Error || value instanceof RegExp) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, plain(member)]));
}

/** The examples of a source file on disk. */
export function examplesOf(file: string): Example[] {
  return examplesIn(file, readFileSync(file, "utf8"));
}
