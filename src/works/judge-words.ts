const DRAFTS = ".trainyard/tmp/";

/**
 * A message that names a file by its own name where it names a draft of it, of which nobody knows.
 *
 * It is read word by word, once: a change may write a message of any length.
 *
 * @example withoutDrafts('cannot read "/x/.trainyard/tmp/4f/0-rows.csv"') // => 'cannot read "rows.csv"'
 * @example withoutDrafts("a .trainyard/tmp/ of no draft") // => "a .trainyard/tmp/ of no draft"
 */
export function withoutDrafts(message: string): string {
  return message.replace(/[^\s"]+/g, (word) => {
    const at = word.lastIndexOf(DRAFTS);
    if (at === -1) return word;
    const below = word.slice(at + DRAFTS.length);
    const [draft] = /^[^/]+\/(\d+-)?/.exec(below) ?? [];
    return draft === undefined ? word : below.slice(draft.length);
  });
}
