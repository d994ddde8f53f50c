import type { Operation } from "./operation.ts";
import { ARITHMETIC } from "./operations/arithmetic.ts";
import { CHOICE } from "./operations/choice.ts";
import { LOGIC } from "./operations/logic.ts";
import { TEXT } from "./operations/text.ts";
import { TIME } from "./operations/time.ts";

/** All that an expression can do. Nothing else reaches the engine: no file, no setting, no network. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [...ARITHMETIC, ...LOGIC, ...CHOICE, ...TEXT, ...TIME].map((operation) => [operation.name, operation]),
);

/** What is written as an operator or a phrase, not as NAME(…). */
const PHRASES = new Set(["negate", "and", "or", "not", "between", "in", "is null", "case", "like"]);

/** The functions that a person can call, sorted. */
export const FUNCTIONS: readonly string[] = [...OPERATIONS.keys()]
  .filter((name) => /^[a-z]/.test(name) && !PHRASES.has(name))
  .sort();
