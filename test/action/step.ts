import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { node24 } from "./node24.ts";

/** How a step ended, and what it told GitHub. */
export interface Ended {
  readonly status: number | null;
  /** The log as the runner reads it: standard output. */
  readonly log: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Lines that the runner takes for commands: those that no `stop-commands` quotes. */
  readonly commands: readonly string[];
}

/** A runner's folders, with a workspace in them. */
export interface StepRunner {
  /** `GITHUB_WORKSPACE` */
  readonly workspace: string;
  readonly temporary: string;
  readonly tools: string;
  /** Runs an action's built entry as a step. */
  step(
    action: string,
    inputs?: Readonly<Record<string, string>>,
    environment?: Readonly<Record<string, string | undefined>>,
  ): Ended;
  write(path: string, text: string): void;
}

/** What a runner's step is given of the machine. */
const machine = Object.fromEntries(
  ["PATH", "HOME", "NODE_EXTRA_CA_CERTS"].map((name) => [name, process.env[name]]),
);

/**
 * A runner for single steps: the environment and the files of GitHub's, on Node 24.
 *
 * @param root the tree with `dist/`, as the runner downloads it; else this one
 */
export function openRunner(context: TestContext, root = resolve(".")): StepRunner {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "trainyard-step-")));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const [workspace, temporary, tools, files] = ["work/acme/acme", "work/_temp", "tools", "files"].map(
    (name) => {
      mkdirSync(join(folder, name), { recursive: true });
      return join(folder, name);
    },
  ) as [string, string, string, string];
  const event = join(files, "event.json");
  writeFileSync(event, JSON.stringify({ action: "opened", repository: { full_name: "acme/acme" } }));
  let count = 0;

  return {
    workspace,
    temporary,
    tools,
    step(action, inputs = {}, environment = {}) {
      const entry = join(root, "dist", "actions", `${action}.js`);
      if (!existsSync(entry)) throw new Error(`${entry} is missing; run npm run build`);
      const [output, summary] = [join(files, `output-${++count}`), join(files, `summary-${count}`)];
      writeFileSync(output, "");
      writeFileSync(summary, "");
      const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
      const { status, stdout, stderr } = spawnSync(node24(), [entry], {
        cwd: workspace,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
        env: {
          ...machine,
          CI: "true",
          GITHUB_ACTIONS: "true",
          GITHUB_API_URL: "http://127.0.0.1:9",
          GITHUB_EVENT_NAME: "pull_request",
          GITHUB_EVENT_PATH: event,
          GITHUB_OUTPUT: output,
          GITHUB_REPOSITORY: "acme/acme",
          GITHUB_RUN_ID: "7",
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_WORKSPACE: workspace,
          GIT_CONFIG_GLOBAL: "/dev/null",
          GIT_CONFIG_NOSYSTEM: "1",
          RUNNER_TEMP: temporary,
          RUNNER_TOOL_CACHE: tools,
          ...Object.fromEntries(given),
          ...environment,
        },
      });
      return {
        status,
        log: stdout,
        stderr,
        outputs: outputsIn(readFileSync(output, "utf8")),
        summary: readFileSync(summary, "utf8"),
        commands: commandsIn(stdout),
      };
    },
    write(path, text) {
      mkdirSync(join(workspace, path, ".."), { recursive: true });
      writeFileSync(join(workspace, path), text);
    },
  };
}

/** `name<<delimiter`, lines, `delimiter`. */
function outputsIn(text: string): Record<string, string> {
  const found = text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = "", , value = ""]) => [name, value]));
}

/** What the runner obeys, by its rule: `stop-commands` until its token comes. */
function commandsIn(log: string): string[] {
  let token: string | undefined;
  return log.split("\n").filter((line) => {
    const command = /^\s*(::|##\[)/.test(line);
    if (token !== undefined) {
      if (line === `::${token}::`) token = undefined;
      return false;
    }
    token = /^::stop-commands::(.+)$/.exec(line)?.[1];
    return command && token === undefined;
  });
}
