/**
 * The word that was most likely meant, or `undefined` when none is near enough to be worth a guess.
 *
 * A word is near when it is at most a third of its length in typing slips away (insert, delete, replace,
 * swap of neighbours; letter case does not count). A word that differs only by `_`, `-` or
 * spaces is nearest of all. Failing that, words that share a whole part between
 * underscores or hyphens count as near, as in `auc` for `roc_auc`. Of equally near words the first wins.
 *
 * @example nearest("epoch", ["epochs", "seed"]) // => "epochs"
 * @example nearest("f1_score", ["accuracy", "f1"]) // => "f1"
 * @example nearest("f_1", ["accuracy", "f1"]) // => "f1"
 * @example nearest("banana", ["epochs", "seed"]) // => undefined
 * @example nearest("ROC_AUC", ["roc_auc"]) // => "roc_auc"
 */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const asked = word.toLowerCase().slice(0, LONGEST);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const known = candidate.toLowerCase();
    const allowed = Math.max(1, Math.floor(Math.max(asked.length, known.length) / 3));
    if (Math.abs(asked.length - known.length) > allowed) continue;
    const slips = bare(asked) === bare(known) ? 0 : editDistance(asked, known);
    // Words of one or two letters differ by a third of nothing: only their letter case is forgiven.
    const enough = known.length > 2 && asked.length > 1 ? slips <= allowed : slips === 0;
    if (enough && slips < least) [best, least] = [candidate, slips];
  }
  return best ?? sharingParts(asked, words);
}

/** No key or metric is longer; a hostile word of a megabyte is not compared letter by letter. */
const LONGEST = 80;

function sharingParts(asked: string, words: Iterable<string>): string | undefined {
  const parts = new Set(partsOf(asked));
  let best: string | undefined;
  let most = 0;
  for (const candidate of words) {
    const own = partsOf(candidate.toLowerCase());
    const shared = own.filter((part) => parts.has(part)).length / Math.max(own.length, parts.size);
    if (shared > most) [best, most] = [candidate, shared];
  }
  return best;
}

const bare = (word: string) => word.replaceAll(/[_\-\s]/g, "");

const partsOf = (word: string) => word.split(/[_\-\s]+/).filter((part) => part.length > 1);

/**
 * How many slips of typing lie between two words: letters inserted, deleted, replaced, or two neighbours
 * swapped (the restricted Damerau–Levenshtein distance, also called optimal string alignment).
 *
 * @example editDistance("gender", "gednre") // => 2
 * @example editDistance("", "abc") // => 3
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let slips = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) slips = Math.min(slips, (beforeLast[j - 2] ?? 0) + 1);
      row.push(slips);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
