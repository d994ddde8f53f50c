const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?Z?$/;

/**
 * The first millisecond of a day written `YYYY-MM-DD`, UTC; undefined where there is no such day.
 *
 * @example dayOf("1970-01-02") // => 86400000
 * @example dayOf("2023-02-29") // => undefined
 */
export function dayOf(text: string): number | undefined {
  const parts = DAY.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC takes the years 0 to 99 for 1900 to 1999
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year > 0;
  return same ? date.getTime() : undefined;
}

/**
 * Milliseconds since 1970 of a day, or of a day and a time `YYYY-MM-DD HH:MM[:SS[.mmm]]`, UTC.
 *
 * @example instantOf("1970-01-01 00:01") // => 60000
 * @example instantOf("1970-01-01T00:00:01.5Z") // => 1500
 * @example instantOf("1970-01-01 24:00") // => undefined
 */
export function instantOf(text: string): number | undefined {
  const parts = INSTANT.exec(text);
  if (parts === null) return dayOf(text);
  const [, day = "", hour = "0", minute = "0", second = "0", fraction = "0"] = parts;
  const start = dayOf(day);
  if (start === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return start + seconds * 1000 + Math.round(Number(fraction) * 1000);
}
