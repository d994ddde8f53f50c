import { nearest } from "../../text/nearest.ts";
import { dayOf, instantOf } from "./calendar.ts";
import { type Expression, ExpressionError, MAX_DEPTH, MAX_LENGTH } from "./expression.ts";
import { FUNCTIONS } from "./operations.ts";
import { type Token, tokens } from "./tokens.ts";

/** How tightly operators bind, as in SQL; NOT is looser than a comparison, a sign tighter than all. */
const BINDING = { or: 1, and: 2, not: 3, comparison: 4, concat: 5, sum: 6, product: 7, sign: 8 } as const;

const BINARY: Readonly<Record<string, { readonly name: string; readonly power: number }>> = {
  or: { name: "or", power: BINDING.or },
  and: { name: "and", power: BINDING.and },
  "=": { name: "=", power: BINDING.comparison },
  "==": { name: "=", power: BINDING.comparison },
  "<>": { name: "<>", power: BINDING.comparison },
  "!=": { name: "<>", power: BINDING.comparison },
  "<": { name: "<", power: BINDING.comparison },
  "<=": { name: "<=", power: BINDING.comparison },
  ">": { name: ">", power: BINDING.comparison },
  ">=": { name: ">=", power: BINDING.comparison },
  "||": { name: "concat", power: BINDING.concat },
  "+": { name: "+", power: BINDING.sum },
  "-": { name: "-", power: BINDING.sum },
  "*": { name: "*", power: BINDING.product },
  "/": { name: "/", power: BINDING.product },
  "%": { name: "%", power: BINDING.product },
};

/** Comparisons that are words: they take more than one operand after them, or none. */
const PREDICATES = new Set(["between", "in", "is", "like", "not"]);
const RESERVED = new Set([...PREDICATES, "and", "or", "case", "when", "then", "else", "end"]);

/**
 * Reads one expression of the dialect in docs/reference/expressions.md.
 *
 * Whether its columns exist and its kinds fit is another question, asked by `toSql` and `compile`.
 *
 * @throws {ExpressionError} where it is not one expression, is longer than 10,000 characters, or
 *   nests deeper than 100
 * @example parseExpression("age >= 16").args[1] // => { node: "literal", kind: "number", value: 16, at: 7 }
 * @example parseExpression("coalsece(a, 0)") // throws "did you mean \"coalesce\"?"
 */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_LENGTH) {
    throw new ExpressionError(`an expression has at most ${MAX_LENGTH} characters, not ${text.length}`, 0);
  }
  const parser = parserOf(tokens(text));
  const expression = parser.expression(0, 0);
  parser.end();
  refuseDeep(expression, 0);
  return expression;
}

interface Parser {
  expression(power: number, depth: number): Expression;
  end(): void;
}

function parserOf(words: readonly Token[]): Parser {
  let position = 0;
  const last = words.at(-1) ?? { type: "end", text: "", at: 0 };
  const peek = (ahead = 0): Token => words[position + ahead] ?? last;
  const next = (): Token => {
    const token = peek();
    position++;
    return token;
  };
  const is = (word: string, token = peek()): boolean =>
    (token.type === "word" && token.text.toLowerCase() === word) ||
    (token.type === "symbol" && token.text === word);
  const accept = (word: string): boolean => {
    if (!is(word)) return false;
    position++;
    return true;
  };
  const expect = (word: string, after: string): void => {
    if (!accept(word)) throw unexpected(peek(), `${word.toUpperCase()} is missing after ${after}`);
  };

  function expression(power: number, depth: number): Expression {
    if (depth > MAX_DEPTH) throw tooDeep(peek().at);
    let left = prefix(depth);
    for (;;) {
      const token = peek();
      const word = token.type === "word" || token.type === "symbol" ? token.text.toLowerCase() : "";
      if (PREDICATES.has(word)) {
        if (BINDING.comparison <= power) return left;
        left = predicate(left, depth);
        refuseChain(token);
        continue;
      }
      const operator = Object.hasOwn(BINARY, word) ? BINARY[word] : undefined;
      if (operator === undefined || operator.power <= power) return left;
      next();
      const right = expression(operator.power, depth + 1);
      left = { node: "call", name: operator.name, args: [left, right], at: token.at };
      if (operator.power === BINDING.comparison) refuseChain(token);
    }
  }

  /** `16 < age < 90` would compare a truth value with 90. */
  function refuseChain(first: Token): void {
    const token = peek();
    const again = Object.hasOwn(BINARY, token.text) && BINARY[token.text]?.power === BINDING.comparison;
    if (!again) return;
    throw new ExpressionError(
      `"${first.text} … ${token.text} …": comparisons do not chain; write both, joined with AND`,
      token.at,
    );
  }

  function prefix(depth: number): Expression {
    const token = next();
    const { at } = token;
    switch (token.type) {
      case "number":
        return { node: "literal", kind: "number", value: numberOf(token), at };
      case "string":
        return { node: "literal", kind: "text", value: token.text, at };
      case "quoted":
        return { node: "column", name: token.text, at };
      case "symbol":
        if (token.text === "(") {
          const inner = expression(0, depth + 1);
          if (is(",")) throw new ExpressionError("a list stands only after IN", peek().at);
          expect(")", "what began with (");
          return inner;
        }
        if (token.text === "-") {
          return { node: "call", name: "negate", args: [expression(BINDING.sign, depth + 1)], at };
        }
        if (token.text === "+") return expression(BINDING.sign, depth + 1);
        break;
      case "word":
        return word(token, depth);
      case "end":
        break;
    }
    throw unexpected(token, "a value is missing");
  }

  function word(token: Token, depth: number): Expression {
    const { at } = token;
    const lower = token.text.toLowerCase();
    if (is("(") && !RESERVED.has(lower)) return functionCall(token, depth);
    if (peek().type === "string" && (lower === "date" || lower === "timestamp")) {
      const text = next().text;
      const value = lower === "date" ? dayOf(text) : instantOf(text);
      if (value !== undefined) return { node: "literal", kind: "time", value, at };
      const form = lower === "date" ? "YYYY-MM-DD" : "YYYY-MM-DD HH:MM:SS";
      throw new ExpressionError(`${lower} '${text}' is none; write ${lower} '${form}'`, at);
    }
    if (lower === "null") return { node: "literal", kind: "null", value: null, at };
    if (lower === "true" || lower === "false") {
      return { node: "literal", kind: "boolean", value: lower === "true", at };
    }
    if (lower === "not") {
      return { node: "call", name: "not", args: [expression(BINDING.not, depth + 1)], at };
    }
    if (lower === "case") return cases(at, depth);
    if (RESERVED.has(lower)) throw unexpected(token, "a value is missing");
    return { node: "column", name: token.text, at };
  }

  function functionCall(token: Token, depth: number): Expression {
    const name = token.text.toLowerCase();
    if (!FUNCTIONS.includes(name)) {
      const meant = nearest(name, FUNCTIONS);
      const hint = meant === undefined ? `there are ${FUNCTIONS.join(", ")}` : `did you mean "${meant}"?`;
      throw new ExpressionError(`unknown function "${token.text}"; ${hint}`, token.at);
    }
    next();
    const args = is(")") ? [] : list(depth);
    expect(")", `the arguments of ${name}`);
    return { node: "call", name, args, at: token.at };
  }

  function list(depth: number): Expression[] {
    const items = [expression(0, depth + 1)];
    while (accept(",")) items.push(expression(0, depth + 1));
    return items;
  }

  function cases(at: number, depth: number): Expression {
    const args: Expression[] = [];
    if (!is("when")) throw unexpected(peek(), "WHEN is missing after CASE");
    while (accept("when")) {
      args.push(expression(0, depth + 1));
      expect("then", "the condition of WHEN");
      args.push(expression(0, depth + 1));
    }
    args.push(
      accept("else")
        ? expression(0, depth + 1)
        : { node: "literal", kind: "null", value: null, at: peek().at },
    );
    expect("end", "the last value of CASE");
    return { node: "call", name: "case", args, at };
  }

  function predicate(left: Expression, depth: number): Expression {
    const { at } = peek();
    if (accept("is")) {
      const negated = accept("not");
      expect("null", "IS");
      return negation(negated, { node: "call", name: "is null", args: [left], at });
    }
    const negated = accept("not");
    if (accept("between")) {
      const low = expression(BINDING.comparison, depth + 1);
      expect("and", "the lower bound of BETWEEN");
      const high = expression(BINDING.comparison, depth + 1);
      return negation(negated, { node: "call", name: "between", args: [left, low, high], at });
    }
    if (accept("like")) {
      const pattern = expression(BINDING.comparison, depth + 1);
      return negation(negated, { node: "call", name: "like", args: [left, pattern], at });
    }
    if (accept("in")) {
      expect("(", "IN");
      if (is(")")) throw new ExpressionError("the list after IN is empty", peek().at);
      const items = list(depth);
      expect(")", "the list of IN");
      return negation(negated, { node: "call", name: "in", args: [left, ...items], at });
    }
    throw unexpected(peek(), "BETWEEN, IN or LIKE is missing after NOT");
  }

  function end(): void {
    if (peek().type !== "end") throw unexpected(peek(), "the expression is complete before it");
  }

  return { expression, end };
}

function negation(negated: boolean, call: Expression): Expression {
  return negated ? { node: "call", name: "not", args: [call], at: call.at } : call;
}

function numberOf(token: Token): number {
  const value = Number(token.text);
  if (!Number.isFinite(value)) {
    throw new ExpressionError(`the number ${token.text} is too large; at most 1.7e308`, token.at);
  }
  return value;
}

function unexpected(token: Token, why: string): ExpressionError {
  const found = token.type === "end" ? "the text ends" : `${JSON.stringify(token.text)} stands`;
  return new ExpressionError(`${found} where it should not: ${why}`, token.at);
}

function tooDeep(at: number): ExpressionError {
  return new ExpressionError(
    `the expression nests deeper than ${MAX_DEPTH}; use IN for long lists, or several DERIVE steps`,
    at,
  );
}

/** A chain such as a + b + … is not deep to read but deep to evaluate. */
function refuseDeep(expression: Expression, depth: number): void {
  if (depth > MAX_DEPTH) throw tooDeep(expression.at);
  if (expression.node === "call") for (const arg of expression.args) refuseDeep(arg, depth + 1);
}
