import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Runner, RunnerOptions, RunResult } from "./contract.ts";
import { type Github, openGithub } from "./github/github.ts";
import { type Checkout, checkoutIn, type Person, person } from "./person.ts";
import { openRunner } from "./runner/runner.ts";

export interface WorldOptions {
  /** `acme/wages` where absent. */
  readonly repository?: string;
  /** The starter of the first commit. */
  readonly template: string;
  /** What else the first commit has, or has otherwise. */
  readonly begin?: (checkout: Checkout) => Promise<void> | void;
  /** Whether the team has an App of its own, and the status is required of the default branch. */
  readonly app?: boolean;
  readonly private?: boolean;
  /** The environments that the contracts deploy to: they hold the App's key, too. */
  readonly environments?: readonly string[];
  /** The branches whose jobs may enter them; `main` where absent. */
  readonly branches?: readonly string[];
  /** What time it is on this GitHub; the machine's where absent. */
  readonly now?: () => Date;
  readonly runner?: Partial<Omit<RunnerOptions, "github" | "actions">>;
}

/** A team with a repository on a GitHub of its own, whose workflows run. */
export interface World {
  readonly github: Github;
  readonly runner: Runner;
  readonly repository: string;
  /** Administers it. */
  readonly ada: Person;
  /** May write. */
  readonly ben: Person;
  /** A stranger. */
  readonly eve: Person;
  /** Where the models' bytes go. */
  readonly store: string;
  /** A clone of Ada's. */
  readonly checkout: Checkout;
  settled(): Promise<readonly RunResult[]>;
  close(): Promise<void>;
}

const WAGES = "acme/wages";
const TRAINYARD = resolve(import.meta.dirname, "..");

/** Opens a GitHub, makes the team's repository from a starter, and starts its runner. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const repository = options.repository ?? WAGES;
  const github = await openGithub(options.now && { now: options.now });
  const place = mkdtempSync(join(tmpdir(), "trainyard-world-"));
  const ada = await person(github, "ada", place);
  const ben = await person(github, "ben", place);
  const eve = await person(github, "eve", place);
  const store = join(place, "store");
  mkdirSync(store);

  const start = checkoutIn(join(place, "start"), "ada");
  mkdirSync(start.folder);
  await start.git("init", "--quiet", "--initial-branch=main");
  trainyard(start.folder, "init", "--template", options.template);
  await start.write(".dvc/config", `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n`);
  await options.begin?.(start);
  await start.git("add", "--all");
  await start.git("commit", "--quiet", "--message", "Begin with Trainyard");

  await github.repository(repository, {
    from: start.folder,
    private: options.private ?? false,
    collaborators: { ada: "admin", ben: "write" },
  });
  const secrets: Record<string, string> = {}; // of the environment, which only the default branch may use
  const variables: Record<string, string> = {};
  if (options.app === true) {
    const app = await github.app("acme-trainyard", repository, {
      actions: "read",
      checks: "write",
      contents: "write",
      deployments: "write",
      issues: "write",
      pull_requests: "write",
      statuses: "write",
    });
    secrets.TRAINYARD_APP_KEY = app.privateKey;
    variables.TRAINYARD_APP_ID = String(app.id);
    await github.protect(repository, "main", { checks: [{ context: "trainyard", app: app.id }] });
  }
  const runner = openRunner({
    approve: () => true,
    ...options.runner,
    github,
    actions: { "trainyard/trainyard": TRAINYARD },
    environments: {
      [repository]: Object.fromEntries(
        ["trainyard", ...(options.environments ?? [])].map((name) => [
          name,
          { secrets, branches: options.branches ?? ["main"] },
        ]),
      ),
    },
    variables: { [repository]: variables },
  });
  return {
    github,
    runner,
    repository,
    ada,
    ben,
    eve,
    store,
    checkout: await ada.clone(repository),
    settled: () => runner.settled(),
    async close() {
      await runner.close();
      await github.close();
      rmSync(place, { recursive: true, force: true });
    },
  };
}

/** Runs the built command line in a folder. */
export function trainyard(folder: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(TRAINYARD, "dist", "cli.js"), ...args], {
    cwd: folder,
    stdio: "pipe",
  });
}

/** A failed run as text, for the reader of a test's or the demo's output. */
export function explain(runs: readonly RunResult[]): string {
  return runs
    .map(({ workflow, conclusion, problem, jobs }) =>
      [
        `${workflow}: ${conclusion} ${problem ?? ""}`,
        ...jobs.map(({ name, result, log }) => `--- ${name}: ${result}\n${result === "failure" ? log : ""}`),
      ].join("\n"),
    )
    .join("\n");
}

/** Keeps a text where a person can look at it. */
export function keep(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
