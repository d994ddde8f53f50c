// Releases what stands on main: builds, and makes a commit beside the branch that has dist/ in it, which
// main has not. The tag vX.Y.Z is on that commit, and so is vX, which moves with each release.
//
//   npm run release                 makes commit and tags here
//   npm run release -- --push       and sends the tags
//   npm run release -- --dry-run    checks and builds, and says what would be done
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { releaseTree } from "./release/tree.mjs";
import { missingIn, refusals } from "./release/trial.mjs";

const { values: asked } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    push: { type: "boolean", default: false },
    remote: { type: "string", default: "origin" },
  },
});
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const tag = `v${version}`;
const major = tag.replace(/\..*/, "");

if (asked.push && asked["dry-run"]) stop("--push and --dry-run: one of the two");
if (!/^\d+\.\d+\.\d+$/.test(version)) stop(`package.json says version "${version}"; it takes X.Y.Z`);
const branch = git("branch", "--show-current");
if (branch !== "main") stop(`"${branch}" is checked out; releases are made of main`);
const dirty = git("status", "--porcelain");
if (dirty !== "") stop(`commit or remove first what main does not have:\n${dirty}`);
if (git("tag", "--list", tag) !== "") stop(`${tag} is there already; say the next version in package.json`);
if (!readFileSync("CHANGELOG.md", "utf8").includes(`## [${version}]`))
  stop(`CHANGELOG.md has no "## [${version}]"; say there what is new`);
run(process.execPath, "node_modules/tsx/dist/cli.mjs", "scripts/generate.ts", "--check");

const folder = mkdtempSync(join(tmpdir(), "trainyard-release-"));
try {
  const dist = join(folder, "dist");
  run(process.execPath, "scripts/build.mjs", "--fresh", "--out", dist);
  const tree = releaseTree(git, dist, join(folder, "index"));
  const wrong = [...missingIn(git, tree), ...(await refusals(dist))];
  if (wrong.length > 0) stop(`the release would not work:\n${wrong.join("\n")}`);
  if (asked["dry-run"]) {
    console.log(`would tag ${tag} and ${major} on a commit beside ${git("rev-parse", "--short", "HEAD")}`);
  } else release(tree);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One commit whose parent is main's newest, and the two tags. No branch and no file here changes. */
function release(tree) {
  const commit = git("commit-tree", tree, "-p", "HEAD", "-m", `Release ${tag}`);
  git("tag", "--annotate", "--message", `Release ${tag}`, tag, commit);
  git("tag", "--force", "--annotate", "--message", `The newest ${major}: ${tag}`, major, commit);
  console.log(`tagged ${commit.slice(0, 12)} as ${tag} and ${major}`);
  if (!asked.push) {
    console.log(`send them with: git push --atomic ${asked.remote} ${tag} +refs/tags/${major}`);
    return;
  }
  git("push", "--atomic", asked.remote, `refs/tags/${tag}`, `+refs/tags/${major}`);
  console.log(
    `sent to ${asked.remote}; make the release of ${tag} on GitHub, where the Marketplace is a tick`,
  );
}

function git(...args) {
  const given = typeof args.at(-1) === "object" ? args.pop() : {};
  const { status, stdout, stderr } = spawnSync("git", args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, ...given },
  });
  if (status !== 0) stop(`git ${args[0]} ended with ${status}: ${stderr.trim()}`);
  return stdout.trim();
}

function run(program, ...args) {
  const { status } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) stop(`${args[0]} ended with ${status}`);
}

function stop(why) {
  console.error(`no release: ${why}`);
  process.exit(1);
}
