import { type Node, readPattern } from "./pattern-syntax.ts";

/** Programs that grow longer than this, by repetition in repetition, are refused. */
const MOST = 5_000;

/** One step of a match: a test of one code point, or what comes next without reading. */
type Step =
  | { readonly do: "read"; readonly test: (code: number) => boolean; readonly next: number }
  | { readonly do: "split"; readonly next: readonly number[] }
  | { readonly do: "start" | "end"; readonly next: number }
  | { readonly do: "match" };

/**
 * Whether a regular expression is found anywhere in a text, as in DuckDB's (RE2's) regexp_matches.
 *
 * All ways through the pattern are walked at once (Thompson, "Regular Expression Search Algorithm",
 * 1968): the time is at most text × pattern, so no pattern and no text can hold up a server.
 *
 * @returns the complaint, where the pattern is none
 * @example [patternOf("^a+b?$")].map((matches) => matches("aab")) // => [true]
 * @example [patternOf("[^0-9]{2}")].map((matches) => matches("a1b2")) // => [false]
 * @example patternOf("(") // => "( is never closed"
 */
export function patternOf(pattern: string): ((text: string) => boolean) | string {
  const tree = readPattern(pattern);
  if (typeof tree === "string") return tree;
  const program: Step[] = [{ do: "match" }];
  const start = compile(tree, 0, program);
  if (start === undefined) return "it repeats too much";
  return (text) => run(program, start, text);
}

/** Appends the steps of a node that go on at `next`; their first one. Undefined: too many. */
function compile(node: Node, next: number, program: Step[]): number | undefined {
  if (program.length > MOST) return undefined;
  switch (node.is) {
    case "read":
      return program.push({ do: "read", test: node.test, next }) - 1;
    case "start":
    case "end":
      return program.push({ do: node.is, next }) - 1;
    case "sequence": {
      let at: number | undefined = next;
      for (const part of node.parts.toReversed()) {
        if (at !== undefined) at = compile(part, at, program);
      }
      return at;
    }
    case "choice": {
      const starts = node.parts.map((part) => compile(part, next, program));
      if (!starts.every((start) => start !== undefined)) return undefined;
      return program.push({ do: "split", next: starts }) - 1;
    }
    case "repeat":
      return repeat(node, next, program);
  }
}

function repeat(node: Extract<Node, { is: "repeat" }>, next: number, program: Step[]): number | undefined {
  let at: number | undefined = next;
  if (node.most === undefined) {
    const loop = program.push({ do: "split", next: [next] }) - 1;
    const body = compile(node.part, loop, program);
    if (body === undefined) return undefined;
    program[loop] = { do: "split", next: [body, next] };
    at = loop;
  } else {
    for (let i = node.least; i < node.most && at !== undefined; i++) {
      const body = compile(node.part, at, program);
      at = body === undefined ? undefined : program.push({ do: "split", next: [body, next] }) - 1;
    }
  }
  for (let i = 0; i < node.least && at !== undefined; i++) at = compile(node.part, at, program);
  return at;
}

function run(program: readonly Step[], start: number, text: string): boolean {
  const letters = Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
  let now = new Set<number>();
  for (let at = 0; at <= letters.length; at++) {
    const live = [...now, start]; // it may begin at any letter
    now = new Set();
    const seen = new Set<number>();
    for (let step = live.pop(); step !== undefined; step = live.pop()) {
      if (seen.has(step)) continue;
      seen.add(step);
      const found = program[step];
      switch (found?.do) {
        case undefined:
          break;
        case "match":
          return true;
        case "split":
          live.push(...found.next);
          break;
        case "start":
          if (at === 0) live.push(found.next);
          break;
        case "end":
          if (at === letters.length) live.push(found.next);
          break;
        case "read":
          if (at < letters.length && found.test(letters[at] as number)) now.add(found.next);
      }
    }
  }
  return false;
}
