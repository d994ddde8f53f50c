/**
 * Whether a CODEOWNERS file gives a path an owner. The last line that matches decides, and may take the
 * owner away.
 *
 * Patterns are those of `.gitignore`, without `!`, `[ ]` and `\`, as GitHub says.
 *
 * @example isOwned("*.yaml @acme/ml\n", "models/trainyard.yaml") // => true
 * @example isOwned("* @acme/ml\n/trainyard.yaml\n", "trainyard.yaml") // => false
 * @example isOwned("docs/* @ada\n", "docs/a/b.md") // => false
 * @example isOwned("/.github/ @ada # us\n", ".github/workflows/a.yml") // => true
 * @example isOwned("# trainyard.yaml @ada\n", "trainyard.yaml") // => false
 */
export function isOwned(text: string, path: string): boolean {
  return ownersOf(text, path).length > 0;
}

/**
 * The owners that a CODEOWNERS file gives a path; none where the last line that matches takes them away.
 *
 * @example ownersOf("* @ada\n/trainyard.yaml @acme/ml ben@example.com\n", "trainyard.yaml") // => ["@acme/ml", "ben@example.com"]
 * @example ownersOf("* @ada\n/trainyard.yaml\n", "trainyard.yaml") // => []
 */
export function ownersOf(text: string, path: string): readonly string[] {
  let found: readonly string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [pattern, ...owners] = line
      .replace(/(^|\s)#.*$/, "")
      .trim()
      .split(/\s+/);
    if (pattern === undefined || pattern === "" || !matches(pattern, path)) continue;
    found = owners.filter((owner) => owner.includes("@"));
  }
  return found;
}

function matches(pattern: string, path: string): boolean {
  const anchored = pattern.replace(/\/$/, "").includes("/");
  const body = pattern
    .replace(/^\//, "")
    .replace(/\/$/, "")
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => GLOBS[part] ?? part.replace(/[.+^${}()|[\]\\]/g, "\\$&"))
    .join("");
  const below = pattern.endsWith("/") ? "/.*" : /(^|\/)\*$/.test(pattern) && anchored ? "" : "(?:/.*)?";
  return new RegExp(`^${anchored ? "" : "(?:.*/)?"}${body}${below}$`).test(path);
}

const GLOBS: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};
