import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { ownersOf } from "../../../local/github/code-owners.ts";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { renderMarkdown } from "../../../local/github/pages/markdown.ts";
import { renderPullPage } from "../../../local/github/pages/pages.ts";
import { sanitize } from "../../../local/github/pages/sanitize.ts";
import { client, put } from "./client.ts";

describe("Markdown as the local GitHub shows it", () => {
  it("knows tables, task lists, details, alerts and diagrams", () => {
    assert.match(renderMarkdown("| a | b |\n| --- | ---: |\n| 1 | 2 |"), /<td align="right">2<\/td>/);
    assert.match(renderMarkdown("- [x] done"), /<input checked="" disabled="" type="checkbox"> done/);
    assert.match(
      renderMarkdown("<details><summary>More</summary>\n\n**bold**\n\n</details>"),
      /<details><summary>More<\/summary>[\s\S]*<strong>bold<\/strong>[\s\S]*<\/details>/,
    );
    assert.match(
      renderMarkdown("> [!WARNING]\n> Look *out*"),
      /<div class="alert alert-warning"><p class="alert-title">Warning<\/p><p>Look <em>out<\/em>/,
    );
    assert.match(
      renderMarkdown("```mermaid\npie\n```"),
      /<figure><pre><code class="language-mermaid">pie\n<\/code><\/pre>[\s\S]*<figcaption/,
    );
  });

  it("links people and issues that there are, outside of code", () => {
    const links = {
      person: (login: string) => (login === "ada" ? "/ada" : undefined),
      issue: (number: number) => (number === 7 ? "/7" : undefined),
    };
    assert.equal(
      renderMarkdown("@ada @ada/team @everyone #7 #8 `@ada` a@ada.org", links).trim(),
      '<p><a class="mention" href="/ada">@ada</a> @ada/team @everyone <a href="/7">#7</a> #8 <code>@ada</code> <a href="mailto:a@ada.org" rel="nofollow">a@ada.org</a></p>',
    );
  });

  it("lets nothing through that could act", () => {
    const cases: Readonly<Record<string, string>> = {
      "<script>alert(1)</script>x": "x",
      '<img src="x" onerror="alert(1)">': '<img src="x">',
      "<img src=data:image/svg+xml;base64,xx>": "<img>",
      '<a href="java\nscript:alert(1)">x</a>': '<a rel="nofollow">x</a>',
      '<a href="&#106;avascript&colon;alert(1)">x</a>': '<a rel="nofollow">x</a>',
      '<b style="position:fixed" class="state" id="checks">x</b>': "<b>x</b>",
      "</div></article><b>x": "<b>x</b>",
      "<!-- hidden --><svg><a href=x>y</a></svg>z": "z",
      "a < b": "a &lt; b",
      '<p title="a>b">x</p>': '<p title="a&gt;b">x</p>',
      "<iframe src=//x></iframe><form action=x><button>y": "y",
    };
    for (const [given, expected] of Object.entries(cases)) assert.equal(sanitize(given), expected, given);
  });

  it("reads who owns a file as GitHub does: the last line decides", () => {
    const file = "* @all\n/docs/ @writer # who writes\n*.yaml @ops @ml\napps/*/lock @apps\ndocs/free.md\n";
    assert.deepEqual(ownersOf(file, "src/a.ts"), ["@all"]);
    assert.deepEqual(ownersOf(file, "docs/deep/a.md"), ["@writer"]);
    assert.deepEqual(ownersOf(file, "a/docs/b.md"), ["@all"]);
    assert.deepEqual(ownersOf(file, "deep/trainyard.yaml"), ["@ops", "@ml"]);
    assert.deepEqual(ownersOf(file, "apps/one/lock"), ["@apps"]);
    assert.deepEqual(ownersOf(file, "docs/free.md"), []);
  });
});

describe("a pull request's page", () => {
  let github: Github;
  before(async () => {
    github = await openGithub();
  });
  after(() => github.close());

  it("shows what a reader sees on GitHub", async () => {
    const ada = await github.user("ada");
    await github.repository("acme/wages", { collaborators: { ada: "admin" } });
    const wages = { owner: "acme", repo: "wages" };
    const sha = await put(github, ada, "acme/wages", "better", { "trainyard.yaml": "model: wages\n" });
    const api = client(github, ada);
    await api.pulls.create({
      ...wages,
      title: "<b>Better</b> wages",
      head: "better",
      base: "main",
      body: "Adds **tenure**.",
    });
    await github.protect("acme/wages", "main", { checks: [{ context: "trainyard" }, { context: "ci" }] });
    const job = client(
      github,
      github.jobToken("acme/wages", 1, { "pull-requests": "write", checks: "write", statuses: "write" }),
    );
    const annotation = {
      path: "trainyard.yaml",
      start_line: 9,
      end_line: 9,
      annotation_level: "failure" as const,
      message: "ROC AUC 0.79 < 0.80",
    };
    const body =
      "## wages\n\n| metric | base | head |\n| --- | ---: | ---: |\n| ROC AUC | 0.80 | 0.79 |\n\n> [!CAUTION]\n> below the gate\n\n```mermaid\npie\n```\n\n<script>alert(1)</script>";
    await job.issues.createComment({ ...wages, issue_number: 1, body });
    await job.checks.create({
      ...wages,
      name: "Trainyard",
      head_sha: sha,
      conclusion: "failure",
      output: { title: "1 gate failed", summary: "ROC AUC", annotations: [annotation] },
    });
    await job.repos.createCommitStatus({
      ...wages,
      sha,
      context: "trainyard",
      state: "failure",
      description: "1 gate failed",
    });
    const answer = await fetch(`${github.url}/acme/wages/pull/1`);
    const page = await answer.text();
    assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(page, await renderPullPage(github, "acme/wages", 1));
    if (process.env.PAGE) writeFileSync(process.env.PAGE, page);
    for (const seen of [
      "&lt;b&gt;Better&lt;/b&gt; wages",
      '<span class="ref">main</span> from <span class="ref">better</span>',
      "<strong>tenure</strong>",
      '<b>github-actions</b><span class="tag">bot</span>',
      '<td align="right">0.79</td>',
      "✗ Some checks were not successful",
      "<code>trainyard.yaml:9</code>",
      "ROC AUC 0.79 &lt; 0.80",
      "Expected — waiting for status to be reported",
      "Merging is blocked: Required status check &quot;trainyard&quot; is failing.",
    ]) {
      assert.ok(page.includes(seen), seen);
    }
    assert.doesNotMatch(page, /<script|alert\(1\)/);
    const moved = await fetch(`${github.url}/acme/wages/issues/1`, { redirect: "manual" });
    assert.deepEqual([moved.status, moved.headers.get("location")], [302, "/acme/wages/pull/1"]);
    assert.deepEqual(github.violations, []);
  });
});
