import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
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
export async function playLaptop(out: string, stage: Stage): Promise<void> {
  const run = async (
    folder: string,
    command: string,
    args: readonly string[],
    expected: readonly number[] = [0],
  ): Promise<void> => {
    stage.say(`$ ${[command, ...args].join(" ")}`);
    const [program, given] = command === "trainyard" ? [process.execPath, [CLI, ...args]] : [command, args];
    const { code, said } = await ended(program, given, folder);
    stage.say(said.trimEnd());
    if (!expected.includes(code)) throw new Error(`the demo stops: ${command} ended with ${code}`);
  };
  const begin = async (name: string): Promise<string> => {
    const folder = join(out, name);
    mkdirSync(folder);
    await run(folder, "git", ["init", "--quiet", "--initial-branch=main"]);
    await run(folder, "trainyard", ["init", "--template", name]);
    return folder;
  };
  const commit = async (folder: string, message: string): Promise<void> => {
    await run(folder, "git", ["add", "--all"]);
    await run(folder, "git", ["commit", "--quiet", "--message", message]);
  };

  stage.step("On a laptop: a new repository from the template, and its first model");
  const wages = await begin("wages");
  await commit(wages, "Start from the template");
  await run(wages, "trainyard", ["run"]);
  await commit(wages, "Train the first model");

  stage.step("A proposal on a branch: what the change does not touch is not run again");
  await run(wages, "git", ["switch", "--quiet", "--create", "propose-mlp"]);
  const contract = join(wages, "trainyard.yaml");
  edit(
    contract,
    "  with: logistic\n  params: { epochs: 60,",
    "  with: mlp\n  params: { hidden: [16], epochs: 60,",
  );
  edit(contract, "  - keep: [union, south]", "  - keep: [union, south, married]");
  await run(wages, "trainyard", ["status"]);
  await run(wages, "trainyard", ["run"], [0, 1, 3]);
  await run(wages, "trainyard", ["diff", "main"]);
  await commit(wages, "Propose a small neural network");

  stage.step("Three million flights: is a flight more than 15 minutes late?");
  const flights = await begin("flights");
  copyFileSync(
    resolve("node_modules/vega-datasets/data/flights-3m.parquet"),
    join(flights, "data/flights-3m.parquet"),
  );
  await run(flights, "trainyard", ["add", "data/flights-3m.parquet"]);
  await run(flights, "trainyard", ["run"], [0, 1, 3]);

  for (const [from, to] of [
    ["report.html", "report.html"],
    ["report.json", "report.json"],
  ] as const) {
    copyFileSync(join(wages, ".trainyard", from), join(out, to));
    copyFileSync(join(flights, ".trainyard", from), join(out, `flights-${to}`));
  }
}

/** Runs a program to its end, whatever that is. @returns its exit code, and what it said */
async function ended(
  program: string,
  args: readonly string[],
  folder: string,
): Promise<{ readonly code: number; readonly said: string }> {
  const options = { cwd: folder, env: ENVIRONMENT, maxBuffer: 2 ** 26 };
  try {
    return { code: 0, said: (await promisify(execFile)(program, args, options)).stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout: string; stderr: string };
    if (typeof code !== "number") throw error;
    return { code, said: `${stdout}${stderr}` };
  }
}

/** Changes a file the way a person would; a change that finds nothing to change is a mistake. */
function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}`);
  writeFileSync(path, text.replace(from, to));
}
