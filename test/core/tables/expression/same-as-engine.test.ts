import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Column, ColumnKind, Table } from "../../../../src/core/tables/column.ts";
import { compile, kindsOf, parseExpression, toSql } from "../../../../src/core/tables/expression/index.ts";

type Random = () => number;

/** Mulberry32: small, seeded, the same everywhere. */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  2.5,
  -7,
  3,
  1e308,
  -1e308,
  5e-324,
  0.49999999999999994,
  1234.5678,
  NaN,
  Infinity,
  -Infinity,
];
const TEXTS = ["", " ", "a", "A", "ab", "b%", "_", "Ünï", "😀a", "～", "it's", "  x ", "a\nb", undefined];
const TIMES = [
  0,
  86_399_999,
  -1,
  Date.UTC(2001, 1, 28),
  Date.UTC(2024, 1, 29, 23, 59),
  Date.UTC(1900, 0, 1),
  NaN,
];
const BOOLEANS = [0, 1, NaN];
const ROWS = 60;

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function numeric(kind: "number" | "boolean" | "time", values: readonly number[]): Column {
  return { kind, values: Float64Array.from(values) };
}

function text(values: readonly (string | undefined)[]): Column {
  const words = [...new Set(values.filter((value) => value !== undefined))];
  return {
    kind: "text",
    words,
    codes: Int32Array.from(values, (v) => (v === undefined ? -1 : words.indexOf(v))),
  };
}

function randomTable(random: Random): Table {
  const rows = <T>(list: readonly T[]): T[] => Array.from({ length: ROWS }, () => pick(random, list));
  const columns = new Map<string, Column>([
    ["n", numeric("number", rows(NUMBERS))],
    ["Größe m", numeric("number", rows([0, 1, 2, 3, -4, 1.5]))],
    ["b", numeric("boolean", rows(BOOLEANS))],
    ["c", numeric("boolean", rows(BOOLEANS))],
    ["s", text(rows(TEXTS))],
    ["t", text(rows(TEXTS))],
    ["d", numeric("time", rows(TIMES))],
    ["e", numeric("time", rows(TIMES))],
  ]);
  return { rows: ROWS, columns };
}

/** Random texts of the dialect, by kind. Only operations that are exact in both: no ln, exp, power, sin. */
function expressionOf(random: Random, kind: ColumnKind, depth: number): string {
  const of = (kind: ColumnKind): string => expressionOf(random, kind, depth - 1);
  const anyKind = (): ColumnKind => pick(random, ["number", "text", "time"] as const);
  const pair = (operators: readonly string[]): string => {
    const kind = anyKind();
    return `(${of(kind)} ${pick(random, operators)} ${of(kind)})`;
  };
  const either = (kind: ColumnKind): string =>
    pick(random, [
      () => `case when ${of("boolean")} then ${of(kind)} when ${of("boolean")} then ${of(kind)} end`,
      () => `coalesce(${of(kind)}, ${of(kind)}, null)`,
      () => `nullif(${of(kind)}, ${of(kind)})`,
    ])();
  if (depth <= 0) return leaf(random, kind);
  switch (kind) {
    case "number":
      return pick(random, [
        () => `(${of("number")} ${pick(random, ["+", "-", "*", "/", "%"])} ${of("number")})`,
        () => `(${of("number")} ${pick(random, ["+", "-", "*", "/", "%"])} ${of("number")})`,
        () => `(- ${of("number")})`,
        () => `${pick(random, ["abs", "floor", "ceil", "round", "sqrt"])}(${of("number")})`,
        () => `round(${of("number")}, 2)`,
        () => `${pick(random, ["greatest", "least"])}(${of("number")}, ${of("number")}, ${of("number")})`,
        () =>
          `${pick(random, ["year", "month", "day", "weekday", "hour", "minute", "day_of_year"])}(${of("time")})`,
        () => `days_between(${of("time")}, ${of("time")})`,
        () => `length(${of("text")})`,
        () => either("number"),
      ])();
    case "boolean":
      return pick(random, [
        () => pair(["=", "==", "<>", "!=", "<", "<=", ">", ">="]),
        () => pair(["<", ">"]),
        () => `(${of("boolean")} ${pick(random, ["and", "or", "=", "<>"])} ${of("boolean")})`,
        () => `(not ${of("boolean")})`,
        () => `(${of(anyKind())} is ${pick(random, ["", "not "])}null)`,
        () => `(${of("number")} ${pick(random, ["", "not "])}between ${of("number")} and ${of("number")})`,
        () => `(${of("text")} ${pick(random, ["", "not "])}in (${of("text")}, 'a', null))`,
        () => `(${of("number")} in (${of("number")}, 1, 2.5))`,
        () => `(${of("text")} like ${pick(random, ["'a%'", "'_'", "'%b%'", "''", "'it''s'", "'%'"])})`,
        () => `${pick(random, ["starts_with", "contains"])}(${of("text")}, ${of("text")})`,
        () => either("boolean"),
      ])();
    case "text":
      return pick(random, [
        () => `(${of("text")} || ${of("text")})`,
        () => `concat(${of("text")}, ${of("text")}, 'z')`,
        () => `${pick(random, ["lower", "upper", "trim"])}(${of("text")})`,
        () => `substr(${of("text")}, ${pick(random, ["1", "2", "1, 1", "2, 3", "9"])})`,
        () => either("text"),
      ])();
    case "time":
      return pick(random, [
        () => either("time"),
        () => `${pick(random, ["greatest", "least"])}(${of("time")}, ${of("time")})`,
      ])();
  }
}

function leaf(random: Random, kind: ColumnKind): string {
  const leaves: Record<ColumnKind, readonly string[]> = {
    number: ["n", '"Größe m"', "0", "1", "2.5", "1e308", "0.1", "null", ".5"],
    boolean: ["b", "c", "true", "false", "null"],
    text: ["s", "t", "'a'", "''", "'it''s'", "'😀'"],
    time: ["d", "e", "date '2001-02-28'", "timestamp '2024-02-29 23:59:00'"],
  };
  return pick(random, leaves[kind]);
}

const TYPES = { number: "DOUBLE", boolean: "BOOLEAN", text: "VARCHAR", time: "TIMESTAMP" } as const;

function cellSql(column: Column, row: number): string {
  if (column.kind === "text") {
    const word = column.words[column.codes[row] ?? -1];
    return word === undefined ? "NULL" : `'${word.replaceAll("'", "''")}'`;
  }
  const value = column.values[row] as number;
  if (column.kind === "number") return Object.is(value, -0) ? "-0e0" : `'${value}'::DOUBLE`;
  if (Number.isNaN(value)) return "NULL";
  return column.kind === "boolean" ? String(value === 1) : `make_timestamp(${value * 1000})`;
}

function shown(column: Column, row: number): number | string | null {
  if (column.kind === "text") return column.words[column.codes[row] ?? -1] ?? null;
  const value = column.values[row] as number;
  return Number.isNaN(value) ? null : value + 0; // −0 is 0
}

describe("an expression in memory gives what the engine gives", () => {
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  before(async () => {
    instance = await DuckDBInstance.create(":memory:");
    connection = await instance.connect();
  });
  after(() => {
    connection.closeSync();
    instance.closeSync();
  });

  async function fill(table: Table): Promise<void> {
    const names = [...table.columns.keys()];
    const columns = [...table.columns.values()];
    const types = names.map((name, i) => `"${name}" ${TYPES[columns[i]!.kind]}`);
    const rows = Array.from({ length: table.rows }, (_, row) => {
      return `(${row}, ${columns.map((column) => cellSql(column, row)).join(", ")})`;
    });
    await connection.run(`CREATE OR REPLACE TABLE rows (row INTEGER, ${types.join(", ")})`);
    await connection.run(`INSERT INTO rows VALUES ${rows.join(", ")}`);
  }

  async function answers(sql: string, kind: ColumnKind): Promise<unknown[]> {
    const read = { number: "x", boolean: "CAST(x AS DOUBLE)", text: "x", time: "epoch_us(x) / 1000" }[kind];
    const result = await connection.runAndReadAll(
      `SELECT ${read} FROM (SELECT row, ${sql} AS x FROM rows) ORDER BY row`,
    );
    return result.getRows().map(([value]) => (typeof value === "number" ? value + 0 : value));
  }

  it("over random expressions and rows", async () => {
    const random = randomOf(42);
    let present = 0;
    for (let block = 0; block < 10; block++) {
      const table = randomTable(random);
      await fill(table);
      for (let round = 0; round < 40; round++) {
        const kind = pick(random, ["number", "boolean", "text", "time"] as const);
        const source = expressionOf(random, kind, 1 + (round % 4));
        const expression = parseExpression(source);
        const here = compile(expression)(table);
        const expected = await answers(toSql(expression, kindsOf(table)), here.kind);
        const found = Array.from({ length: ROWS }, (_, row) => shown(here, row));
        assert.deepEqual(found, expected, source);
        present += expected.filter((value) => value !== null).length;
      }
    }
    assert.ok(
      present > 400 * ROWS * 0.3,
      `only ${present} answers were not missing: the test sees too little`,
    );
  });

  it("for functions whose last digit depends on the library, to 1e-12", async () => {
    const table = randomTable(randomOf(7));
    await fill(table);
    const sources = [
      "ln(n)",
      "log10(n)",
      "exp(n)",
      'power(n, "Größe m")',
      'sin("Größe m")',
      "cos(n / 1e300)",
      "sqrt(n)",
    ];
    for (const source of sources) {
      const expression = parseExpression(source);
      const here = compile(expression)(table);
      const expected = await answers(toSql(expression, kindsOf(table)), "number");
      expected.forEach((value, row) => {
        const found = shown(here, row);
        if (value === null || found === null) {
          assert.equal(found, value, `${source} row ${row}`);
          return;
        }
        const error = Math.abs(Number(found) - Number(value)) / Math.max(1e-300, Math.abs(Number(value)));
        assert.ok(error < 1e-12, `${source} row ${row}: ${found} is not ${value}`);
      });
    }
  });

  it("for patterns, found anywhere in a text", async () => {
    const texts = [
      "",
      "a",
      "ab",
      "aab",
      "abc",
      "ba",
      "a1",
      "1a_",
      "Ä",
      "😀",
      "a\nb",
      "a b",
      "x\ty",
      "a.b",
      "(",
      "]",
      "-",
      "aaa",
      "c\u00a0d",
      "a\u000bb",
      "Σ",
    ];
    const patterns = [
      "",
      "a",
      "^a",
      "b$",
      "^ab$",
      "a|b",
      "^(a|ab)(c|b)$",
      "a*",
      "^a+b",
      "a?b",
      "^a{2}$",
      "a{2,}",
      "^a{0,2}$",
      ".",
      "^.$",
      "a.b",
      "[ab]1",
      "[^a]",
      "^[^a]*$",
      "[a-c]{2}",
      "[]]",
      "[a-]",
      "[-a]$",
      "\\d",
      "\\D",
      "^\\w+$",
      "\\W",
      "\\s",
      "^\\S*$",
      "\\.",
      "\\(",
      "(?:ab)+",
      "^(?:a|😀)$",
      "[Ä-😀]",
      "a*?b",
      "[\\d_]",
      "\\n",
      "()",
      "(a|)b",
      "^$",
      "a|",
      "(^a|b$)",
      "((a*)*)*b",
      "[^\\s]b",
      "\\t",
    ];
    const column: Column = text(texts);
    const table: Table = { rows: texts.length, columns: new Map([["s", column]]) };
    await fill(table);
    for (const pattern of patterns) {
      const expression = parseExpression(`regexp_matches(s, '${pattern}')`);
      const here = compile(expression)(table);
      const expected = await answers(toSql(expression, kindsOf(table)), "boolean");
      assert.deepEqual(
        texts.map((_, row) => shown(here, row)),
        expected,
        pattern,
      );
    }
  });

  it("for patterns in time that grows with the text alone", () => {
    const table: Table = { rows: 1, columns: new Map([["s", text([`${"a".repeat(3000)}!`])]]) };
    for (const pattern of ["^(a+)+$", "^(a|aa)*$", "^(a*)*b", ".*.*.*.*.*x"]) {
      const { values } = compile(parseExpression(`regexp_matches(s, '${pattern}')`))(table) as {
        values: Float64Array;
      };
      assert.deepEqual([...values], [0], pattern);
    }
  });

  it("for the case of every letter", async () => {
    const letters = Array.from({ length: 0x3_0000 }, (_, code) => code + 1)
      .filter((code) => (code < 0xd800 || code > 0xdfff) && code !== 0xfeff) // the driver eats a byte-order mark
      .map((code) => String.fromCodePoint(code));
    await connection.run(
      "CREATE OR REPLACE TABLE rows AS SELECT i AS row, chr(CAST(i AS INTEGER)) AS s FROM range(1, 196609) t(i) WHERE i NOT BETWEEN 55296 AND 57343 AND i <> 65279",
    );
    const column: Column = { kind: "text", words: letters, codes: Int32Array.from(letters.keys()) };
    for (const source of ["lower(s)", "upper(s)"]) {
      const expression = parseExpression(source);
      const given: Table = { rows: letters.length, columns: new Map([["s", column]]) };
      const here = compile(expression)(given);
      const expected = await answers(toSql(expression, kindsOf(given)), "text");
      const wrong = letters.filter((_, row) => shown(here, row) !== expected[row]);
      assert.deepEqual(wrong, [], source);
    }
  });
});
