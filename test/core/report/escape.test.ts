import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  htmlText,
  markdownCode,
  markdownText,
  mermaidText,
  plain,
  terminalText,
} from "../../../src/core/report/escape.ts";
import { HOSTILE_NAMES } from "./make-cases.ts";

/* Strings put together at random from pieces that mean something somewhere. */
const PIECES = [
  ..."\\`*_~[]()<>#|!$@&;:/'\"{}^%=+-. \n\r\tab19é漢",
  ...["<!--", "-->", "@user", "#12", "GH-7", "https://", "www.", "</details>", "```", "&lt;", "&#64;", "\\|"],
  ...[
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u001b[31m",
    "\u0000",
    "\u009b",
    "\ud800",
    "\u{e0041}",
  ],
  ...["\u0301", "abc1234", "%%{init}%%", "javascript:", "<img src=x>", ":tada:", "a@b.c"],
];

function* strings(count: number): Generator<string> {
  yield* HOSTILE_NAMES;
  let state = 12345;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let made = 0; made < count; made += 1) {
    yield Array.from({ length: 1 + draw(12) }, () => PIECES[draw(PIECES.length)]).join("");
  }
}

const INVISIBLE = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
const decoded = (html: string): string =>
  html.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
const withoutBreaks = (text: string): string => text.replaceAll("\u200b", "");

describe("plain text", () => {
  it("is one line without anything that cannot be seen", () => {
    for (const text of strings(3000)) {
      assert.doesNotMatch(plain(text), INVISIBLE);
      assert.equal(plain(text), plain(text).trim());
      assert.doesNotMatch(plain(text), /\p{M}{5}/u);
      assert.equal(plain(plain(text)), plain(text));
    }
  });

  it("has at most so many characters, with head and tail", () => {
    for (const limit of [1, 2, 3, 10, 77]) {
      for (const text of strings(200)) assert.ok([...plain(text, limit)].length <= limit);
    }
    assert.equal(plain(`start${"x".repeat(1e6)}end`, 13), "startxxx…xend");
  });

  it("keeps the joiners that a script needs, and no other", () => {
    assert.equal(plain("می\u200cخواهم"), "می\u200cخواهم");
    assert.equal(plain("क\u094d\u200dष"), "क\u094d\u200dष");
    assert.equal(plain("ma\u200dle"), "ma�le");
  });
});

describe("Markdown prose", () => {
  it("shows what was written, and holds nothing that Markdown or HTML reads", () => {
    for (const text of strings(3000)) {
      const markdown = markdownText(text);
      assert.equal(withoutBreaks(decoded(markdown)), plain(text), "nothing is lost");
      const bare = markdown.replace(/&#\d+;/g, "");
      assert.doesNotMatch(bare, /[<>&"`*~[\]|\\!$#@{}^\n]/, markdown);
      assert.doesNotMatch(bare, /(^|[^\p{L}\p{N}])_|_($|[^\p{L}\p{N}])/u, markdown);
      assert.doesNotMatch(markdown, /^([-+=]|\d+[.)](\s|$))/, markdown);
    }
  });

  it("holds nothing that GitHub links, pings or draws after rendering", () => {
    for (const text of strings(3000)) {
      const shown = decoded(markdownText(text));
      assert.doesNotMatch(shown, /@[\w-]|#\d|:\/\/|www\.|\bGH-\d|:[\w+-]+:/i, shown);
      for (const [word] of shown.matchAll(/\b[0-9a-f]{7,}\b/gi))
        assert.doesNotMatch(word, /\d[a-f]|[a-f]\d/i);
    }
  });
});

describe("Markdown code", () => {
  it("is one code span that shows what was written", () => {
    for (const text of strings(3000)) {
      const markdown = markdownCode(text);
      const ticked = /^`([^`|\n]+)`$/.exec(markdown);
      const tagged = /^<code>([^<>`|\\*[\]!@_~$\n"']*)<\/code>$/.exec(markdown);
      const shown =
        ticked?.[1] ?? (tagged?.[1] === undefined ? undefined : withoutBreaks(decoded(tagged[1])));
      assert.equal(shown, plain(text) === "" ? "(empty)" : plain(text), markdown);
      assert.doesNotMatch(markdown.slice(6), /<!--|-->/);
    }
  });

  it("stays readable where it can", () => {
    assert.equal(
      markdownCode("equalized_odds_difference by gender <= 0.15"),
      "`equalized_odds_difference by gender <= 0.15`",
    );
  });
});

describe("HTML text", () => {
  it("opens no tag, ends no attribute, and shows what was written", () => {
    for (const text of strings(3000)) {
      const html = htmlText(text);
      assert.doesNotMatch(html, /[<>"']|&(?!(amp|lt|gt|quot|#39);)/, html);
      const names: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
      assert.equal(
        html.replace(/&([a-z#0-9]+);/g, (_, name: string) => names[name] ?? ""),
        plain(text),
      );
    }
  });
});

describe("Mermaid labels", () => {
  it("are letters, digits and harmless marks, and never empty", () => {
    for (const text of strings(3000)) {
      assert.match(mermaidText(text), /^[\p{L}\p{N}\p{M} _.,()+…–·-]+$/u);
      assert.doesNotMatch(mermaidText(text), /%|"|`|;|--/);
    }
  });
});

describe("terminal text", () => {
  it("cannot move the cursor", () => {
    for (const text of strings(3000)) assert.doesNotMatch(terminalText(text), /\p{Cc}/u);
  });
});
