/**
 * A time that somebody waits, in two units at most.
 *
 * @example formatSeconds(8.4) // => "8 s"
 * @example formatSeconds(125) // => "2 min 5 s"
 * @example formatSeconds(7330) // => "2 h 2 min"
 */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
