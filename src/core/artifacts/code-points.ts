/**
 * Compares texts by code points, as Python and UTF-8 bytes order them. JavaScript's own order
 * differs where characters beyond U+FFFF meet U+E000 to U+FFFF.
 *
 * @example ["～", "😀", "é"].sort(byCodePoints) // => ["é", "～", "😀"]
 */
export function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Moves the halves of surrogate pairs behind everything else. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit > 0xdfff ? unit - 0x800 : unit + 0x2000;
}
