import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Stage } from "./show.ts";

const CLI = resolve("dist/cli.js");
const IDENTITY = { GIT_AUTHOR_NAME: "Demo", GIT_AUTHOR_EMAIL: "demo@example.com" };
const ENVIRONMENT = {
  ...process.env,
  ...IDENTITY,
  GIT_COMMITTER_NAME: IDENTITY.GIT_AUTHOR_NAME,
  GIT_COMMITTER_EMAIL: IDENTITY.GIT_AUTHOR_EMAIL,
  GIT_CONFIG_GLOBAL: "/dev/null", // the demo does not depend on anybody's settings
  GIT_CONFIG_NOSYSTEM: "1",
};

/** The same stages on a laptop, with the built command line: a small survey, and three million flights. */
export function playLaptop(out: string, stage: Stage): void {
  const run = (
    folder: string,
    command: string,
    args: readonly string[],
    expected: readonly number[] = [0],
  ) => {
    stage.say(`$ ${[command, ...args].join(" ")}`);
    const [program, given] = command === "trainyard" ? [process.execPath, [CLI, ...args]] : [command, args];
    const { status, error } = spawnSync(program, given, { cwd: folder, stdio: "inherit", env: ENVIRONMENT });
    if (error) throw error;
    if (!expected.includes(status ?? -1)) throw new Error(`the demo stops: ${command} ended with ${status}`);
  };
  const begin = (name: string): string => {
    const folder = join(out, name);
    mkdirSync(folder);
    run(folder, "git", ["init", "--quiet", "--initial-branch=main"]);
    run(folder, "trainyard", ["init", "--template", name]);
    return folder;
  };
  const commit = (folder: string, message: string): void => {
    run(folder, "git", ["add", "--all"]);
    run(folder, "git", ["commit", "--quiet", "--message", message]);
  };

  stage.step("On a laptop: a new repository from the template, and its first model");
  const wages = begin("wages");
  commit(wages, "Start from the template");
  run(wages, "trainyard", ["run"]);
  commit(wages, "Train the first model");

  stage.step("A proposal on a branch: what the change does not touch is not run again");
  run(wages, "git", ["switch", "--quiet", "--create", "propose-mlp"]);
  const contract = join(wages, "trainyard.yaml");
  edit(
    contract,
    "  with: logistic\n  params: { epochs: 60,",
    "  with: mlp\n  params: { hidden: [16], epochs: 60,",
  );
  edit(contract, "  - keep: [union, south]", "  - keep: [union, south, married]");
  run(wages, "trainyard", ["status"]);
  run(wages, "trainyard", ["run"], [0, 1, 3]);
  run(wages, "trainyard", ["diff", "main"]);
  commit(wages, "Propose a small neural network");

  stage.step("Three million flights: is a flight more than 15 minutes late?");
  const flights = begin("flights");
  copyFileSync(
    resolve("node_modules/vega-datasets/data/flights-3m.parquet"),
    join(flights, "data/flights-3m.parquet"),
  );
  run(flights, "trainyard", ["add", "data/flights-3m.parquet"]);
  run(flights, "trainyard", ["run"], [0, 1, 3]);

  for (const [from, to] of [
    ["report.html", "report.html"],
    ["report.json", "report.json"],
  ] as const) {
    copyFileSync(join(wages, ".trainyard", from), join(out, to));
    copyFileSync(join(flights, ".trainyard", from), join(out, `flights-${to}`));
  }
}

/** Changes a file the way a person would; a change that finds nothing to change is a mistake. */
function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}`);
  writeFileSync(path, text.replace(from, to));
}
