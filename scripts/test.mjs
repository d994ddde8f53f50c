// Runs the tests under the folders named (default: test), leaving the wider suites to `.ci/run`: the
// slow ones, the ones with peers, and those of the local GitHub itself.
// Node 20's runner takes file names but no globs, so the names are found here.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { globSync } from "tinyglobby";
import { bundleTests } from "./build/bundle-tests.mjs";

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
const folder = `node_modules/.cache/trainyard-tests/bundle-${process.pid}`;
process.on("SIGINT", () => {}); // the runner hears it, too, and ends; then the folder goes
try {
  const bundled = await bundleTests(files, folder);
  const { status } = spawnSync(
    process.execPath,
    ["--enable-source-maps", "--test", "--test-concurrency=2", `--test-timeout=${timeout}`, ...bundled],
    { stdio: "inherit", env: { ...process.env, NODE_NO_WARNINGS: "1" } },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
