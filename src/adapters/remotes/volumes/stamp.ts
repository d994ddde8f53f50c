/**
 * A time as it stands in a name, to the second.
 *
 * @example printStamp(new Date(0)) // => "19700101T000000Z"
 */
export function printStamp(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, "");
}

/**
 * The time that a stamp says, or undefined where it is none.
 *
 * @example parseStamp("20261399T000000Z") // => undefined
 */
export function parseStamp(text: string): Date | undefined {
  const [, date, hour, minute, second] = /^(\d{8})T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (date === undefined) return undefined;
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  const time = new Date(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
