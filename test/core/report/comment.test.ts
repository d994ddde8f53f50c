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
import { checkStructure } from "./structure.ts";

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

function checkComment(comment: string): void {
  const [first, second, ...rest] = comment.split("\n");
  assert.equal(first, VERDICT_MARKER);
  assert.match(second ?? "", /^<!-- trainyard:about [0-9a-f]{40} \w+( [0-9a-f]{40})? -->$/);
  checkStructure(rest);
}

describe("the comment on a pull request", () => {
  for (const [name, comment] of Object.entries(COMMENTS)) {
    it(`is sound and short: ${name}`, () => {
      const text = renderComment(comment);
      checkComment(text);
      assert.ok(text.length <= COMMENT_LIMIT, String(text.length));
    });
  }

  it("says the verdict in the first line that shows", () => {
    const firstLine = (name: string): string => commentOf(name).split("\n")[3] ?? "";
    assert.match(
      firstLine("pass"),
      /^### ✅ Pass · Better than the model in production on ROC AUC by 0\.021 /,
    );
    assert.equal(firstLine("fail"), "### ❌ Fail · ROC AUC 0.834 is below the limit 0.9, and 2 more.");
    assert.match(firstLine("pending"), /^### ⏳ Pending · /);
    assert.match(firstLine("stopped"), /^### 🛑 Not judged · /);
    assert.match(firstLine("two-models"), /^### ❌ Fail · 2 models: 1 fail, 1 pass; tenure: /);
    assert.match(firstLine("failed-problem"), /^### ❌ Not judged · the model reads a column /);
  });

  it("says what decides, when to review and the figures that matter on its first screen", () => {
    const open = (name: string): string => commentOf(name).replace(/<details>[\s\S]*?<\/details>\n/g, "");
    for (const part of ["Mend before reviewing", "| What decides |", "| Figure |", "whole report"]) {
      assert.ok(open("fail").includes(part), part);
    }
    assert.ok(open("fail").split("\n").length < 45);
  });

  it("opens only the gates that do not pass, were not decided or changed", () => {
    const open = (name: string): string => commentOf(name).replace(/<details>[\s\S]*?<\/details>\n/g, "");
    assert.doesNotMatch(open("pass"), /roc_auc >=/);
    assert.match(commentOf("pass"), /<b>All 3 gates<\/b> pass/);
    assert.match(open("fail"), /`roc_auc >= 0.90`/);
    assert.doesNotMatch(open("fail"), /roc_auc >= 0.75/);
    assert.match(open("inconclusive"), /though undecided/);
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
      [2, 200],
      [200, 12],
    ] as const) {
      const text = renderComment(floodedComment(models, rows));
      assert.ok(text.length <= COMMENT_LIMIT, `${models} models: ${text.length}`);
      checkComment(text);
      assert.match(text, /^### ❌ Fail/m);
      assert.match(
        text,
        /Shortened or left out.*\[`report\.html`\]\(https:\/\/github\.com\/\S+\) has all of it/,
      );
    }
  });

  it("stays below GitHub's limit when it is marked as outdated", () => {
    assert.ok(markOutdated(renderComment(floodedComment(1, 2000)), NEXT).length <= COMMENT_LIMIT);
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

describe("what moved since the last push", () => {
  it("is read off the record's own metrics, whatever a metric is called", () => {
    const comment = COMMENTS["since-last-push"] as Extract<Comment, { kind: "judged" }>;
    const changed = structuredClone(comment);
    const [first] = changed.judgement.models[0]?.report?.metrics ?? [];
    changed.judgement.models[0]?.report?.metrics.unshift({
      ...(first as NonNullable<typeof first>),
      name: "constructor",
      title: "Constructor",
      value: 0.5,
    });
    const text = renderComment(changed);
    assert.match(text, /\| `constructor` \| – \| 0\.500 \| – \|/);
  });
});
