import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { it } from "node:test";
import { openWorkspace } from "../../../../src/adapters/workspace.ts";
import { versionLog } from "../../../../src/works/lineage/log.ts";
import { git, silent, temporaryFolder } from "../../../artifacts/temporary.ts";
import { filesOf } from "../../../works/lineage/locks.ts";

it("the log of a version asks Git so few times that it does not depend on the commits: 10,000 of them, 40 with a version", async () => {
  const folder = temporaryFolder();
  git(folder, "init", "-q", "-b", "main");
  const parts: string[] = [];
  const blob = (path: string, text: string): string =>
    `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  for (let number = 0; number < 10_000; number++) {
    const files = number % 250 === 0 ? filesOf({ epochs: number + 1 }) : { "a.txt": `${number}` };
    parts.push(
      `commit refs/heads/main\ncommitter Test <t@x> ${1_700_000_000 + number} +0000\ndata 2\nc\n\n`,
      ...Object.entries(files).map(([path, text]) => blob(path, text)),
    );
  }
  execFileSync("git", ["fast-import", "--quiet"], { cwd: folder, input: parts.join("") });
  const workspace = await openWorkspace(folder, silent());
  let asked = 0;
  const repo = new Proxy(workspace.repo ?? assert.fail(), {
    get(target, name) {
      const member = target[name as keyof typeof target];
      if (typeof member !== "function") return member;
      return (...args: never[]) => {
        asked++;
        return (member as (...args: never[]) => unknown)(...args);
      };
    },
  });
  const { entries } = await versionLog(
    { ...workspace, repo },
    { path: "models/wages", most: 1000, revision: "HEAD" },
  );
  assert.equal(entries.length, 40);
  assert.equal(asked, 2, "one log, one batch of blobs");
});
