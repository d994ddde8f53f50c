import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../errors.ts";
import { findNpm } from "./find-npm.ts";
import { npmEnvironment } from "./npm-environment.ts";

/** What is to be installed, where, and what npm may know of its surroundings. */
export interface Installation {
  /** The folder with `package.json` and `package-lock.json`. */
  readonly manifest: string;
  /** The folder that it becomes. */
  readonly to: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workspace: string;
}

/** Hosted runners need half a minute; one behind a slow mirror may need this. */
const PATIENCE = 10 * 60_000;

/**
 * Installs a locked manifest aside, and renames it to its place: it is there whole or not at all,
 * whoever else does the same meanwhile, and what is there is not installed again.
 *
 * @returns the folder that holds `node_modules`
 * @throws {UserError} with npm's own words, where it cannot be installed
 */
export async function installLocked({ manifest, to, environment, workspace }: Installation): Promise<string> {
  if (existsSync(to)) return to;
  const npm = findNpm(environment, workspace);
  const aside = `${to}.new-${process.pid}-${process.hrtime.bigint()}`;
  mkdirSync(aside, { recursive: true });
  try {
    for (const name of ["package.json", "package-lock.json"])
      copyFileSync(join(manifest, name), join(aside, name));
    await npmCi(npm, aside, npmEnvironment(environment, workspace));
    rename(aside, to);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return to;
}

const COMMAND = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-workspaces"];

async function npmCi(npm: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [program = "", ...args] = npm;
  try {
    await promisify(execFile)(program, [...args, ...COMMAND], {
      cwd,
      env,
      timeout: PATIENCE,
      maxBuffer: 2 ** 24,
    });
  } catch (cause) {
    const { stderr = "", message } = cause as Error & { readonly stderr?: string };
    const said = stderr
      .split("\n")
      .filter((line) => /^npm error (?!A complete log)/.test(line))
      .join("\n");
    throw new UserError(
      `the packages with native parts cannot be installed; npm says:\n${said || stderr.trim() || message}`,
      { cause },
    );
  }
}

/** Gives way where somebody else was faster. */
function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** Makes a folder of packages found from where this code lies: by a link that is there whole or not at all. */
export function show(modules: string, link: string): void {
  const aside = join(dirname(link), `.node_modules-${process.pid}`);
  rmSync(aside, { force: true });
  symlinkSync(modules, aside, "junction"); // what Windows lets everybody make; elsewhere the word says nothing
  renameSync(aside, link);
}
