import type { Random } from "../stats/random.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/**
 * A text with one slip of the keyboard: two letters that changed places, one that is gone, one that stands
 * twice, or another letter. A text of which nothing is left gets a letter.
 *
 * @example typingSlip("", { next: () => 0, uniform: () => 0, below: () => 0 }) // => "a"
 * @example typingSlip("clerk", { next: () => 0, uniform: () => 0, below: () => 0 }) // => "lcerk"
 */
export function typingSlip(text: string, random: Random): string {
  const letters = [...text];
  const letter = (): string => LETTERS[random.below(LETTERS.length)] ?? "a";
  if (letters.length === 0) return letter();
  const kind = random.below(4);
  const at = random.below(letters.length);
  const [own = "", next] = [letters[at], letters[at + 1]];
  if (kind === 0 && next !== undefined && next !== own) letters.splice(at, 2, next, own);
  else if (kind === 1 && letters.length > 1) letters.splice(at, 1);
  else if (kind === 2) letters.splice(at, 0, own);
  else letters.splice(at, 1, letter() === own ? "#" : letter());
  const slipped = letters.join("");
  return slipped === text ? `${text}${letter()}` : slipped;
}
