import { htmlText } from "../escape.ts";
import { STYLE } from "./style.ts";

/**
 * A whole page, which asks nothing of the network and runs no script.
 *
 * @param title as text
 * @param body as markup: it holds the element whose id is `main`
 */
export function pageHtml(title: string, body: string): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
    `<title>${htmlText(title)}</title>`,
    `<style>${STYLE}</style></head><body>`,
    '<a class="skip" href="#main">Skip to what was found</a>',
    body,
    "<footer>Made by Trainyard from report.json, which holds every number on this page.</footer></body></html>",
    "",
  ].join("\n");
}
