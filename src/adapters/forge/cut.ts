/**
 * A text of at most `most` UTF-16 units, with a note in the place of what was cut off. A character that
 * takes two units is kept or left out as a whole.
 *
 * @example cut("as short as it is", 140) // => "as short as it is"
 * @example cut("abcdefgh", 5) // => "abcd…"
 * @example cut("abcdefghij", 9, " (more)") // => "ab (more)"
 * @example cut("ab😀cd", 4) // => "ab…"
 */
export function cut(text: string, most: number, note = "…"): string {
  if (text.length <= most) return text;
  let end = Math.max(0, most - note.length);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return text.slice(0, end) + note;
}

/** Characters of a status's description, of a commit's as of a deployment's. */
export const DESCRIPTION = 140;
/** Characters of a check's summary. */
export const SUMMARY = 65_535;
/** What a summary ends with that was cut. */
export const SUMMARY_NOTE =
  "\n\n… the rest is longer than GitHub shows here; the whole report is an artifact of the run";
