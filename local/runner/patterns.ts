/**
 * Whether a branch, tag or path is meant by the patterns of a trigger: `*` without `/`, `**` with it,
 * `?` and `+` for what stands before them, `[a-z]`, and `!` to take back; the last that matches counts.
 *
 * @example matches(["releases/**", "!releases/**-alpha"], "releases/10-alpha") // => false
 */
export function matches(patterns: readonly string[], name: string): boolean {
  return patterns.reduce((meant, pattern) => {
    const negative = pattern.startsWith("!");
    return expressionOf(negative ? pattern.slice(1) : pattern).test(name) ? !negative : meant;
  }, false);
}

function expressionOf(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|[?+]|\[[^\]]*\]|\\.|[\s\S]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?" || part === "+") return part;
    if (part.length > 1) return part;
    return part.replace(/[.^$|(){}\\/[\]]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}
