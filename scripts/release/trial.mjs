import { execFile } from "node:child_process";
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
export async function refusals(dist) {
  const workspace = mkdtempSync(join(tmpdir(), "trainyard-trial-"));
  const env = { PATH: process.env.PATH, GITHUB_WORKSPACE: workspace, INPUT_FOLDER: "not-there" };
  const tried = readdirSync(join(dist, "actions")).map(async (file) => {
    const { code, said } = await ended(join(dist, "actions", file), env);
    const right = code === 2 && said.includes("::error title=Trainyard ");
    return right ? [] : [`dist/actions/${file} ended with ${code}: ${said}`];
  });
  const wrong = await Promise.all(tried);
  rmSync(workspace, { recursive: true });
  return wrong.flat();
}

const ended = (file, env) =>
  new Promise((resolve) => {
    execFile(process.execPath, [file], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, said: stdout + stderr }),
    );
  });
