/**
 * A body that holds its marker, which is put before it where the body has none: a comment without it
 * would not be found again.
 *
 * @example withMarker("<!-- trainyard -->\nfine", "<!-- trainyard -->") // => "<!-- trainyard -->\nfine"
 * @example withMarker("fine", "<!-- trainyard -->") // => "<!-- trainyard -->\nfine"
 */
export function withMarker(body: string, marker: string): string {
  return body.includes(marker) ? body : `${marker}\n${body}`;
}

/**
 * Whether two bodies say the same: forges may write line ends in their own way and drop the last ones.
 *
 * @example sameBody("fine\r\nnow", "fine\nnow\n") // => true
 * @example sameBody("fine", "fine now") // => false
 */
export function sameBody(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

const plain = (body: string): string => body.replaceAll("\r\n", "\n").trimEnd();
