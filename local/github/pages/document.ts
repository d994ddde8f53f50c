import type { Repository } from "../world.ts";
import { escapeHtml } from "./sanitize.ts";
import { STYLE } from "./style.ts";

/**
 * One HTML document that needs nothing else, and runs nothing.
 *
 * @param title as text
 * @param body as HTML
 */
export function document(repository: Repository, title: string, body: string): string {
  const name = escapeHtml(repository.fullName).replace("/", " / ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src http: https:">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="bar"><b>${name}</b> ${repository.private ? '<span class="tag">Private</span>' : '<span class="tag">Public</span>'}<span class="local">local GitHub</span></header>
<main>
${body}
</main>
</body>
</html>
`;
}
