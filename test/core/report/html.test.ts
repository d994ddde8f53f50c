import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assembleReport } from "../../../src/core/report/assemble.ts";
import { fitParts } from "../../../src/core/report/html/fit.ts";
import { renderHtml } from "../../../src/core/report/html.ts";
import { renderPages } from "../../../src/core/report/pages.ts";
import { judgementOf, modelOf } from "./comment-cases.ts";
import { flood } from "./flood.ts";
import { CASES } from "./make-cases.ts";

type Parts = Parameters<typeof assembleReport>[0];
const made = (name: string): string => renderHtml(assembleReport(CASES[name] as Parts));

const VOID = new Set(["meta", "br", "wbr"]);
const ELEMENTS = new Set(
  "html head meta title style body main nav footer header a details summary h1 h2 h3 p div span section small strong b code pre br wbr table caption thead tbody tr th td ul li dl dt dd svg desc text line path rect circle".split(
    " ",
  ),
);
const ATTRIBUTES =
  /^(lang|href|charset|http-equiv|content|name|class|id|role|tabindex|scope|aria-[a-z]+|viewBox|width|height|x|y|x1|x2|y1|y2|cx|cy|r|rx|d|transform|text-anchor|fill-opacity)$/;

/* Reads the page tag by tag: all closed in order, and only what is known to be harmless. */
function check(html: string): void {
  const open: string[] = [];
  const ids: string[] = [];
  const body = html.replace(/<style>[\s\S]*?<\/style>/, "<style></style>").replace("<!doctype html>", "");
  for (const [whole, close, name = "", attributes = "", empty] of body.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[\w-]+="[^"<>]*")*)\s*(\/?)>/gi,
  )) {
    assert.ok(ELEMENTS.has(name), whole);
    for (const [, attribute = "", value = ""] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) {
      assert.match(attribute, ATTRIBUTES, whole);
      if (attribute === "id") ids.push(value);
      if (/^([xyrd]|[xyc][xy12]|width|height|viewBox)$/.test(attribute))
        assert.doesNotMatch(value, /NaN|Infinity|e/, whole);
    }
    if (close === "/") assert.equal(open.pop(), name, whole);
    else if (empty !== "/" && !VOID.has(name)) open.push(name);
  }
  assert.deepEqual(open, []);
  const text = body.replace(/<(\/?)([a-z][a-z0-9]*)((?:\s+[\w-]+="[^"<>]*")*)\s*(\/?)>/gi, "");
  assert.doesNotMatch(text, /[<>]/, "every < is a tag that was read");
  assert.equal(new Set(ids).size, ids.length, "ids are unique");
  for (const [, named = ""] of html.matchAll(/aria-labelledby="([^"]*)"/g)) {
    for (const id of named.split(" ")) assert.ok(ids.includes(id), id);
  }
}

describe("the page", () => {
  for (const name of Object.keys(CASES)) it(`is sound: ${name}`, () => check(made(name)));

  it("asks nothing of the network and runs nothing", () => {
    const html = made("hostile");
    assert.match(
      html,
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:/,
    );
    assert.doesNotMatch(
      html,
      /<script|<img|<link|<iframe|<a (?!(class="skip" )?href="#[a-z0-9-]+">)|\son\w+="|url\(|@import|javascript:[^a]/i,
    );
  });

  it("can be heard: tables with scopes, pictures with names, one first heading", () => {
    const html = made("binary-pass");
    assert.equal((html.match(/<h1>/g) ?? []).length, 1);
    assert.doesNotMatch(html, /<th(?! scope="(row|col)")[ >]/);
    for (const [svg] of html.matchAll(/<svg[^>]*>/g))
      assert.match(svg, /role="img" aria-labelledby|aria-hidden="true"/);
    assert.ok((html.match(/<desc /g) ?? []).length > 10);
  });

  it("says verdicts in words, not by colour alone", () => {
    for (const name of Object.keys(CASES)) {
      for (const [, word] of made(name).matchAll(
        /<span class="mark" aria-hidden="true">.<\/span>(<span class="word">[^<]+|[^<]*)</g,
      )) {
        assert.notEqual(word, "");
      }
    }
    assert.match(made("inconclusive"), /<span class="word">Inconclusive<\/span>/);
    assert.match(made("empty"), /<span class="word">Not judged: no gates<\/span>/);
  });

  it("has the plots that the task has", () => {
    const plots = (name: string) =>
      [...made(name).matchAll(/<svg[^>]*aria-labelledby="([a-z-]+)-t /g)].map(([, id]) => id);
    const all = (name: string) => plots(name).filter((id) => !/^(gate|metric|rate)/.test(id ?? ""));
    assert.deepEqual(all("binary-pass"), ["roc", "precision-recall", "calibration", "confusion", "loss"]);
    assert.deepEqual(all("regression"), ["observed", "residuals", "loss"]);
    assert.deepEqual(all("multiclass"), ["confusion", "loss"]);
    assert.deepEqual(all("empty"), []);
  });

  it("leads to its parts, and past them", () => {
    const html = made("binary-fail");
    for (const [, id] of html.matchAll(/href="#([^"]*)"/g)) assert.ok(html.includes(` id="${id}"`), id);
    assert.match(html, /<body>\s*<a class="skip" href="#main">/);
    for (const landmark of ["<header ", "<nav ", "<main ", "<footer>"]) {
      assert.equal(html.split(landmark).length, 2, landmark);
    }
  });

  it("has each picture's numbers as a table", () => {
    const html = made("binary-pass");
    for (const caption of ["ROC curve", "Precision and recall", "Confusion matrix", "Loss while training"]) {
      assert.ok(html.includes(`<caption>${caption}</caption>`), caption);
    }
    assert.match(made("regression"), /<caption>Predicted and observed<\/caption>/);
  });
});

describe("a page of far more than fits", () => {
  for (const rows of [500]) {
    it(`stays sound and below 2 MB with ${rows} rows of everything`, () => {
      const html = renderHtml(flood(rows));
      check(html);
      assert.ok(Buffer.byteLength(html) < 2_000_000, String(Buffer.byteLength(html)));
      assert.match(html, /The first [\d,]+ of [\d,]+; report\.json has all of them/);
      assert.match(html, /<span class="word">Fail<\/span>/);
    });
  }

  it("stays sound and below 2 MB of many models, each id once", () => {
    const report = flood(12);
    const models = Array.from({ length: 25 }, (_, index) =>
      index < 2
        ? modelOf("hostile", { model: `m${index}`, report, verdict: report.verdict })
        : modelOf("binary-pass", { model: `m${index}` }),
    );
    const html = renderPages(judgementOf(models));
    check(html);
    assert.ok(Buffer.byteLength(html) < 2_000_000, String(Buffer.byteLength(html)));
    for (const [, id] of html.matchAll(/href="#([^"]*)"/g)) assert.ok(html.includes(` id="${id}"`), id);
  });
});

describe("a test of a difference", () => {
  it("stands beside it among all metrics, and in no other place", () => {
    const parts = CASES["binary-fail"] as Parts;
    const test = { method: "McNemar, exact", p: 0.0423, detail: "12 rows <only> the candidate" };
    const metrics = parts.metrics.map((metric) =>
      metric.name === "roc_auc" && metric.difference !== null
        ? { ...metric, difference: { ...metric.difference, test } }
        : metric,
    );
    const html = renderHtml(assembleReport({ ...parts, metrics }));
    check(html);
    assert.equal(html.split("p = 0.042 (McNemar, exact): 12 rows &lt;only&gt; the candidate").length, 2);
  });
});

describe("a page among many", () => {
  it("makes no table longer than its room could hold", () => {
    const asked: number[] = [];
    const render = (rows: number): string => {
      asked.push(rows);
      return "x".repeat(rows);
    };
    const { parts, left } = fitParts([{ id: "a", title: "A", render }], 50, 40);
    assert.deepEqual([asked, parts[0]?.html.length, left], [[30], 30, 0]);
    assert.equal(fitParts([{ id: "a", title: "A", render }], 50, 1).parts[0]?.html.length, 3);
  });
});
