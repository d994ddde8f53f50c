import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type {
  GithubEvent,
  LocalGithub,
  Permissions,
  RunnerOptions,
  RunRecord,
  RunResult,
} from "../../../local/contract.ts";
import { openRunner } from "../../../local/runner/runner.ts";

/** A token that a job was given. */
export interface Token {
  readonly permissions: Permissions;
  readonly run: number;
  revoked: boolean;
}

/** As much of a local GitHub as the runner needs: one repository, its events, its tokens. */
export interface StandIn {
  readonly github: LocalGithub;
  readonly tokens: ReadonlyMap<string, Token>;
  readonly conclusions: Readonly<Record<number, string>>;
  /** What became of the jobs that named an environment: `staging success`. */
  readonly deployments: readonly string[];
  /** Writes files on the default branch. @returns the new commit */
  commit(files: Readonly<Record<string, string>>, message?: string): string;
  emit(event: Partial<GithubEvent>): void;
  close(): void;
}

export const REPOSITORY = "acme/wages";

/** Opens one whose repository is empty but for the files given. */
export async function openStandIn(files: Readonly<Record<string, string>>): Promise<StandIn> {
  const root = mkdtempSync(join(tmpdir(), "trainyard-stand-in-"));
  const bare = join(root, `${REPOSITORY}.git`);
  const tree = join(root, "tree");
  mkdirSync(bare, { recursive: true });
  const git = (folder: string, ...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=ada", "-c", "user.email=ada@example.org", ...args], {
      encoding: "utf8",
    }).trim();
  git(bare, "init", "--quiet", "--bare", "--initial-branch=main");
  execFileSync("git", ["clone", "--quiet", bare, tree], { stdio: "ignore" });
  git(tree, "checkout", "--quiet", "-B", "main");

  // The plain files of a bare repository are enough for Git to fetch.
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(root, new URL(request.url ?? "/", "http://a").pathname)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const listeners: ((event: GithubEvent) => void)[] = [];
  const tokens = new Map<string, Token>();
  const deployments: string[] = [];
  const records: RunRecord[] = [];
  const conclusions: Record<number, string> = {};
  let head = "";

  const parts: Partial<LocalGithub> = {
    url,
    apiUrl: `${url}/api/v3`,
    graphqlUrl: `${url}/api/graphql`,
    resultsUrl: `${url}/results/`,
    jobToken(_repository, run, permissions) {
      const token = `ghs_secret${tokens.size}`;
      tokens.set(token, { permissions, run, revoked: false });
      return token;
    },
    revoke(token) {
      const known = tokens.get(token);
      if (known !== undefined) known.revoked = true;
    },
    jobDeployment:
      (_run, { name }) =>
      (state) =>
        void deployments.push(`${name} ${state}`),
    runtimeToken: (run, job) => `runtime-${run}-${Buffer.from(job).toString("hex")}`,
    runs: {
      start: (record) => records.push(record),
      again: () => 2,
      finish(id, conclusion) {
        conclusions[id] = conclusion;
        const { name, path, event } = records[id - 1] as RunRecord;
        const payload = {
          action: "completed",
          workflow_run: { id, name, path, conclusion, event: event.name, head_branch: "main" },
        };
        setImmediate(() => standIn.emit({ name: "workflow_run", payload }));
      },
    },
    onEvent: (listener) => void listeners.push(listener),
  };
  const standIn: StandIn = {
    tokens,
    deployments,
    conclusions,
    commit(changed, message = "Change") {
      for (const [path, content] of Object.entries(changed)) {
        mkdirSync(dirname(join(tree, path)), { recursive: true });
        writeFileSync(join(tree, path), content);
      }
      git(tree, "add", "--all");
      git(tree, "commit", "--quiet", "--allow-empty", "--message", message);
      git(tree, "push", "--quiet", "origin", "main");
      git(bare, "update-server-info");
      head = git(tree, "rev-parse", "HEAD");
      return head;
    },
    emit(event) {
      const whole: GithubEvent = {
        name: "push",
        repository: REPOSITORY,
        payload: {},
        sha: head,
        ref: "refs/heads/main",
        workflowSha: head,
        actor: "ada",
        startsWorkflows: true,
        lowTrust: false,
        ...event,
      };
      for (const listener of listeners) listener(whole);
    },
    close() {
      server.close();
      rmSync(root, { recursive: true, force: true });
    },
    github: parts as LocalGithub,
  };
  standIn.commit(files, "Begin");
  return standIn;
}

/** What happened when an event met a repository's files. */
export interface Played {
  readonly runs: readonly RunResult[];
  readonly standIn: StandIn;
}

/** Plays one event against files, and closes all. `act` may emit further events, in time. */
export async function play(
  files: Readonly<Record<string, string>>,
  event: Partial<GithubEvent> | readonly Partial<GithubEvent>[] = {},
  options: Partial<RunnerOptions> = {},
): Promise<Played> {
  const standIn = await openStandIn(files);
  const runner = openRunner({ github: standIn.github, actions: {}, ...options });
  try {
    for (const one of [event].flat()) standIn.emit(one);
    return { runs: await runner.settled(), standIn };
  } finally {
    await runner.close();
    standIn.close();
  }
}

/** A workflow file on push with these jobs, written in the short form of YAML. */
export const onPush = (jobs: string, head = ""): Record<string, string> => ({
  ".github/workflows/a.yml": `name: A\non: push\n${head}\njobs:\n${jobs.replace(/^/gm, "  ")}\n`,
});

/** The one run's jobs by name; complains where there is not one run. */
export function jobsOf({ runs }: Played) {
  if (runs.length !== 1) throw new Error(`${runs.length} runs: ${JSON.stringify(runs, null, 2)}`);
  const [run] = runs as [RunResult];
  return Object.fromEntries(run.jobs.map((job) => [job.name, job]));
}
