import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";

/** What the actions and workflows of a tree name, and the tree does not have. */
export function missingIn(git, tree) {
  const paths = new Set(git("ls-tree", "-r", "--name-only", tree).split("\n"));
  const show = (path) => git("cat-file", "blob", `${tree}:${path}`);
  const missing = [];
  for (const path of paths) {
    if (/^(actions\/[^/]+\/)?action\.yml$/.test(path)) {
      const main = /^\s+main: (\S+)$/m.exec(show(path))?.[1] ?? "";
      const entry = posix.join(posix.dirname(path), main);
      if (!paths.has(entry)) missing.push(`${path} starts ${entry}, which is not built`);
    }
    if (/^\.github\/workflows\/[^/]+\.yml$/.test(path)) {
      for (const [, used] of show(path).matchAll(/uses: \$\/(\S+)/g)) {
        const file = used.endsWith(".yml") ? used : `${used}/action.yml`;
        if (!paths.has(file)) missing.push(`${path} uses $/${used}, and there is no ${file}`);
      }
    }
  }
  for (const path of [
    "natives/package.json",
    "natives/package-lock.json",
    "LICENSE",
    "dist/THIRD-PARTY.txt",
  ]) {
    if (!paths.has(path)) missing.push(`there is no ${path}`);
  }
  return missing;
}

/** Starts each built action with a folder that is none: each must say so, and so it loads. */
export function refusals(dist) {
  const workspace = mkdtempSync(join(tmpdir(), "trainyard-trial-"));
  const wrong = [];
  for (const file of readdirSync(join(dist, "actions"))) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, "actions", file)], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, GITHUB_WORKSPACE: workspace, INPUT_FOLDER: "not-there" },
    });
    if (status !== 2 || !stdout.includes("::error title=Trainyard "))
      wrong.push(`dist/actions/${file} ended with ${status}: ${stdout}${stderr}`);
  }
  rmSync(workspace, { recursive: true });
  return wrong;
}
