/** Hides secrets in everything that is shown. */
export interface Masks {
  /** A secret, and each of its lines, as they are and as JSON and an address write them. */
  add(secret: string): void;
  hide(text: string): string;
}

const HIDDEN = "***";

const spellings = (line: string): readonly string[] => [
  line,
  JSON.stringify(line).slice(1, -1),
  encodeURIComponent(line),
];

/** Opens the masks of one job. What is empty or blank hides nothing. */
export function openMasks(): Masks {
  let known: readonly string[] = [];
  return {
    add(secret) {
      const lines = [secret, ...secret.split(/\r?\n/)]
        .map((line) => line.trim())
        .filter((line) => line !== "");
      known = [...new Set([...known, ...lines.flatMap(spellings)])].sort((a, b) => b.length - a.length);
    },
    hide: (text) => known.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text),
  };
}
