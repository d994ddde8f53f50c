import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { fromData, isMapping, text, toData, truthy, type Value } from "./value.ts";

/** What went before, for `success()` and its kin. */
export interface Status {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

/** What an expression can speak of. A context that is absent is empty. */
export interface Scope {
  readonly contexts: Readonly<Record<string, Value>>;
  readonly status?: Status;
}

const CONTEXTS = "github env vars inputs needs steps job jobs runner strategy matrix secrets".split(" ");

const STATUS = ["success", "failure", "cancelled", "always"] as const;

const MANY = 255;

function functionsOf(status: Status | undefined) {
  const answer = (name: (typeof STATUS)[number]) => {
    if (status === undefined) throw new Error(`${name}() is not available here`);
    return new data.BooleanData(name === "always" || status[name]);
  };
  return [
    ...STATUS.map((name) => ({ name, minArgs: 0, maxArgs: 0, call: () => answer(name) })),
    {
      name: "hashFiles",
      minArgs: 1,
      maxArgs: MANY,
      call: (): data.ExpressionData => {
        throw new Error("hashFiles() is not known to this runner");
      },
    },
  ];
}

function evaluateData(expression: string, scope: Scope): data.ExpressionData {
  const functions = functionsOf(scope.status);
  const tree = new Parser(new Lexer(expression).lex().tokens, CONTEXTS, functions).parse();
  const lower = expression.toLowerCase();
  const contexts = CONTEXTS.filter((name) => lower.includes(name)).map((key) => ({
    key,
    value: toData(scope.contexts[key] ?? {}),
  }));
  const named = new Map(functions.map((one) => [one.name.toLowerCase(), one]));
  return new Evaluator(tree, new data.Dictionary(...contexts), named).evaluate();
}

/** Evaluates what stands between `${{` and `}}`. */
export const evaluate = (expression: string, scope: Scope): Value =>
  fromData(evaluateData(expression, scope));

interface Part {
  readonly expression: boolean;
  readonly text: string;
}

/** A text cut into what is literal and what is an expression; quotes may hold `}}`. */
export function partsOf(template: string): Part[] {
  const parts: Part[] = [];
  let rest = template;
  for (;;) {
    const [before, behind] = cut(rest, rest.indexOf("${{"), 3);
    if (before !== "") parts.push({ expression: false, text: before });
    if (behind === undefined) return parts;
    const [inner, after] = cut(behind, closing(behind), 2);
    if (after === undefined) throw new Error(`the expression "\${{${inner}" is not closed`);
    parts.push({ expression: true, text: inner.trim() });
    rest = after;
  }
}

const cut = (whole: string, at: number, width: number): readonly [string, string | undefined] =>
  at < 0 ? [whole, undefined] : [whole.slice(0, at), whole.slice(at + width)];

function closing(behind: string): number {
  let quoted = false;
  for (let i = 0; i < behind.length; i++) {
    if (behind[i] === "'") quoted = !quoted;
    else if (!quoted && behind.startsWith("}}", i)) return i;
  }
  return -1;
}

/** A text with its expressions filled in; one that is an expression and nothing else keeps its type. */
export function fill(template: string, scope: Scope): Value {
  if (!template.includes("${{")) return template;
  const parts = partsOf(template);
  const [only] = parts;
  if (parts.length === 1 && only?.expression === true) return evaluate(only.text, scope);
  return parts
    .map((part) => (part.expression ? evaluateData(part.text, scope).coerceString() : part.text))
    .join("");
}

/** A whole tree of values with its expressions filled in, keys too. */
export function expand(value: Value, scope: Scope): Value {
  if (typeof value === "string") return fill(value, scope);
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => expand(item, scope));
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [text(fill(key, scope)), expand(item, scope)]),
  );
}

const callsStatus = (expression: string): boolean => {
  const words = new Lexer(expression).lex().tokens.map(({ lexeme }) => lexeme.toLowerCase());
  return words.some((word, i) => words[i + 1] === "(" && STATUS.some((name) => name === word));
};

/**
 * Whether an `if` holds. Where it says nothing of what went before, `success()` is meant besides.
 * A text with `${{ }}` in its midst is a text, and so true: that is GitHub's trap, kept.
 */
export function holds(condition: Value | undefined, scope: Scope): boolean {
  const whole = text(condition).trim();
  if (whole === "") return scope.status?.success ?? true;
  const parts = whole.includes("${{") ? partsOf(whole) : [{ expression: true, text: whole }];
  const asked = parts.some((part) => part.expression && callsStatus(part.text));
  if (!asked && scope.status?.success === false) return false;
  const [only] = parts;
  return parts.length === 1 && only?.expression === true
    ? truthy(evaluate(only.text, scope))
    : truthy(fill(whole, scope));
}
