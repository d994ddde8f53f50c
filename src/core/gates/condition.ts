import { UserError } from "../../errors.ts";
import { FAIRNESS } from "../measures/fairness/table.ts";
import { METRICS } from "../measures/metrics/catalogue.ts";
import { nearest } from "../tables/nearest.ts";

export type Operator = ">=" | "<=" | ">" | "<";

/** What a gate's value is held against: a number, or the baseline's value times a factor plus a margin. */
export type Right =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "baseline"; readonly times: number; readonly plus: number };

/** A gate's condition, taken apart. */
export interface Condition {
  readonly text: string;
  readonly metric: string;
  /** The sensitive column, for fairness measures. */
  readonly by?: string;
  readonly operator: Operator;
  readonly right: Right;
}

/** A condition that cannot be read; `offset` says at which character, from 0. */
export class ConditionError extends UserError {
  override readonly name = "ConditionError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface Token {
  readonly kind: "name" | "number" | "operator" | "sign" | "times";
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s*(?:("[^"]*")|([\p{L}_][\p{L}\p{N}_]*)|((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*%?)|([<>]=?|==?|!=|≥|≤)|([+\-−])|([*×])|(.))/uy;

/**
 * Reads a gate's condition: `METRIC [by COLUMN] OPERATOR RIGHT`.
 *
 * OPERATOR is `>=`, `<=`, `>` or `<`. RIGHT is a number, `baseline`, `baseline + NUMBER`, `baseline - NUMBER`
 * or `baseline * NUMBER`. A number may be a percentage: `5%` is 0.05, so `baseline - 5%` is five
 * hundredths below and `baseline * 95%` is a twentieth below. A column whose name is not a plain
 * word stands in double quotes. Fairness measures need `by COLUMN`; other metrics must not have it.
 *
 * @throws {ConditionError} that quotes what was found and says what is right
 * @example parseCondition("roc_auc >= 0.80") // => { text: "roc_auc >= 0.80", metric: "roc_auc", operator: ">=", right: { kind: "number", value: 0.8 } }
 * @example parseCondition("log_loss <= baseline + 1%").right // => { kind: "baseline", times: 1, plus: 0.01 }
 * @example parseCondition("mae < baseline * 1.05").right // => { kind: "baseline", times: 1.05, plus: 0 }
 * @example parseCondition('equalized_odds_difference by "home country" <= 15%').by // => "home country"
 * @example parseCondition("f1_score >= 0.8") // throws 'unknown metric "f1_score"; did you mean "f1"?'
 * @example parseCondition("roc_auc = 0.8") // throws 'unknown operator "="; right are >=, <=, > and <'
 */
export function parseCondition(text: string): Condition {
  const tokens = tokensOf(text);
  let at = 0;
  const take = (kind: Token["kind"], wanted: string): Token => {
    const token = tokens[at++];
    if (token?.kind === kind) return token;
    if (kind === "operator" && token?.kind === "name") {
      throw new ConditionError(`"${token.text}" stands where an operator should: >=, <=, > or <`, token.at);
    }
    const found =
      token === undefined
        ? `"${text}" ends where ${wanted} should stand`
        : `"${token.text}" is not ${wanted}`;
    throw new ConditionError(found, token?.at ?? text.length);
  };

  const name = take("name", "a metric");
  requireMetric(name);
  let by: Token | undefined;
  if (tokens[at]?.kind === "name" && tokens[at]?.text === "by") {
    at++;
    by = take("name", "a column");
  }
  requireColumn(name, by);
  const operator = take("operator", "an operator");
  if (!isOperator(operator.text)) {
    throw new ConditionError(`unknown operator "${operator.text}"; right are >=, <=, > and <`, operator.at);
  }

  const right = readRight();
  const rest = tokens[at];
  if (rest !== undefined) {
    throw new ConditionError(`"${text.slice(rest.at)}" is too much; a condition ends before it`, rest.at);
  }
  const column = by === undefined ? {} : { by: by.text };
  return { text, metric: name.text, ...column, operator: operator.text, right };

  function readRight(): Right {
    const first = tokens[at];
    if (first?.kind === "name") {
      at++;
      if (first.text !== "baseline") {
        throw new ConditionError(`"${first.text}" is neither a number nor baseline`, first.at);
      }
      const next = tokens[at];
      if (next?.kind === "times") {
        at++;
        return { kind: "baseline", times: numberOf(take("number", "a number")), plus: 0 };
      }
      if (next?.kind !== "sign") return { kind: "baseline", times: 1, plus: 0 };
      return { kind: "baseline", times: 1, plus: signed() };
    }
    return { kind: "number", value: signed() };
  }

  function signed(): number {
    const negative = tokens[at]?.kind === "sign" && tokens[at]?.text !== "+";
    if (tokens[at]?.kind === "sign") at++;
    const value = numberOf(take("number", "a number or baseline"));
    return negative ? -value : value;
  }
}

const isOperator = (text: string): text is Operator => /^[<>]=?$/.test(text);

function tokensOf(text: string): Token[] {
  const kinds = ["name", "name", "number", "operator", "sign", "times"] as const;
  const tokens: Token[] = [];
  for (const match of text.matchAll(new RegExp(TOKEN.source, "guy"))) {
    const group = match.slice(1).findIndex((part) => part !== undefined);
    const found = match[group + 1] ?? "";
    const at = match.index + match[0].length - found.length;
    const kind = kinds[group];
    if (kind === undefined) throw new ConditionError(`"${found}" cannot stand in a condition`, at);
    tokens.push({ kind, text: group === 0 ? found.slice(1, -1) : found.trim(), at });
  }
  return tokens;
}

/** A percentage is divided in decimal, so that 15% is 0.15 and nothing beside it. */
function numberOf({ text }: Token): number {
  const digits = text.replace(/\s*%$/, "");
  return (
    Number(text.endsWith("%") ? `${digits}${digits.includes("e") ? "" : "e-2"}` : digits) /
    (text.endsWith("%") && digits.includes("e") ? 100 : 1)
  );
}

function requireMetric({ text, at }: Token): void {
  const names = [...METRICS.keys(), ...FAIRNESS.keys()];
  if (names.includes(text)) return;
  const meant = nearest(text, names) ?? names.find((name) => text.startsWith(name) || name.startsWith(text));
  const hint = meant === undefined ? "" : `did you mean "${meant}"? `;
  throw new ConditionError(`unknown metric "${text}"; ${hint}available: ${names.join(", ")}`, at);
}

function requireColumn(metric: Token, by: Token | undefined): void {
  const fairness = FAIRNESS.has(metric.text);
  if (fairness && by === undefined) {
    const message = `"${metric.text}" compares groups; write "${metric.text} by COLUMN"`;
    throw new ConditionError(message, metric.at + metric.text.length);
  }
  if (!fairness && by !== undefined) {
    const message = `"${metric.text}" is not measured by group; those that are: ${[...FAIRNESS.keys()].join(", ")}`;
    throw new ConditionError(message, by.at);
  }
}
