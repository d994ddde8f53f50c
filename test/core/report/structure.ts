import assert from "node:assert/strict";

/** What GitHub's grammar needs of a comment or report, checked line by line; our two lines left out. */
export function checkStructure(lines: readonly string[]): void {
  let [fold, fence, bars] = [0, false, 0];
  for (const [index, line] of lines.entries()) {
    const at = `line ${index + 1}: ${line.slice(0, 200)}`;
    assert.doesNotMatch(line, /<!--/, at); // nobody forges a marker
    if (line.startsWith("```")) {
      assert.match(line, fence ? /^```$/ : /^```(mermaid|sh)?$/, at);
      fence = !fence;
      continue;
    }
    if (fence) continue;
    if (/^<details( open)?>$/.test(line)) fold += 1;
    if (line === "</details>") fold -= 1;
    assert.ok(fold >= 0 && fold <= 2, at);
    // raw HTML: only our own
    const raw = line.replace(/`[^`]*`/g, "").replace(/<\/?(details|summary|code|b)>|<details open>/g, "");
    assert.doesNotMatch(raw, /[<\\]/, at);
    assert.equal((line.match(/`/g) ?? []).length % 2, 0, at);
    // tables: the same number of cells in each row, as no cell holds a bar of its own
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
    // a fold's line holds no Markdown, which GitHub would show as it stands
    if (line.startsWith("<summary>")) assert.doesNotMatch(line, /`|\*\*/, at);
  }
  assert.equal(fold, 0, "every fold is closed");
  assert.equal(fence, false, "every fence is closed");
}
