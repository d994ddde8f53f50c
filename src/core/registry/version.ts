/*
 * Versions, `v1.2.0`: which of two is the later one (Semantic Versioning 2, section 11), and which comes
 * next. Their numbers may have more digits than a number of ours holds.
 */

/** Which part of a version grows. */
export const BUMPS = ["major", "minor", "patch"] as const;
/** Which part of a version grows. */
export type Bump = (typeof BUMPS)[number];

/** What the first version of a model is called. */
export const FIRST_VERSION = "v1.0.0";

/**
 * Negative where `a` comes before `b`, positive where it comes after. What follows a `+` does not count.
 *
 * @example compareVersions("v1.10.0", "v1.9.9") > 0 // => true
 * @example compareVersions("v1.0.0-rc.2", "v1.0.0-rc.10") < 0 // => true
 * @example compareVersions("v1.0.0-rc.1", "v1.0.0") < 0 // => true
 * @example compareVersions("v1.0.0+a", "v1.0.0+b") // => 0
 */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < 3; i++) {
    const order = compareNumbers(one.numbers[i] ?? "0", other.numbers[i] ?? "0");
    if (order !== 0) return order;
  }
  if (one.before.length === 0 || other.before.length === 0) return other.before.length - one.before.length;
  for (let i = 0; i < Math.max(one.before.length, other.before.length); i++) {
    const [word, against] = [one.before[i], other.before[i]];
    if (word === undefined || against === undefined) return word === undefined ? -1 : 1;
    const order = compareWords(word, against);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * The version that follows the latest of some; the first one where there is none.
 *
 * @example nextVersion([], "minor") // => "v1.0.0"
 * @example nextVersion(["v1.2.3", "v1.10.0"], "minor") // => "v1.11.0"
 * @example nextVersion(["v1.2.3"], "major") // => "v2.0.0"
 * @example nextVersion(["v2.0.0-rc.1"], "minor") // => "v2.0.0"
 */
export function nextVersion(versions: readonly string[], bump: Bump): string {
  const [latest] = [...versions].sort((a, b) => compareVersions(b, a));
  if (latest === undefined) return FIRST_VERSION;
  const { numbers, before } = partsOf(latest);
  const [major = 0n, minor = 0n, patch = 0n] = numbers.map(BigInt);
  const coming = before.length > 0; // a candidate is followed by what it was a candidate for
  switch (bump) {
    case "major":
      return coming && minor === 0n && patch === 0n ? `v${major}.0.0` : `v${major + 1n}.0.0`;
    case "minor":
      return coming && patch === 0n ? `v${major}.${minor}.0` : `v${major}.${minor + 1n}.0`;
    case "patch":
      return coming ? `v${major}.${minor}.${patch}` : `v${major}.${minor}.${patch + 1n}`;
  }
}

interface Parts {
  readonly numbers: readonly string[];
  /** What stands behind a `-`: such a version comes before the one without. */
  readonly before: readonly string[];
}

function partsOf(version: string): Parts {
  const [, numbers = "0.0.0", before] = /^v?([0-9.]+)(?:-([^+]*))?/.exec(version) ?? [];
  return { numbers: numbers.split("."), before: before === undefined ? [] : before.split(".") };
}

/** Whole numbers without leading zeros: the longer one is the larger one. */
function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareWords(a: string, b: string): number {
  const [one, other] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (one && other) return compareNumbers(a, b);
  if (one !== other) return one ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
