/* The expression dialect: read with parseExpression, ask with toSql, serve with compile. */
export { check, type Kinds, kindsOf } from "./check.ts";
export { compile } from "./compile.ts";
export { columnsOf, type Expression, ExpressionError, MAX_DEPTH, MAX_LENGTH } from "./expression.ts";
export { parseExpression } from "./parse.ts";
export { columnSql, numberSql, toSql } from "./sql.ts";
