import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { globSync } from "tinyglobby";
import { judgement as schema } from "../../../src/core/proposal/documents.ts";
import { aboutOf, VERDICT_MARKER } from "../../../src/core/report/comment/marker.ts";
import { markOutdated } from "../../../src/core/report/comment/outdated.ts";
import { type Comment, renderComment } from "../../../src/core/report/comment.ts";
import { COMMENT_LIMIT } from "../../../src/core/report/markdown.ts";
import { COMMENTS, floodedComment, HEAD, modelOf, NEXT } from "./comment-cases.ts";

/* CASE of comment-cases.ts → CASE.md. UPDATE_GOLDEN=1 writes them anew, to be read as a diff. */

const commentOf = (name: string): string => renderComment(COMMENTS[name] as Comment);

describe("golden comments", () => {
  for (const [name, comment] of Object.entries(COMMENTS)) {
    const golden = `test/golden/comments/${name}.md`;
    it(golden, () => {
      if (comment.kind === "judged" && !name.startsWith("hostile")) schema.parse(comment.judgement);
      const text = renderComment(comment);
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, text);
      assert.ok(existsSync(golden), `${golden} is missing; UPDATE_GOLDEN=1 writes it`);
      assert.equal(text, readFileSync(golden, "utf8"));
    });
  }

  it("are all made from a case", () => {
    const names = globSync("test/golden/comments/*.md").map((file) => file.replace(/^.*\/|\.md$/g, ""));
    assert.deepEqual(names.sort(), Object.keys(COMMENTS).sort());
  });
});

/* What GitHub's grammar needs of the whole, checked line by line. */
function checkStructure(comment: string): void {
  const [first, second, ...rest] = comment.split("\n");
  assert.equal(first, VERDICT_MARKER);
  assert.match(second ?? "", /^<!-- trainyard:about [0-9a-f]{40} \w+( [0-9a-f]{40})? -->$/);
  let [fold, fence, bars] = [0, false, 0];
  for (const [index, line] of rest.entries()) {
    const at = `line ${index + 3}: ${line.slice(0, 200)}`;
    assert.doesNotMatch(line, /<!--|-->/.test(line) && fence ? /<!--/ : /<!--/, at);
    if (line.startsWith("```")) {
      assert.match(line, fence ? /^```$/ : /^```(mermaid|sh)?$/, at);
      fence = !fence;
      continue;
    }
    if (fence) continue;
    if (/^<details( open)?>$/.test(line)) fold += 1;
    if (line === "</details>") fold -= 1;
    assert.ok(fold >= 0 && fold <= 2, at);
    const raw = line.replace(/`[^`]*`/g, "").replace(/<\/?(details|summary|code|b)>|<details open>/g, "");
    assert.doesNotMatch(raw, /[<\\]/, at);
    assert.equal((line.match(/`/g) ?? []).length % 2, 0, at);
    const count = line.startsWith("|") ? (line.match(/\|/g) ?? []).length : 0;
    if (bars > 0 && count > 0) assert.equal(count, bars, at);
    if (count === 0) assert.doesNotMatch(line, /\|/, at);
    bars = count;
    // links are ours, to the repository; outside of them and of code nothing pings, links or draws
    const prose = line
      .replace(/`[^`]*`/g, "")
      .replace(/<code>.*?<\/code>/g, "")
      .replace(/\]\(https:\/\/github\.com\/acme\/wages\/[\w./%#-]*\)/g, "]");
    assert.doesNotMatch(prose, /\]\(/, at);
    const shown = prose.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    assert.doesNotMatch(shown, /@[\w-]|#\d|:\/\/|www\.|\bGH-\d|:[\w+-]+:/i, at);
  }
  assert.equal(fold, 0, "every fold is closed");
  assert.equal(fence, false, "every fence is closed");
}

describe("the comment on a pull request", () => {
  for (const [name, comment] of Object.entries(COMMENTS)) {
    it(`is sound and short: ${name}`, () => {
      const text = renderComment(comment);
      checkStructure(text);
      assert.ok(text.length <= COMMENT_LIMIT, String(text.length));
    });
  }

  it("says the verdict in the first line that shows", () => {
    const firstLine = (name: string): string => commentOf(name).split("\n")[3] ?? "";
    assert.match(
      firstLine("pass"),
      /^### ✅ Pass · Better than the model in production on ROC AUC by 0\.021 /,
    );
    assert.equal(firstLine("fail"), "### ❌ Fail · roc_auc 0.834 is below the limit 0.9, and 2 more.");
    assert.match(firstLine("pending"), /^### ⏳ Pending · /);
    assert.match(firstLine("stopped"), /^### 🛑 Not judged · /);
    assert.match(firstLine("two-models"), /^### ❌ Fail · 2 models: 1 fail, 1 pass; tenure: /);
    assert.match(firstLine("failed-problem"), /^### ❌ Not judged · the model reads a column /);
  });

  it("says what decides and when to review before the first fold", () => {
    const [above = ""] = commentOf("pass").split("<details");
    for (const part of [
      "Review now",
      "| Gate |",
      "| Metric |",
      "| Who is treated how |",
      "**Data checks:**",
    ]) {
      assert.ok(above.includes(part), part);
    }
    assert.ok(above.split("\n").length < 45);
  });

  it("never looks like a pass where nothing was decided", () => {
    for (const name of ["no-gates", "pending", "stopped", "nothing", "failed-problem", "inconclusive"]) {
      assert.doesNotMatch(commentOf(name).split("\n").slice(0, 6).join("\n"), /✅/, name);
    }
  });

  it("names no cell of the data, whatever the contract says of its page", () => {
    const model = modelOf("binary-fail");
    const checks = model.report?.checks.map((check) => ({
      ...check,
      observed: "18 to SECRET",
      values: ["SECRET"],
    }));
    const report = model.report === null ? null : { ...model.report, checks: checks ?? [] };
    const comment = COMMENTS.fail as Extract<Comment, { kind: "judged" }>;
    const judgement = { ...comment.judgement, models: [{ ...model, report }] };
    assert.doesNotMatch(renderComment({ ...comment, judgement }), /SECRET/);
  });

  it("fits whatever there is to say, whole in its parts", () => {
    for (const [models, rows] of [
      [1, 2000],
      [2, 500],
      [30, 60],
      [200, 31],
    ] as const) {
      const text = renderComment(floodedComment(models, rows));
      assert.ok(text.length <= COMMENT_LIMIT, `${models} models: ${text.length}`);
      checkStructure(text);
      assert.match(text, /^### ❌ Fail/m);
    }
  });

  it("stays below GitHub's limit when it is marked as outdated", () => {
    for (const [models, rows] of [
      [1, 2000],
      [30, 60],
    ] as const) {
      assert.ok(markOutdated(renderComment(floodedComment(models, rows)), NEXT).length <= COMMENT_LIMIT);
    }
  });
});

describe("our two lines", () => {
  it("say which commit is meant, and what was committed upon it", () => {
    assert.deepEqual(aboutOf(commentOf("pass")), { commit: HEAD, state: "judged", committed: NEXT });
    assert.deepEqual(aboutOf(commentOf("pending")), { commit: HEAD, state: "pending" });
    assert.deepEqual(aboutOf(commentOf("fail").replaceAll("\n", "\r\n")), { commit: HEAD, state: "judged" });
  });

  it("count at the very beginning alone", () => {
    assert.equal(aboutOf(`x\n${commentOf("pass")}`), undefined);
    assert.equal(aboutOf(`> ${commentOf("pass")}`), undefined);
  });

  it("stand once, whatever a text in the comment says", () => {
    for (const name of Object.keys(COMMENTS)) {
      assert.equal(commentOf(name).split("<!--").length, 3, name);
    }
  });
});

describe("an outdated comment", () => {
  it("says so once, however often it is marked, and names the newest head", () => {
    const once = markOutdated(commentOf("pass"), HEAD);
    const twice = markOutdated(once, NEXT);
    assert.equal(twice.split("**Outdated").length, 2);
    assert.match(twice, /the head is now `5f0c2ab`/);
    assert.equal(markOutdated(twice, NEXT), twice);
    assert.match(twice, /### ✅ Pass/);
    assert.deepEqual(aboutOf(twice), aboutOf(commentOf("pass")));
  });

  it("is marked through the line ends that a forge may write", () => {
    const marked = markOutdated(markOutdated(commentOf("pass"), HEAD).replaceAll("\n", "\r\n"), NEXT);
    assert.equal(marked, markOutdated(commentOf("pass"), NEXT));
  });

  it("is left alone where it is none of ours", () => {
    assert.equal(markOutdated("hello", NEXT), "hello");
  });
});
