/**
 * A line of a log or terminal that holds names of strangers' files: what could end it, move the cursor or
 * turn its direction shows as �, so that no name says a line of its own, such as a command of GitHub Actions.
 *
 * @example oneLine("reading a\n::stop-commands::x") // => "reading a�::stop-commands::x"
 * @example oneLine("a\u001b[2Kb\tc") // => "a�[2Kb\tc"
 */
export function oneLine(text: string): string {
  return text.replace(/[^\P{Cc}\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
