import { EXIT, UserError } from "../../errors.ts";

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const LEAST = 100;
const MOST = 24 * UNITS.h;

/**
 * Milliseconds of a span of time as people write it.
 *
 * @param called what was given it, for the message
 * @example parseSpan("30s", "--every") // => 30000
 * @example parseSpan("fast", "--every") // throws '--every is "fast"; it takes a time such as 30s or 5m, from 100ms to 24h'
 */
export function parseSpan(text: string, called: string): number {
  const [, number = "", unit = ""] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  const span = Number(number) * (UNITS[unit as keyof typeof UNITS] ?? 0);
  if (span >= LEAST && span <= MOST) return span;
  throw new UserError(`${called} is "${text}"; it takes a time such as 30s or 5m, from 100ms to 24h`, {
    exit: EXIT.usage,
  });
}
