// Runs the tests under the folders named (default: test), leaving the wider suites to `.ci/run`: the
// slow ones, the ones with peers, and those of the local GitHub itself.
// Node 20's runner takes file names but no globs, so the names are found here.
import { spawnSync } from "node:child_process";
import { globSync } from "tinyglobby";

const asked = process.argv.slice(2);
const patterns =
  asked.length > 0
    ? asked.map((path) => (path.endsWith(".ts") ? path : `${path}/**/*.test.ts`))
    : ["test/**/*.test.ts"];
const files = globSync(patterns, {
  ignore: asked.length > 0 ? [] : ["test/wider/**", "test/interop/**", "test/local/**"],
}).sort();
if (files.length === 0) {
  console.error(`no test file matches ${patterns.join(", ")}`);
  process.exit(1);
}
// The wider suites take minutes: some install their peers first.
const timeout = files.some((file) => /^test\/(interop|wider)\//.test(file)) ? 1_200_000 : 240_000;
const { status } = spawnSync(
  process.execPath,
  ["--import", "tsx", "--test", "--test-concurrency=2", `--test-timeout=${timeout}`, ...files],
  { stdio: "inherit", env: { ...process.env, NODE_NO_WARNINGS: "1" } },
);
process.exit(status ?? 1);
