/**
 * A name as SQL writes it, whatever it holds.
 *
 * @example quoteName('say "hi"') // => '"say ""hi"""'
 */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A text as SQL writes it. NUL is left out: no engine takes it inside a statement.
 *
 * @example quoteText("it's") // => "'it''s'"
 */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll("\0", "")}'`;
}
