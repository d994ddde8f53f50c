/*
 * Text from data or contract on its way into a report. Everything that a stranger could have written
 * goes through one of these, one for each place where text can stand.
 */

// Invisible, reordering or controlling characters: C0 and C1 controls, soft hyphen, Arabic letter mark,
// Mongolian vowel separator, zero-width and bidi marks, invisible operators, BOM, annotations, tags,
// and halves of surrogate pairs.
const INVISIBLE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]|\u034f|\u17b4|\u17b5|[\u180b-\u180d]|\u180f/gu;
// A (non-)joiner is part of how Persian or Hindi is written, and a hiding place anywhere else.
const STRAY_JOINER =
  /(?<!\p{L}|\p{M}|\p{Extended_Pictographic})[\u200c\u200d]|(?<=[^\u0250-\u{10ffff}])[\u200c\u200d]/gu;
const JOINER = /[\u200c\u200d]/;
const MARK = /\p{M}/u;
const SPACES = /[\s\u0085\u2028\u2029]+/gu;
// More marks on one letter than a language uses would run over the lines around it.
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;
const REPLACEMENT = "\ufffd";
/** Words of ASCII with single spaces between them: nothing to clean. */
const VISIBLE = /^[!-~]+(?: [!-~]+)*$/;

/** So many characters of one text are shown, unless a place has less room. */
const LIMIT = 300;

/**
 * One line of visible text: white space becomes one space, what cannot be seen becomes �, and what is
 * too long loses its middle.
 *
 * @example plain("a\nb\u202e") // => "a b�"
 * @example plain("abcdefghij", 6) // => "abcd…j"
 * @example plain("") // => ""
 */
export function plain(text: string, limit: number = LIMIT): string {
  if (text.length <= limit && VISIBLE.test(text)) return text; // most names, and all numbers
  // what will never be shown need not be cleaned
  const head = text.length > 8 * limit ? `${text.slice(0, 4 * limit)}${text.slice(-4 * limit)}` : text;
  const clean = cleaned(head.replace(SPACES, " ").trim());
  if (clean.length <= limit) return clean;
  const characters = [...clean];
  if (characters.length <= limit) return clean;
  const tail = Math.floor((limit - 1) / 3);
  return `${characters.slice(0, limit - 1 - tail).join("")}…${tail === 0 ? "" : characters.slice(-tail).join("")}`;
}

/** Each step is taken only where there is something for it: of long lists of names few need any. */
function cleaned(text: string): string {
  const visible = text.replace(INVISIBLE, REPLACEMENT);
  const joined = JOINER.test(visible) ? visible.replace(STRAY_JOINER, REPLACEMENT) : visible;
  return MARK.test(joined) ? joined.replace(PILED_MARKS, "$1") : joined;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Text for HTML and SVG, between tags or inside a quoted attribute.
 *
 * @example htmlText('<b title="x">') // => "&lt;b title=&quot;x&quot;&gt;"
 */
export function htmlText(text: string, limit?: number): string {
  return plain(text, limit).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

const entity = (character: string): string => `&#${character.codePointAt(0)};`;

// Seven or more hexadecimal digits, letters and numbers both: what GitHub takes for a commit.
const COMMIT = /\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,}\b/gi;

/** Breaks what GitHub would turn into a link, a ping or a picture after the Markdown is rendered. */
function unlinked(text: string): string {
  return text
    .replace(/[@#]/g, "$&\u200b")
    .replace(/:(?=\/|[\w+-]+:)/g, ":\u200b")
    .replace(/www(?=\.)/gi, "$&\u200b")
    .replace(/\bGH(?=-\d)/gi, "$&\u200b")
    .replace(COMMIT, (name) => name.replace(/.{6}(?=.)/g, "$&\u200b"));
}

/**
 * Text for prose in GitHub's Markdown, a table cell included: it can format, link, mention, open or
 * close nothing. What has a meaning becomes a character reference; what GitHub links after that
 * (`@name`, `#1`, addresses, commits) or draws (`:tada:`) is broken by a zero-width space.
 *
 * @example markdownText("a|b *c*") // => "a&#124;b &#42;c&#42;"
 * @example markdownText("<!-- x -->") // => "&#60;&#33;-- x --&#62;"
 * @example markdownText("- 1") // => "&#45; 1"
 */
export function markdownText(text: string, limit?: number): string {
  return unlinked(plain(text, limit))
    .replace(/[&<>"`*~[\]|\\!$#@{}^]|:(?=\u200b)/g, entity)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, entity)
    .replace(/^[-+=]/, entity)
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits: string, end: string) => digits + entity(end));
}

/**
 * A name or condition as code in GitHub's Markdown, a table cell included.
 *
 * Inside code nothing is linked or pinged. Backticks where they can hold it, else the `<code>` tag
 * and character references, since a table reads backslashes and pipes before it reads code.
 *
 * @example markdownCode("roc_auc >= 0.80") // => "`roc_auc >= 0.80`"
 * @example markdownCode("a|b") // => "<code>a&#124;b</code>"
 * @example markdownCode("") // => "`(empty)`"
 */
export function markdownCode(text: string, limit?: number): string {
  const clean = plain(text, limit);
  if (clean === "") return "`(empty)`";
  if (!/[`|\\&$]|<[!/?a-z]|--+>|:\/\/|www\./i.test(clean)) return `\`${clean}\``;
  return codeTag(clean);
}

/**
 * The same where GitHub reads no Markdown: in the summary of a fold.
 *
 * @example summaryCode("hours < 20") // => "<code>hours &#60; 20</code>"
 * @example summaryCode("") // => "<code>&#40;empty&#41;</code>"
 */
export function summaryCode(text: string, limit?: number): string {
  return codeTag(plain(text, limit) || "(empty)");
}

const codeTag = (clean: string): string =>
  `<code>${unlinked(clean).replace(/[^\p{L}\p{N}\p{M}\p{Zs}\u{80}-\u{10ffff}.,;+%=/-]/gu, entity)}</code>`;

/**
 * Text for a quoted label of a Mermaid chart: letters, digits and harmless marks; the rest becomes ·,
 * as Mermaid looks for directives (`%%{…}%%`), quotes and HTML before it parses.
 *
 * @example mermaidText('a"b%%{x}') // => "a·b···x·"
 * @example mermaidText("") // => "(empty)"
 */
export function mermaidText(text: string, limit = 24): string {
  return plain(text, limit).replace(/[^\p{L}\p{N}\p{M} _.,()+…–-]|--+/gu, "·") || "(empty)";
}

/**
 * Text for a terminal: one line, no control character, so that data cannot move the cursor or colour.
 *
 * @example terminalText("a\u001b[31mb") // => "a�[31mb"
 */
export function terminalText(text: string, limit?: number): string {
  return plain(text, limit);
}
