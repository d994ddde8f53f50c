import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ColumnKind, Table } from "../../../../src/core/tables/column.ts";
import {
  columnsOf,
  compile,
  type Expression,
  ExpressionError,
  parseExpression,
  toSql,
} from "../../../../src/core/tables/expression/index.ts";

/** The tree as Lisp would write it. */
function shape(expression: Expression): string {
  switch (expression.node) {
    case "literal":
      return JSON.stringify(expression.value);
    case "column":
      return expression.name;
    case "call":
      return `(${[expression.name, ...expression.args.map(shape)].join(" ")})`;
  }
}

const kinds = new Map<string, ColumnKind>([
  ["age", "number"],
  ["late", "boolean"],
  ["city", "text"],
  ["day", "time"],
]);

describe("parseExpression", () => {
  const trees: readonly (readonly [string, string])[] = [
    ["1 + 2 * 3", "(+ 1 (* 2 3))"],
    ["a - b - c", "(- (- a b) c)"],
    ["-a * b", "(* (negate a) b)"],
    ["- -2", "(negate (negate 2))"],
    ["not a = b and c or d", "(or (and (not (= a b)) c) d)"],
    ["a between 1 and 2 and b", "(and (between a 1 2) b)"],
    ["a not between 1 + 1 and 2", "(not (between a (+ 1 1) 2))"],
    ["a in (1, 'x''y', null)", '(in a 1 "x\'y" null)'],
    ["a is not null or b is null", "(or (not (is null a)) (is null b))"],
    ["a || b || 'c'", '(concat (concat a b) "c")'],
    ["a + 1 || b", "(concat (+ a 1) b)"],
    ['"a ""b" <> 1e-3', '(<> a "b 0.001)'],
    ["CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END", "(case a 1 b 2 3)"],
    ["case when a then 1 end", "(case a 1 null)"],
    ["coalesce(ABS(a), 0)", "(coalesce (abs a) 0)"],
    ["date '1970-01-02' = date", "(= 86400000 date)"],
    ["(((a)))", "a"],
    ["Straße like 'a%'", '(like Straße "a%")'],
  ];
  for (const [text, tree] of trees) {
    it(`reads ${text}`, () => assert.equal(shape(parseExpression(text)), tree));
  }

  const mistakes: readonly (readonly [string, RegExp, number])[] = [
    ["", /the text ends where it should not: a value is missing/, 0],
    ["age >", /a value is missing/, 5],
    ["age 5", /"5" stands where it should not: the expression is complete before it/, 4],
    ["16 < age < 90", /comparisons do not chain; write both, joined with AND/, 9],
    ["a is null = true", /comparisons do not chain/, 10],
    ["'abc", /never closed/, 0],
    ['"abc', /never closed/, 0],
    ["age; drop table x", /one expression, not several statements/, 3],
    ["age -- x", /holds no comments/, 4],
    ["age /* x */", /holds no comments/, 4],
    ["`age`", /names are quoted with "/, 0],
    ["coalsece(a, 0)", /unknown function "coalsece"; did you mean "coalesce"\?/, 0],
    ["read_csv('/etc/passwd')", /unknown function "read_csv"; there are abs, ceil/, 0],
    ["(select 1)", /"1" stands where it should not: \) is missing after what began with \(/, 8],
    ["a in ()", /the list after IN is empty/, 6],
    ["(1, 2)", /a list stands only after IN/, 2],
    ["date '2023-02-29'", /date '2023-02-29' is none; write date 'YYYY-MM-DD'/, 0],
    ["1e999", /too large/, 0],
    ["12abc", /a number ends before "a"/, 2],
    ["a not 1", /BETWEEN, IN or LIKE is missing after NOT/, 6],
    ["case a when 1 then 2 end", /WHEN is missing after CASE/, 5],
    ["constructor(1)", /unknown function "constructor"/, 0],
    ["a __proto__ b", /complete before it/, 2],
    ["'\0'", /no NUL/, 0],
    ["a € b", /the sign "€" means nothing here/, 2],
  ];
  for (const [text, message, offset] of mistakes) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseExpression(text),
        (error) => error instanceof ExpressionError && message.test(error.message) && error.offset === offset,
      );
    });
  }

  it("refuses what is too long or too deep, without ending the process", () => {
    const hostile = [
      "(".repeat(9000),
      `${"- ".repeat(3000)}1`,
      `${"not ".repeat(2000)}true`,
      Array(3000).fill("a").join("+"),
      "abs(".repeat(2000),
      "case when ".repeat(900),
    ];
    for (const text of hostile) assert.throws(() => parseExpression(text), /nests deeper than 100/);
    assert.throws(() => parseExpression("a".repeat(10_001)), /at most 10000 characters, not 10001/);
  });

  it("reads at most as deep as it says", () => {
    assert.doesNotThrow(() => parseExpression(Array(100).fill("a").join(" or ")));
  });
});

describe("columnsOf", () => {
  it("names each column once", () => {
    assert.deepEqual(columnsOf(parseExpression("b + a > b and \"c d\" in ('x', e)")), ["b", "a", "c d", "e"]);
  });
});

describe("kinds", () => {
  const mistakes: readonly (readonly [string, RegExp])[] = [
    ["agee > 1", /unknown column "agee"; did you mean "age"\?/],
    ["city + 1", /\+ wants number, and column "city" is text/],
    ["late + 1", /wants number, and column "late" is boolean; write CASE WHEN x THEN 1 ELSE 0 END/],
    ["age and late", /AND wants boolean, and column "age" is number; write a condition such as x <> 0/],
    ["age = city", /= wants one kind of value, not number and text/],
    ["age = 'old'", /not number and a text in quotes/],
    ["day > 'yesterday'", /'yesterday' is no time/],
    ["late < true", /< wants an order/],
    ["round(age, age)", /argument 2 of ROUND is a constant/],
    ["round(age, 1.5)", /ROUND rounds to 0 to 15/],
    ["substr(city, 0)", /the first is 1/],
    ["city like city", /argument 2 of LIKE is a constant/],
    ["regexp_matches(city, '(')", /REGEXP_MATCHES cannot read its pattern: \( is never closed/],
    ["regexp_matches(city, '(?=a)')", /\(\? begins nothing/],
    ["regexp_matches(city, '(((a{99}){99}){99}){99}')", /repeats too much/],
    ["regexp_matches(city, '\\b')", /\\b is not known here/],
    ["regexp_matches(city, city)", /argument 2 of REGEXP_MATCHES is a constant/],
    ["abs(1, 2)", /ABS takes 1 argument, not 2/],
    ["case when age then 1 end", /CASE wants boolean/],
    ["greatest(age)", /at least 2/],
    ["lower(null || 1)", /CONCAT wants text/],
  ];
  for (const [text, message] of mistakes) {
    it(`refuses ${text}`, () => assert.throws(() => toSql(parseExpression(text), kinds), message));
  }

  it("reads a text in quotes beside a time as a time", () => {
    assert.match(
      toSql(parseExpression("day >= '2001-01-01'"), kinds),
      />= make_timestamp\(978307200000000\)/,
    );
  });

  it("quotes every name and text", () => {
    const hostile = new Map<string, ColumnKind>([['a"; DROP TABLE x; --', "text"]]);
    assert.equal(
      toSql(parseExpression(`"a""; DROP TABLE x; --" = '''; x'`), hostile),
      `(CAST("a""; DROP TABLE x; --" AS VARCHAR) = '''; x')`,
    );
  });

  it("answers for no rows, and for constants", () => {
    const none: Table = {
      rows: 0,
      columns: new Map([["age", { kind: "number", values: new Float64Array(0) }]]),
    };
    assert.deepEqual(compile(parseExpression("age + 1"))(none).kind, "number");
    const three = { rows: 3, columns: new Map() };
    assert.deepEqual(compile(parseExpression("1 / 4"))(three), {
      kind: "number",
      values: Float64Array.of(0.25, 0.25, 0.25),
    });
  });
});
