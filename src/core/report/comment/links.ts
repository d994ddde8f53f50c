/** What a link in Markdown may hold: nothing that ends it or hides another. */
const ADDRESS =
  /^https?:\/\/[A-Za-z0-9.:-]+(\/[A-Za-z0-9._~%/-]*)?(\?[A-Za-z0-9._~%=&-]*)?(#[A-Za-z0-9._-]*)?$/;

/**
 * A link whose text is already Markdown; the text alone where the address is none of the web.
 *
 * @example linked("`a`", "https://github.com/acme/wages/pull/3") // => "[`a`](https://github.com/acme/wages/pull/3)"
 * @example linked("a", "javascript:alert(1)") // => "a"
 * @example linked("a", undefined) // => "a"
 */
export function linked(markdown: string, address: string | undefined): string {
  return address !== undefined && ADDRESS.test(address) ? `[${markdown}](${address})` : markdown;
}

/** Where commits and files of the repository are looked at. */
export interface Places {
  /** `https://github.com/acme/wages` */
  readonly repository: string;
  readonly pull: number;
}

/**
 * A commit of the pull request, short, as a link to what it changes.
 *
 * @example commitLink({ repository: "https://github.com/acme/wages", pull: 3 }, "0123456789abcdef0123456789abcdef01234567") // => "[`0123456`](https://github.com/acme/wages/pull/3/commits/0123456789abcdef0123456789abcdef01234567)"
 */
export function commitLink({ repository, pull }: Places, commit: string): string {
  return linked(`\`${commit.slice(0, 7)}\``, `${repository}/pull/${pull}/commits/${commit}`);
}

/** A commit of the base branch, short, as a link. */
export function baseLink({ repository }: Places, commit: string): string {
  return linked(`\`${commit.slice(0, 7)}\``, `${repository}/commit/${commit}`);
}

/**
 * A line of a file at a commit, as a link's address.
 *
 * @example lineAddress({ repository: "https://github.com/a/b", pull: 1 }, "0123", "a b/trainyard.yaml", 4) // => "https://github.com/a/b/blob/0123/a%20b/trainyard.yaml#L4"
 */
export function lineAddress(
  { repository }: Places,
  commit: string,
  file: string,
  line: number | null,
): string {
  const path = file.split("/").map(encodeURIComponent).join("/");
  return `${repository}/blob/${commit}/${path}${line === null ? "" : `#L${line}`}`;
}
