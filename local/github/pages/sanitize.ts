/** Text made safe to stand in HTML, in attributes too. */
export const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");

/** Elements that GitHub leaves in comments. */
const ALLOWED = new Set(
  "a b blockquote br code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p picture pre q rp rt ruby s samp section source span strike strong sub summary sup table tbody td tfoot th thead tr tt ul var wbr".split(
    " ",
  ),
);
const VOID = new Set(["br", "hr", "img", "input", "source", "wbr"]);
/** Elements that go with all that stands in them. */
const SWALLOWED = new Set(
  "script style iframe object embed noscript template textarea title xmp noembed noframes plaintext svg math select".split(
    " ",
  ),
);
const ATTRIBUTES = new Set(
  "align alt colspan dir height lang open rowspan start title valign width".split(" "),
);
/** Classes that our own rendering of Markdown sets. */
const CLASSES =
  /^(language-[\w-]+|alert|alert alert-(note|tip|important|warning|caution)|alert-title|mermaid-caption)$/;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  colon: ":",
  tab: "\t",
  newline: "\n",
  sol: "/",
};

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));?/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });

/** An address that a browser may follow or load: http, https, mailto, or one without a scheme. */
function safeAddress(value: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop them, so they must not hide a scheme
  const bare = value.replace(/[\u0000-\u0020\u007f-\u009f]/g, "");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare)?.[1]?.toLowerCase();
  return scheme === undefined || ["http", "https", "mailto"].includes(scheme) ? value.trim() : undefined;
}

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

function keptAttributes(tag: string, source: string): string {
  const kept = new Map<string, string>();
  for (const [, name = "", double, single, bare] of source.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase();
    const value = decoded(double ?? single ?? bare ?? "");
    const address = (key === "href" && tag === "a") || (key === "src" && tag === "img");
    if (address || (key === "srcset" && tag === "source")) {
      const safe = safeAddress(value);
      if (safe !== undefined && !(tag !== "a" && /^mailto:/i.test(safe))) kept.set(key, safe);
    } else if (key === "class") {
      if (CLASSES.test(value)) kept.set(key, value);
    } else if (
      tag === "input"
        ? ["checked", "disabled"].includes(key)
        : ATTRIBUTES.has(key) || (tag === "source" && key === "media")
    ) {
      kept.set(key, value);
    }
  }
  if (tag === "a") kept.set("rel", "nofollow");
  if (tag === "input") kept.set("type", "checkbox").set("disabled", "");
  return [...kept].map(([key, value]) => ` ${key}="${escapeHtml(value)}"`).join("");
}

const TOKEN = /<!--[\s\S]*?(?:-->|$)|<\/?([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>|<|[^<]+/gi;

/**
 * HTML with only what GitHub lets stand in a comment. Every tag is written anew and closed, so that a
 * comment cannot reach beyond itself. `text` may make links of what stands between tags.
 */
export function sanitize(
  html: string,
  text: (words: string, within: readonly string[]) => string = (words) => words,
): string {
  const open: string[] = [];
  let out = "";
  let swallowing: string | undefined;
  for (const [token, name, attributes = ""] of html.matchAll(TOKEN)) {
    const tag = name?.toLowerCase();
    const closes = token.startsWith("</");
    if (swallowing !== undefined) {
      if (closes && tag === swallowing) swallowing = undefined;
      continue;
    }
    if (tag === undefined) {
      if (token.startsWith("<!--")) continue;
      // Marked has escaped what is text; what is left is an ampersand of an entity, or a stray bracket.
      out += token === "<" ? "&lt;" : text(token.replace(/>/g, "&gt;"), open);
    } else if (SWALLOWED.has(tag)) {
      if (!closes && !token.endsWith("/>")) swallowing = tag;
    } else if (!ALLOWED.has(tag)) {
    } else if (VOID.has(tag)) {
      if (!closes) out += `<${tag}${keptAttributes(tag, attributes)}>`;
    } else if (!closes) {
      open.push(tag);
      out += `<${tag}${keptAttributes(tag, attributes)}>`;
    } else if (open.includes(tag)) {
      for (let last = open.pop(); last !== undefined; last = open.pop()) {
        out += `</${last}>`;
        if (last === tag) break;
      }
    }
  }
  return (
    out +
    open
      .reverse()
      .map((tag) => `</${tag}>`)
      .join("")
  );
}
