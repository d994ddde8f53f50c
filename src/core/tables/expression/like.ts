/**
 * SQL's LIKE: `%` is any text, `_` one code point, everything else itself, the whole text over.
 *
 * Walks back to the last `%` only, so its time is at most text × pattern for any pattern.
 *
 * @example likeOf("a%c")("abbc") // => true
 * @example likeOf("a_c")("ac") // => false
 * @example likeOf("%")("") // => true
 */
export function likeOf(pattern: string): (text: string) => boolean {
  const signs = [...pattern];
  return (text) => {
    const letters = [...text];
    let [at, sign, retry, star] = [0, 0, 0, -1];
    while (at < letters.length) {
      if (signs[sign] === "%") {
        star = sign++;
        retry = at;
      } else if (signs[sign] !== undefined && (signs[sign] === "_" || signs[sign] === letters[at])) {
        at++;
        sign++;
      } else if (star >= 0) {
        sign = star + 1;
        at = ++retry;
      } else {
        return false;
      }
    }
    while (signs[sign] === "%") sign++;
    return sign === signs.length;
  };
}
