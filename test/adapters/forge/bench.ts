import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Github, openGithub } from "../../../local/github/github.ts";
import { openForge } from "../../../src/adapters/forge/github.ts";
import type { Patience } from "../../../src/adapters/forge/patience.ts";
import { actionsHandoff } from "../../../src/adapters/handoffs/actions.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import type { Bench } from "../../contracts/forge.ts";

/** Waits as little as a test may, and says so where that was not enough. */
export const SHORT: Patience = { answer: 5000, total: 8000, step: 5, tries: 4 };

const ARTIFACT = "trainyard-trained";

const WRITES = {
  actions: "write",
  checks: "write",
  contents: "write",
  deployments: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
  statuses: "write",
} as const;

/** A repository on a GitHub of our own, with what the contract needs. */
export interface LocalBench extends Bench {
  readonly github: Github;
  readonly token: string;
  /** What a process within that GitHub's runner, or beside it, has in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts a GitHub with `acme/wages`.
 *
 * @param as whose name the forge speaks in: a job of a workflow, within the runner, or a team's App
 */
export async function openBench(as: "workflow" | "app" = "workflow"): Promise<LocalBench> {
  const github = await openGithub({ limits: { writes: 5000, window: 60_000 } });
  const ada = await github.user("ada");
  const ben = await github.user("ben");
  await github.repository("acme/wages", { collaborators: { ada: "admin", ben: "write" } });

  const outside = {
    GITHUB_API_URL: github.apiUrl,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    GITHUB_REPOSITORY: "acme/wages",
  };
  const asAda = await openForge({ token: ada }, outside, SHORT);
  const main = (await asAda.branch("main")) ?? "";
  await asAda.createBranch("change", main);
  const { sha: change } = await asAda.commit({
    branch: "change",
    expectedHead: main,
    message: "Add data",
    write: [{ path: "data.csv", bytes: Buffer.from("age,income\n42,50000\n") }],
    remove: [],
  });
  const { number } = await asAda.pulls.create({ title: "Add data", body: "", head: "change", base: "main" });
  const opened = github.events.find(({ name }) => name === "pull_request");
  assert.ok(opened);
  const run = github.runs.start({
    name: "Trainyard",
    path: ".github/workflows/trainyard.yml",
    event: opened,
  });
  const token = github.jobToken("acme/wages", run, WRITES);
  const environment = {
    ...outside,
    GITHUB_ACTIONS: "true",
    GITHUB_RUN_ID: String(run),
    GITHUB_SERVER_URL: github.url.replace("127.0.0.1", "x.localhost"),
    ACTIONS_RESULTS_URL: github.resultsUrl,
    ACTIONS_RUNTIME_TOKEN: github.runtimeToken(run, "train"),
    RUNNER_TEMP: tmpdir(),
  };

  const app = as === "app" ? await github.app("acme-trainyard", "acme/wages", WRITES) : undefined;
  const forge: Forge =
    app === undefined
      ? await openForge({ token }, environment, SHORT)
      : await openForge({ app: { id: String(app.id), privateKey: app.privateKey } }, outside, SHORT);

  return {
    github,
    token,
    environment,
    forge,
    other: await openForge({ token: ben }, outside, SHORT),
    main,
    pull: number,
    change,
    login: app === undefined ? "github-actions[bot]" : "acme-trainyard[bot]",
    run: { id: run, name: ARTIFACT },
    async review(pull) {
      for (const event of ["COMMENT", "APPROVE"]) {
        const answer = await fetch(`${github.apiUrl}/repos/acme/wages/pulls/${pull}/reviews`, {
          method: "POST",
          headers: { authorization: `Bearer ${ben}`, "content-type": "application/json" },
          body: JSON.stringify({ event, body: "seen" }),
        });
        assert.equal(answer.status, 200);
      }
      return "ben";
    },
    async chat(issue, count) {
      for (let i = 0; i < count; i += 10) {
        await Promise.all(
          Array.from({ length: Math.min(10, count - i) }, (_, j) =>
            fetch(`${github.apiUrl}/repos/acme/wages/issues/${issue}/comments`, {
              method: "POST",
              headers: { authorization: `Bearer ${ada}`, "content-type": "application/json" },
              body: JSON.stringify({ body: `${i + j}` }),
            }),
          ),
        );
      }
    },
    async comments(issue) {
      const found: { author: string; body: string }[] = [];
      for (let page = 1; ; page++) {
        const path = `/repos/acme/wages/issues/${issue}/comments?per_page=100&page=${page}`;
        const answer = await fetch(`${github.apiUrl}${path}`, {
          headers: { authorization: `Bearer ${ada}` },
        });
        const some = (await answer.json()) as { user: { login: string }; body: string }[];
        found.push(...some.map(({ user, body }) => ({ author: user.login, body })));
        if (some.length < 100) return found;
      }
    },
    close: () => github.close(),
  };
}

/** Leaves an artifact of one file with the run, as a step of it does. */
export async function leaveArtifact({ environment }: LocalBench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-sent-"));
  writeFileSync(join(folder, "trained.json"), "{}\n");
  await inEnvironment(environment, () => actionsHandoff(environment).send(ARTIFACT, folder));
  rmSync(folder, { recursive: true, force: true });
}

/** Runs with variables that GitHub's own clients read from the process. */
export async function inEnvironment<T>(
  environment: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
