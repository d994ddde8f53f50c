import * as z from "zod";

/**
 * A share of a whole, written `20%` or `0.2`.
 *
 * @example share.parse("20%") // => 0.2
 * @example share.parse(0.05) // => 0.05
 * @example share.parse(20) // throws "a share is at most 100%"
 */
export const share = z
  .union([
    z
      .string()
      .regex(/^\d+(\.\d+)?\s*%$/, 'a share is written like "20%" or 0.2')
      .transform((text) => Number.parseFloat(text) / 100),
    z.number().min(0, "a share is at least 0%").max(1, "a share is at most 100%; write it like 20% or 0.2"),
  ])
  .pipe(z.number().max(1, "a share is at most 100%"))
  .meta({ description: "A share of a whole, such as 20% or 0.2", examples: ["20%", 0.2] });

const UNITS = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 } as const;

/**
 * A length of time in milliseconds, written as a whole number and a unit: s, m, h, d or w.
 *
 * @example duration.parse("7d") // => 604800000
 */
export const duration = z
  .string()
  .regex(/^\d{1,6}(s|m|h|d|w)$/, 'a duration is written like "30s", "10m", "12h", "7d" or "2w"')
  .transform((text) => Number.parseInt(text, 10) * UNITS[text.slice(-1) as keyof typeof UNITS])
  .meta({ description: "A length of time, such as 10m, 12h, 7d or 2w", examples: ["7d", "12h"] });

/**
 * How much may be missing: `none`, `at most 1%`, or a share.
 *
 * @example missingAtMost.parse("at most 1%") // => 0.01
 * @example missingAtMost.parse("none") // => 0
 */
export const missingAtMost = z
  .union([
    z
      .string()
      .regex(/^(none|(at most )?\d+(\.\d+)?\s*%)$/, 'write "none", "at most 1%" or a share such as 0.01')
      .transform((text) => (text === "none" ? 0 : Number.parseFloat(text.replace("at most ", "")) / 100)),
    z.number().min(0, "a share is at least 0%").max(1, "a share is at most 100%; write it like 1% or 0.01"),
  ])
  .pipe(z.number().max(1, "a share is at most 100%"))
  .meta({
    description: 'How much may be missing: "none", "at most 1%", or a share',
    examples: ["none", "at most 1%", 0.01],
  });

/** A name that a column, source or model may have in the contract. */
export const columnName = z.string().min(1, "a name is not empty");

/** One value as it stands in the data. */
export const literal = z.union([z.string(), z.number(), z.boolean()]);
