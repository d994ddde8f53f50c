import { Marked, type Tokens } from "marked";
import { escapeHtml, sanitize } from "./sanitize.ts";

const ALERT = /^\s*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*\n?/;

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    code({ text, lang }: Tokens.Code): string {
      const language = /^[\w-]+/.exec(lang ?? "")?.[0];
      const shown = `<pre><code${language ? ` class="language-${language}"` : ""}>${escapeHtml(text)}\n</code></pre>\n`;
      if (language !== "mermaid") return shown;
      return `<figure>${shown}<figcaption class="mermaid-caption">Mermaid: GitHub draws this as a diagram</figcaption></figure>\n`;
    },
    blockquote({ tokens, text }: Tokens.Blockquote): string {
      const kind = ALERT.exec(text)?.[1];
      if (kind === undefined) return `<blockquote>\n${this.parser.parse(tokens)}</blockquote>\n`;
      const title = kind.charAt(0) + kind.slice(1).toLowerCase();
      const inner = marked.parse(text.replace(ALERT, ""), { async: false });
      return `<div class="alert alert-${kind.toLowerCase()}"><p class="alert-title">${title}</p>${inner}</div>\n`;
    },
  },
});

/** What a reader can be led to from a text: people and issues that there are. */
export interface Links {
  person(login: string): string | undefined;
  issue(number: number): string | undefined;
}

const NONE: Links = { person: () => undefined, issue: () => undefined };

/** Markdown as GitHub shows it in comments: GFM, alerts, what HTML it allows, mentions and numbers as links. */
export function renderMarkdown(source: string, links: Links = NONE): string {
  const html = marked.parse(source, { async: false });
  const linked = (words: string, within: readonly string[]): string => {
    if (within.some((tag) => tag === "code" || tag === "pre" || tag === "a")) return words;
    return words
      .replace(
        /(^|[^\w/&@;])@([a-z\d](?:[a-z\d-]*[a-z\d])?)(?![\w/-])/gi,
        (whole, before: string, login: string) => {
          const to = links.person(login);
          return to ? `${before}<a class="mention" href="${escapeHtml(to)}">@${login}</a>` : whole;
        },
      )
      .replace(/(^|[\s(])#(\d+)\b/g, (whole, before: string, number: string) => {
        const to = links.issue(Number(number));
        return to ? `${before}<a href="${escapeHtml(to)}">#${number}</a>` : whole;
      });
  };
  return sanitize(html, linked);
}
