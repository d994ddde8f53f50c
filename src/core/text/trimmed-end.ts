/**
 * A text without the characters at its end that are to go.
 *
 * `/[.\s]+$/` says the same in fewer words, and looks from each white space of the text whether the rest is white
 * space, too: of a stranger's file with a hundred thousand in a row that takes a minute.
 *
 * @param goes whether a character goes, one UTF-16 code unit
 * @example trimmedEnd("too long. . ", (one) => one === "." || one === " ") // => "too long"
 * @example trimmedEnd(";;", (one) => one === ";") // => ""
 */
export function trimmedEnd(text: string, goes: (character: string) => boolean): string {
  let end = text.length;
  while (end > 0 && goes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/**
 * A sentence without its full stop.
 *
 * @example unstopped("It is no number. \n") // => "It is no number"
 */
export const unstopped = (text: string): string => trimmedEnd(text, (one) => /[.\s]/.test(one));
