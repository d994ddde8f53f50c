/** Letters younger than Unicode 15: engines and Node versions do not agree about them, so they stay. */
const YOUNG = /[\u1c89\u1c8a\ua7cb-\ua7cf\ua7d2-\ua7d5\ua7da-\ua7dc\u{10d50}-\u{10d85}\u{16ea0}-\u{16ed3}]/u;

/**
 * A text in small letters, one code point for one code point, as the engine does it.
 *
 * @example lowerCase("ÀΣ") // => "àσ"
 */
export function lowerCase(text: string): string {
  return eachLetter(text, (letter) => (letter === "İ" ? "i" : letter.toLowerCase()));
}

/**
 * A text in capitals, one code point for one code point: ß becomes ẞ, not SS.
 *
 * @example upperCase("straße") // => "STRAẞE"
 */
export function upperCase(text: string): string {
  return eachLetter(text, capital);
}

function capital(letter: string): string {
  if (letter === "ß") return "ẞ";
  const upper = letter.toUpperCase();
  if (upper.length === letter.length || letter < "ᾀ" || letter > "ῳ") return upper;
  // Greek with a iota below: its capital of one code point stands 8 or 9 places on
  const code = letter.charCodeAt(0);
  const ahead = [8, 9].map((step) => String.fromCharCode(code + step));
  return ahead.find((candidate) => candidate.toLowerCase() === letter) ?? letter;
}

function eachLetter(text: string, f: (letter: string) => string): string {
  let out = "";
  for (const letter of text) {
    const other = f(letter);
    out += [...other].length === 1 && !YOUNG.test(letter + other) ? other : letter;
  }
  return out;
}
