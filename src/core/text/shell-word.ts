/**
 * A word of a shell's command line, quoted where it must be: whoever pastes it runs nothing else.
 *
 * @example shellWord("data/cps.csv") // => "data/cps.csv"
 * @example shellWord("it's $(x).yml") // => "'it'\\''s $(x).yml'"
 * @example shellWord("") // => "''"
 */
export const shellWord = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
