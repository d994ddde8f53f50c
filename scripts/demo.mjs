// The demo: plays the main job on real data in fresh repositories, with the built command line, and
// leaves what a reviewer would read in demo-out/.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const out = resolve("demo-out");
const cli = resolve("dist/cli.js");
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text) => (colour ? `\u001b[1m${text}\u001b[22m` : text);
const dim = (text) => (colour ? `\u001b[2m${text}\u001b[22m` : text);

const identity = { GIT_AUTHOR_NAME: "Demo", GIT_AUTHOR_EMAIL: "demo@example.com" };
const environment = {
  ...process.env,
  ...identity,
  GIT_COMMITTER_NAME: identity.GIT_AUTHOR_NAME,
  GIT_COMMITTER_EMAIL: identity.GIT_AUTHOR_EMAIL,
  GIT_CONFIG_GLOBAL: "/dev/null", // the demo does not depend on anybody's settings
  GIT_CONFIG_NOSYSTEM: "1",
};

/** Shows a command and runs it; ends the demo where its exit code is not one of those expected. */
function run(folder, command, args, expected = [0]) {
  console.log(dim(`$ ${[command, ...args].join(" ")}`));
  const [program, given] = command === "trainyard" ? [process.execPath, [cli, ...args]] : [command, args];
  const { status, error } = spawnSync(program, given, { cwd: folder, stdio: "inherit", env: environment });
  if (error) throw error;
  if (expected.includes(status)) return;
  console.error(`the demo stops: ${command} ended with ${status}`);
  process.exit(1);
}

const git = (folder, ...args) => run(folder, "git", args);
const trainyard = (folder, args, expected) => run(folder, "trainyard", args, expected);
const step = (text) => console.log(`\n${bold(text)}`);

/** Changes a file the way a person would; a change that finds nothing to change is a mistake. */
function edit(path, from, to) {
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}`);
  writeFileSync(path, text.replace(from, to));
}

if (!existsSync(cli)) throw new Error("dist/cli.js is missing; run npm run build");
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const began = Date.now();

step("1. A new repository from the template: the wages survey of 1985, 534 workers");
const wages = join(out, "wages");
mkdirSync(wages);
git(wages, "init", "--quiet", "--initial-branch=main");
trainyard(wages, ["init", "--template", "wages"]);
git(wages, "add", "--all");
git(wages, "commit", "--quiet", "--message", "Start from the template");

step("2. The first model: everything runs");
trainyard(wages, ["run"]);
git(wages, "add", "--all");
git(wages, "commit", "--quiet", "--message", "Train the first model");

step("3. A proposal on a branch: a small neural network, and the worker's marital status");
git(wages, "switch", "--quiet", "--create", "propose-mlp");
const contract = join(wages, "trainyard.yaml");
edit(
  contract,
  "  with: logistic\n  params: { epochs: 60,",
  "  with: mlp\n  params: { hidden: [16], epochs: 60,",
);
edit(contract, "  - keep: [union, south]", "  - keep: [union, south, married]");
trainyard(wages, ["status"]);

step("4. The same command again: what the change does not touch is not run again");
trainyard(wages, ["run"], [0, 1, 3]);
trainyard(wages, ["diff", "main"]);
git(wages, "add", "--all");
git(wages, "commit", "--quiet", "--message", "Propose a small neural network");

step("5. Three million flights: is a flight more than 15 minutes late?");
const flights = join(out, "flights");
mkdirSync(flights);
git(flights, "init", "--quiet", "--initial-branch=main");
trainyard(flights, ["init", "--template", "flights"]);
copyFileSync("node_modules/vega-datasets/data/flights-3m.parquet", join(flights, "data/flights-3m.parquet"));
trainyard(flights, ["add", "data/flights-3m.parquet"]);
trainyard(flights, ["run"], [0, 1, 3]);

for (const [from, to] of [
  ["report.md", "comment.md"],
  ["report.html", "report.html"],
  ["report.json", "report.json"],
]) {
  copyFileSync(join(wages, ".trainyard", from), join(out, to));
  copyFileSync(join(flights, ".trainyard", from), join(out, `flights-${to}`));
}
console.log(`\n${bold("Done")} in ${Math.round((Date.now() - began) / 1000)} s. Open these:
  demo-out/report.html   the page a reviewer decides from (flights-report.html: the three million)
  demo-out/comment.md    the same as a pull-request comment
  demo-out/report.json   the same for machines`);
