import { UserError } from "../../errors.ts";

/** A condition that cannot be read; `offset` says at which character, from 0. */
export class ConditionError extends UserError {
  override readonly name = "ConditionError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const KINDS = ["quoted", "name", "number", "operator", "sign", "times"] as const;

/** One word of a condition. */
export interface Token {
  readonly kind: "name" | "number" | "operator" | "sign" | "times";
  /** As written, without the quotes of a quoted name. */
  readonly text: string;
  /** Its first character's place, from 0. */
  readonly at: number;
  /** A name that stood in double quotes: it means itself, whatever it says. */
  readonly quoted?: true;
}

const QUOTED = `"[^"]*"`;
const NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const NUMBER = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:\s*%)?`;
const OPERATOR = "[<>=!≥≤]+";
const TOKEN = `\\s*(?:(${QUOTED})|(${NAME})|(${NUMBER})|(${OPERATOR})|([+\\-−])|([*×])|(.))`;

/**
 * A condition's words.
 *
 * @throws {ConditionError} at a character that no condition holds
 * @example tokensOf("mae<5").map(({ text }) => text) // => ["mae", "<", "5"]
 * @example tokensOf('by "a b"')[1] // => { kind: "name", text: "a b", at: 3, quoted: true }
 * @example tokensOf("f1; 2") // throws '";" cannot stand in a condition'
 */
export function tokensOf(condition: string): Token[] {
  const tokens: Token[] = [];
  for (const match of condition.trimEnd().matchAll(new RegExp(TOKEN, "guy"))) {
    const group = match.slice(1).findIndex((part) => part !== undefined);
    const text = match[group + 1] ?? "";
    const at = match.index + match[0].length - text.length;
    const kind = KINDS[group];
    if (kind === undefined) throw new ConditionError(`"${text}" cannot stand in a condition`, at);
    tokens.push(
      kind === "quoted" ? { kind: "name", text: text.slice(1, -1), at, quoted: true } : { kind, text, at },
    );
  }
  return tokens;
}

/**
 * A number's value. A percentage is divided in decimal, so 14.5% is 0.145 and nothing beside it.
 *
 * @throws {ConditionError} where it is too large for a number
 * @example numberOf({ kind: "number", text: "14.5 %", at: 0 }) // => 0.145
 */
export function numberOf({ text, at }: Token): number {
  const [, digits = "", power = "0"] = /^([\d.]+)(?:e([+-]?\d+))?/.exec(text) ?? [];
  const value = Number(`${digits}e${Number(power) - (text.endsWith("%") ? 2 : 0)}`);
  if (!Number.isFinite(value)) throw new ConditionError(`"${text}" is too large a number`, at);
  return value;
}
