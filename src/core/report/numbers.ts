/*
 * Numbers as a reviewer reads them: the same on every machine (no locale), a true minus sign,
 * enough digits to see a difference and no more, and "–" for what is not known.
 */

/** What stands where a number is not known. */
export const UNKNOWN = "–";

const MINUS = "\u2212";

function signed(value: number, magnitude: string): string {
  const zero = /^[0.]+$/.test(magnitude);
  return value < 0 && !zero ? MINUS + magnitude : magnitude;
}

function grouped(whole: string): string {
  return whole.length <= 3 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ",");
}

function exponent(size: number): string {
  const [mantissa = "0", power = "0"] = size.toExponential(2).split("e");
  return `${mantissa}e${power.replace("+", "").replace("-", MINUS)}`;
}

function magnitudeOf(size: number, decimals: number): string {
  const [whole = "0", fraction] = size.toFixed(decimals).split(".");
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
}

/** Decimals for a size: three below ten, fewer as the number grows. */
function decimalsFor(size: number): number {
  if (size < 9.9995) return 3;
  if (size < 99.995) return 2;
  return size < 999.95 ? 1 : 0;
}

/**
 * A measured value: three decimals below ten, four digits above, an exponent where that would hide it.
 *
 * @example formatNumber(0.83412) // => "0.834"
 * @example formatNumber(-0.0004) // => "−4.00e−4"
 * @example formatNumber(-0) // => "0.000"
 * @example formatNumber(1234567.8) // => "1,234,568"
 * @example formatNumber(3e12) // => "3.00e12"
 * @example formatNumber(null) // => "–"
 */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return UNKNOWN;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 5e-4)) return signed(value, exponent(size));
  return signed(value, magnitudeOf(size, decimalsFor(size)));
}

/**
 * A number that a person wrote, such as a limit: all its digits (at most ten) and none added.
 *
 * @example formatExact(0.8) // => "0.8"
 * @example formatExact(-12500.25) // => "−12,500.25"
 */
export function formatExact(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return formatNumber(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-6)) return signed(value, exponent(size));
  const [whole = "0", fraction] = String(Number(size.toPrecision(10))).split(".");
  return signed(value, fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`);
}

/**
 * A value beside the limit it is held against: with as many digits as tell the two apart.
 *
 * @example formatAgainst(0.79996, 0.8) // => "0.79996"
 * @example formatAgainst(0.834, 0.8) // => "0.834"
 * @example formatAgainst(0.8, 0.8) // => "0.800"
 */
export function formatAgainst(value: number | null, limit: number | null): string {
  const text = formatNumber(value);
  if (value === null || limit === null || value === limit || text !== formatNumber(limit)) return text;
  const size = Math.abs(value);
  for (let decimals = decimalsFor(size) + 1; decimals <= 12; decimals += 1) {
    const more = signed(value, magnitudeOf(size, decimals));
    if (more !== signed(limit, magnitudeOf(Math.abs(limit), decimals))) return more;
  }
  return text;
}

/**
 * A difference: always with its sign.
 *
 * @example formatDifference(0.0213) // => "+0.021"
 * @example formatDifference(-0.0213) // => "−0.021"
 * @example formatDifference(0) // => "0.000"
 */
export function formatDifference(value: number | null | undefined): string {
  const text = formatNumber(value);
  return value !== null && value !== undefined && value > 0 ? `+${text}` : text;
}

/** Two ends, and why they are to be taken with care, where they are. */
export interface Ends {
  readonly low: number;
  readonly high: number;
  readonly rough?: string | undefined;
}

/**
 * An interval's two ends in words, without brackets. One that promises too much for its rows says so.
 *
 * @example formatInterval({ low: 0.752, high: 0.901 }) // => "0.752 to 0.901"
 * @example formatInterval({ low: 0.4, high: 0.9, rough: "of 4 positive rows" }) // => "roughly 0.400 to 0.900"
 * @example formatInterval(null) // => "–"
 */
export function formatInterval(
  interval: Ends | null,
  format: (value: number) => string = formatNumber,
): string {
  if (interval === null) return UNKNOWN;
  const word = interval.rough === undefined ? "" : "roughly ";
  return `${word}${format(interval.low)} to ${format(interval.high)}`;
}

/**
 * A value and where the true one lies; the value alone where there is no interval.
 *
 * @example formatEstimate(0.834, { low: 0.752, high: 0.901 }) // => "0.834 (0.752 to 0.901)"
 * @example formatEstimate(null, null) // => "–"
 */
export function formatEstimate(
  value: number | null,
  interval: { readonly low: number; readonly high: number } | null,
  format: (value: number | null) => string = formatNumber,
): string {
  if (value === null || interval === null) return format(value);
  return `${format(value)} (${formatInterval(interval, format)})`;
}

/**
 * A share as a percentage with one decimal; never 0% or 100% where it is only nearly so.
 *
 * @example formatShare(0.1234) // => "12.3%"
 * @example formatShare(0.00001) // => "<0.1%"
 * @example formatShare(0.99999) // => ">99.9%"
 * @example formatShare(1) // => "100%"
 */
export function formatShare(share: number | null | undefined): string {
  if (share === null || share === undefined || Number.isNaN(share)) return UNKNOWN;
  const percent = share * 100;
  if (percent === 0) return "0%";
  if (percent === 100) return "100%";
  if (percent > 0 && percent < 0.05) return "<0.1%";
  if (percent > 99.95 && percent < 100) return ">99.9%";
  return Number.isFinite(percent)
    ? `${signed(percent, magnitudeOf(Math.abs(percent), 1))}%`
    : formatNumber(percent);
}

/**
 * A p-value: two digits of it, and no more zeros than a reader wants.
 *
 * @example formatP(0.3141) // => "p = 0.31"
 * @example formatP(0.0123) // => "p = 0.012"
 * @example formatP(0.00001) // => "p < 0.001"
 * @example formatP(1) // => "p = 1"
 */
export function formatP(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${Number(p.toPrecision(2))}`;
}

/**
 * A count, with its thousands apart.
 *
 * @example formatCount(1234567) // => "1,234,567"
 * @example formatCount(null) // => "–"
 */
export function formatCount(count: number | null | undefined): string {
  if (count === null || count === undefined || !Number.isFinite(count)) return UNKNOWN;
  if (Math.abs(count) >= 1e15) return formatNumber(count);
  return signed(count, magnitudeOf(Math.abs(count), 0));
}

/**
 * A count with its noun, which takes an s where there is not just one.
 *
 * @example counted(1, "gate") // => "1 gate"
 * @example counted(1200, "row") // => "1,200 rows"
 */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
