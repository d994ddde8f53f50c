import { markdownText } from "../report/escape.ts";

/** What a contract says for its model's card; each a list of texts. */
export interface CardWords {
  readonly intended_use?: readonly string[] | undefined;
  readonly out_of_scope?: readonly string[] | undefined;
  readonly limitations?: readonly string[] | undefined;
  readonly ethical_considerations?: readonly string[] | undefined;
  readonly license?: string | undefined;
  readonly language?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly datasets?: readonly string[] | undefined;
}

/** What it is for, and what it is not for; under the headings of Hugging Face's template. */
export function usesOf(words: CardWords): string[] {
  return section("## Uses", [
    ["### Intended use", words.intended_use],
    ["### Out-of-scope use", words.out_of_scope],
  ]);
}

/** What it cannot do, and whom it may harm. */
export function limitsOf(words: CardWords): string[] {
  return section("## Bias, risks and limitations", [
    ["### Limitations", words.limitations],
    ["### Ethical considerations", words.ethical_considerations],
  ]);
}

function section(
  heading: string,
  parts: readonly (readonly [string, readonly string[] | undefined])[],
): string[] {
  const told = parts.flatMap(([title, texts]) =>
    texts === undefined || texts.length === 0 ? [] : [title, listOf(texts)],
  );
  return told.length === 0 ? [] : [heading, ...told];
}

/** One text stands for itself, several are a list. */
function listOf(texts: readonly string[]): string {
  const [only, ...more] = texts.map((text) => markdownText(text, 5000));
  return more.length === 0 ? (only ?? "") : [only, ...more].map((text) => `- ${text}`).join("\n");
}
