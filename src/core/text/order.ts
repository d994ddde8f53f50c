/**
 * Compares two texts by code point, as UTF-8 bytes, DuckDB and Python do: the order of sorted
 * categories, and of the paths in a directory's manifest.
 *
 * JavaScript's own `<` compares UTF-16 units, which puts an emoji before U+FF5E.
 *
 * @example compareText("Zug", "aber") // => -1
 * @example compareText("～", "😀") // => -1
 * @example compareText("a", "a") // => 0
 */
export function compareText(a: string, b: string): -1 | 0 | 1 {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) < rank(right) ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** Surrogates stand for code points above U+FFFF, so they rank above all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}
