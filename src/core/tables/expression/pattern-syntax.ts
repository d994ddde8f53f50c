/** A regular expression as a tree. */
export type Node =
  | { readonly is: "read"; readonly test: (code: number) => boolean }
  | { readonly is: "start" | "end" }
  | { readonly is: "sequence" | "choice"; readonly parts: readonly Node[] }
  | { readonly is: "repeat"; readonly part: Node; readonly least: number; readonly most: number | undefined };

const MOST_REPEATS = 1000;
const MOST_NESTED = 50;

const between = (low: string, high: string) => (code: number) =>
  code >= (low.codePointAt(0) ?? 0) && code <= (high.codePointAt(0) ?? 0);
const digit = between("0", "9");
const word = (code: number): boolean =>
  digit(code) || between("a", "z")(code) || between("A", "Z")(code) || code === 95;
const space = (code: number): boolean => code === 32 || (code >= 9 && code <= 13 && code !== 11);

/** Classes of ASCII alone, as RE2 has them; capitals are their opposites. */
const CLASSES: Readonly<Record<string, (code: number) => boolean>> = { d: digit, w: word, s: space };
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v" };

/**
 * Reads a regular expression of the part that all engines share: letters, `.`, `[…]`, `\d \w \s`
 * and their capitals, `^ $`, `(…)`, `(?:…)`, `|`, `* + ? {m,n}`. No look-around, no back-reference.
 *
 * @returns the tree, or the complaint
 */
export function readPattern(pattern: string): Node | string {
  const letters = [...pattern];
  let at = 0;
  try {
    const tree = choice(0);
    return at < letters.length ? ") closes nothing" : tree;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }

  function choice(depth: number): Node {
    if (depth > MOST_NESTED) throw new PatternError("its groups nest too deep");
    const parts = [sequence(depth)];
    while (letters[at] === "|") {
      at++;
      parts.push(sequence(depth));
    }
    return { is: "choice", parts };
  }

  function sequence(depth: number): Node {
    const parts: Node[] = [];
    while (at < letters.length && letters[at] !== "|" && letters[at] !== ")") parts.push(repeated(depth));
    return { is: "sequence", parts };
  }

  function repeated(depth: number): Node {
    const part = one(depth);
    const counts = repeats();
    if (counts === undefined) return part;
    if (part.is === "start" || part.is === "end") throw new PatternError("an anchor is not repeated");
    if (letters[at] === "?") at++; // lazy: which match is found first does not matter here
    if (repeats() !== undefined) throw new PatternError("a repetition is repeated; put it in a group");
    const [least, most] = counts;
    return { is: "repeat", part, least, most };
  }

  function repeats(): [least: number, most: number | undefined] | undefined {
    const sign = letters[at];
    if (sign === "*" || sign === "+" || sign === "?") {
      at++;
      return [sign === "+" ? 1 : 0, sign === "?" ? 1 : undefined];
    }
    if (sign !== "{") return undefined;
    const found = /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(letters.slice(at, at + 14).join(""));
    if (found === null) throw new PatternError("{ begins no count; write \\{ for the sign itself");
    at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] === "" ? undefined : Number(found[3]);
    if (least > MOST_REPEATS || (most ?? 0) > MOST_REPEATS || (most ?? least) < least) {
      throw new PatternError(`{${least},${most ?? ""}} is no count from 0 to ${MOST_REPEATS}`);
    }
    return [least, most];
  }

  function one(depth: number): Node {
    const letter = letters[at++] ?? "";
    switch (letter) {
      case "^":
        return { is: "start" };
      case "$":
        return { is: "end" };
      case ".":
        return { is: "read", test: (code) => code !== 10 };
      case "(":
        return group(depth);
      case "[":
        return { is: "read", test: set() };
      case "\\":
        return { is: "read", test: escaped(false) };
      case "*":
      case "+":
      case "?":
      case "{":
        throw new PatternError(`${letter} repeats nothing; write \\${letter} for the sign itself`);
      default:
        return { is: "read", test: same(letter) };
    }
  }

  function group(depth: number): Node {
    if (letters[at] === "?") {
      if (letters[at + 1] !== ":") throw new PatternError("(? begins nothing that all engines know but (?:");
      at += 2;
    }
    const inner = choice(depth + 1);
    if (letters[at++] !== ")") throw new PatternError("( is never closed");
    return inner;
  }

  function set(): (code: number) => boolean {
    const negated = letters[at] === "^";
    if (negated) at++;
    const tests: ((code: number) => boolean)[] = [];
    while (letters[at] !== "]" || tests.length === 0) {
      const low = letters[at++];
      if (low === undefined) throw new PatternError("[ is never closed");
      if (low === "[" && letters[at] === ":")
        throw new PatternError("[: … :] is not known here; write the letters");
      const first = low === "\\" ? escaped(true) : same(low);
      if (letters[at] !== "-" || letters[at + 1] === "]") {
        tests.push(first);
        continue;
      }
      at++;
      const high = letters[at++];
      if (high === undefined) throw new PatternError("[ is never closed");
      if (low === "\\" || high === "\\") throw new PatternError("a range in [ ] goes between plain letters");
      if ((low.codePointAt(0) ?? 0) > (high.codePointAt(0) ?? 0))
        throw new PatternError(`${low}-${high} is no range`);
      tests.push(between(low, high));
    }
    at++;
    return (code) => tests.some((test) => test(code)) !== negated;
  }

  function escaped(inSet: boolean): (code: number) => boolean {
    const letter = letters[at++];
    if (letter === undefined) throw new PatternError("\\ stands at the end");
    const known = CLASSES[letter.toLowerCase()];
    if (known !== undefined && /[dwsDWS]/.test(letter)) {
      return letter === letter.toLowerCase() ? known : (code) => !known(code);
    }
    if (Object.hasOwn(CONTROLS, letter)) return same(CONTROLS[letter] ?? "");
    if (/[A-Za-z0-9]/.test(letter) || (letter.codePointAt(0) ?? 0) > 127) {
      throw new PatternError(`\\${letter} is not known here${inSet ? " in [ ]" : ""}`);
    }
    return same(letter);
  }
}

function same(letter: string): (code: number) => boolean {
  const wanted = letter.codePointAt(0);
  return (code) => code === wanted;
}

class PatternError extends Error {}
