import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";

const env = {
  ...process.env,
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** A clone of what is committed here, on main, with an origin of its own that can be pushed to. */
function openClone(context: TestContext) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "trainyard-release-test-")));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, "clone");
  const start = (cwd: string, program: string, args: readonly string[]) =>
    spawnSync(program, args, { cwd, env, encoding: "utf8" });
  const git = (...args: string[]): string => {
    const { status, stdout, stderr } = start(folder, "git", args);
    assert.equal(status, 0, `git ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  assert.equal(start(root, "git", ["clone", "--quiet", "--bare", resolve("."), "origin.git"]).status, 0);
  assert.equal(start(root, "git", ["clone", "--quiet", "origin.git", "clone"]).status, 0);
  git("checkout", "--quiet", "-B", "main");
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  appendFileSync(join(folder, ".git/info/exclude"), "node_modules\n");
  const say = (version: string): void => {
    const path = join(folder, "package.json");
    writeFileSync(path, readFileSync(path, "utf8").replace(/"version": ".*?"/, `"version": "${version}"`));
    const log = join(folder, "CHANGELOG.md");
    writeFileSync(log, readFileSync(log, "utf8").replace("\n## ", `\n## [${version}] - 2030-01-01\n\n## `));
    git("commit", "--quiet", "--all", "--message", `Say ${version}`);
  };
  const release = (...args: string[]) => start(folder, process.execPath, ["scripts/release.mjs", ...args]);
  return { root, folder, git, say, release };
}

test("a release is a commit beside main that has all that actions and workflows need", (context) => {
  const { root, folder, git, say, release } = openClone(context);
  say("1.2.3");
  const head = git("rev-parse", "HEAD");

  const dry = release("--dry-run");
  assert.equal(dry.status, 0, dry.stdout + dry.stderr);
  assert.match(dry.stdout, /would tag v1\.2\.3 and v1 on a commit beside /);
  assert.equal(git("tag", "--list"), "");

  const made = release("--push");
  assert.equal(made.status, 0, made.stdout + made.stderr);
  assert.equal(git("rev-parse", "HEAD"), head);
  assert.equal(git("status", "--porcelain"), "");
  assert.equal(git("rev-parse", "v1.2.3^{commit}"), git("rev-parse", "v1^{commit}"));
  assert.equal(git("rev-parse", "v1^{commit}^"), head);
  const sent = spawnSync("git", ["-C", join(root, "origin.git"), "tag", "--list"], { env, encoding: "utf8" });
  assert.equal(sent.stdout, "v1\nv1.2.3\n");

  const paths = git("ls-tree", "-r", "--name-only", "v1").split("\n");
  for (const path of [
    "dist/cli.js",
    "dist/actions/run.js",
    "action.yml",
    "actions/judge/action.yml",
    "natives/package-lock.json",
    ".github/workflows/judge.yml",
  ]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(
    paths.filter((path) => /^(test|bench|local|node_modules)\//.test(path)),
    [],
  );
  assert.match(git("show", "v1:dist/cli.js"), /^#!\/usr\/bin\/env node/);

  const tree = join(root, "tree");
  git("worktree", "add", "--quiet", "--detach", tree, "v1");
  const { status, stdout } = spawnSync(process.execPath, [join(tree, "dist/actions/judge.js")], {
    encoding: "utf8",
    env: { GITHUB_WORKSPACE: folder, INPUT_FOLDER: ".." },
  });
  assert.equal(status, 2);
  assert.match(stdout, /^::error title=Trainyard judge::/);
});

test("what is not ready is not released", (context) => {
  const { folder, git, say, release } = openClone(context);
  const refusal = (...args: string[]): string => {
    const { status, stderr } = release(...args);
    assert.equal(status, 1);
    return stderr;
  };
  assert.match(refusal(), /^no release: CHANGELOG\.md has no "## \[\d/);
  writeFileSync(join(folder, "new.txt"), "");
  assert.match(refusal(), /^no release: commit or remove first what main does not have:\n\?\? new\.txt/);
  rmSync(join(folder, "new.txt"));
  say("1.0.0-rc.1");
  assert.match(refusal(), /^no release: package\.json says version "1\.0\.0-rc\.1"; it takes X\.Y\.Z/);
  say("1.0.0");
  git("tag", "v1.0.0");
  assert.match(refusal(), /^no release: v1\.0\.0 is there already/);
  git("switch", "--quiet", "--create", "other");
  assert.match(refusal(), /^no release: "other" is checked out; releases are made of main/);
  assert.match(refusal("--push", "--dry-run"), /^no release: --push and --dry-run: one of the two/);
});
