import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GithubEvent, LocalGithub } from "../contract.ts";
import { type Answer, notFound } from "./answers.ts";
import { answerApi } from "./api.ts";
import { actionsApp, makeApp } from "./apps.ts";
import { answerBlob } from "./blobs.ts";
import { newFaults } from "./faults.ts";
import { answerGit, checkGit, countPush, gitRequest } from "./git-http.ts";
import { deployByJob } from "./job-deployments.ts";
import { type Limits, newCounter } from "./limits.ts";
import { forkRepository, makeRepository } from "./make-repository.ts";
import { description } from "./openapi.ts";
import { answerPage } from "./pages/pages.ts";
import { pullsOf } from "./pulls.ts";
import { enqueue, settleQueue } from "./queue.ts";
import { renameDefault } from "./rename-default.ts";
import { answerResults } from "./results.ts";
import type { Doing } from "./routes.ts";
import { findRun, startRun, tellRun } from "./runs.ts";
import { tellSchedule } from "./schedules.ts";
import { type Behind, listen, stop } from "./server.ts";
import { identify, jobToken, nobody, runtimeToken, tokenOf, userToken } from "./tokens.ts";
import {
  account,
  findRepository,
  inTurn,
  newWorld,
  nextId,
  type Repository,
  stamp,
  type World,
} from "./world.ts";

/** How a local GitHub differs from the real one, for tests. */
export interface GithubOptions {
  readonly now?: () => Date;
  readonly limits?: Partial<Limits>;
}

/** What it can do beyond the contract. */
export interface Github extends LocalGithub {
  /** Puts a pull request into the merge queue, as its button does. */
  enqueue(repository: string, number: number, login: string): Promise<void>;
  /** Gives the default branch another name, as the settings page does. */
  renameDefault(repository: string, to: string): Promise<void>;
  /** Lets the time of a workflow's schedule come. @param cron which one; may be left out where there is one */
  schedule(repository: string, path: string, cron?: string): Promise<void>;
  /** Every event so far, in order. */
  readonly events: readonly GithubEvent[];
  /** The state behind it, for pages and for tests that look closely. */
  readonly world: World;
}

const read = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

/** Starts a GitHub on the loopback. It keeps what it knows until it is closed. */
export async function openGithub(options: GithubOptions = {}): Promise<Github> {
  const folder = await mkdtemp(join(tmpdir(), "local-github-"));
  const counter = newCounter({ writes: 80, window: 60_000, ...options.limits });
  const pushes = newCounter({ writes: 80, window: 60_000, ...options.limits });
  const faults = newFaults();
  const [violations, requests]: [string[], { method: string; path: string; status: number }[]] = [[], []];
  const events: GithubEvent[] = [];
  const listeners: ((event: GithubEvent) => void)[] = [];
  const described = description();
  let made: World | undefined;

  const tell = (told: readonly GithubEvent[]): void => {
    for (const event of told) {
      events.push(event);
      for (const listener of listeners) listener(event);
    }
  };

  async function answer(
    world: World,
    request: IncomingMessage,
    url: URL,
    path: string,
    happened: GithubEvent[],
  ): Promise<Answer> {
    const emit = (event: GithubEvent): void => void happened.push(event);
    const doing = (): Doing => ({
      world,
      who: identify(world, tokenOf(request.headers.authorization)),
      emit,
    });
    const git = gitRequest({ world, who: nobody(world), emit }, url);
    if (git) {
      const by = doing();
      const repository = checkGit(by, git.repository, git.pushes);
      if (git.rest === "git-receive-pack") countPush(pushes, by);
      return answerGit(by, repository, git.rest, url, request);
    }
    const method = request.method ?? "GET";
    const bytes = await read(request);
    if (url.pathname.startsWith("/twirp/")) {
      return answerResults(world, url.pathname, request.headers.authorization, bytes);
    }
    if (url.pathname.startsWith("/blobs/")) return answerBlob(world, method, url, request.headers, bytes);
    if (url.pathname.startsWith("/api/")) {
      const violation = (words: string): void => void violations.push(words);
      const asked = { method, path, url, headers: request.headers, bytes, emit };
      return answerApi({ world, counter, description: described, violation }, asked);
    }
    return answerPage(world, url.pathname);
  }

  const { url, server } = await listen((base): Behind => {
    const world = newWorld(folder, base, options.now ?? (() => new Date()));
    made = world;
    return { faults, requests, tell, answer: (...of) => answer(world, ...of) };
  });
  if (!made) throw new Error("the server did not start");
  const world = made;
  const actions = actionsApp(world);

  const named = (name: string): Repository => {
    const found = findRepository(world, name);
    if (!found) throw new Error(`there is no repository "${name}"`);
    return found;
  };
  /** Does something in somebody's name, outside of any request, and tells of it. */
  const as = async <T>(login: string, work: (doing: Doing) => Promise<T>): Promise<T> => {
    const happened: GithubEvent[] = [];
    const token = userToken(world, login);
    const result = await work({
      world,
      who: identify(world, token),
      emit: (event) => void happened.push(event),
    });
    tell(happened);
    return result;
  };
  const run = (id: number): NonNullable<ReturnType<typeof findRun>> => {
    const found = findRun(world, id);
    if (!found) throw new Error(`there is no run ${id}`);
    return found;
  };

  return {
    url,
    apiUrl: `${url}/api/v3`,
    graphqlUrl: `${url}/api/graphql`,
    resultsUrl: `${url}/`,
    world,
    events,
    violations,
    requests,
    user: async (login) => userToken(world, login),
    repository: (name, how) => makeRepository(world, name, how),
    fork: (name, owner) => forkRepository(world, named(name), owner),
    app: (slug, name, permissions) => makeApp(world, slug, named(name), permissions),
    async protect(name, branch, rules) {
      named(name).rules.set(branch, {
        id: nextId(world),
        branch,
        checks: rules.checks ?? [],
        approvals: rules.approvals ?? 0,
        codeOwners: rules.codeOwners ?? false,
        dismissStale: rules.dismissStale ?? false,
        mergeQueue: rules.mergeQueue ?? false,
        createdAt: stamp(world),
      });
    },
    renameDefault: (name, to) => renameDefault(named(name), to),
    enqueue: (name, number, login) =>
      inTurn(world, named(name), () =>
        as(login, async (doing) => {
          const repository = named(name);
          const issue = pullsOf(repository).find((one) => one.number === number);
          if (!issue) throw notFound();
          await enqueue(doing, repository, issue);
          await settleQueue(doing, repository);
        }),
      ),
    schedule: (name, path, cron) =>
      as(named(name).owner.login, (doing) => tellSchedule(doing, named(name), path, cron)),
    jobToken: (name, _run, permissions) => jobToken(world, named(name), actions, permissions),
    revoke: (token) => void world.revoked.add(token),
    jobDeployment(id, environment) {
      const { repository, run: begun } = run(id);
      const happened: GithubEvent[] = [];
      const who = {
        ...nobody(world),
        account: account(world, "github-actions[bot]"),
        startsWorkflows: false,
      };
      const doing: Doing = { world, who, emit: (event) => void happened.push(event) };
      const state = deployByJob(doing, repository, begun, environment);
      tell(happened.splice(0));
      return (name) => {
        state(name);
        tell(happened.splice(0));
      };
    },
    runtimeToken: (id, job) => runtimeToken(world, `${id}.${run(id).run.attempt}`, job),
    runs: {
      start: (record) => startRun(world, record).id,
      again(id) {
        const { run: old } = run(id);
        old.attempt += 1;
        Object.assign(old, {
          status: "in_progress",
          conclusion: null,
          startedAt: stamp(world),
          updatedAt: stamp(world),
        });
        return old.attempt;
      },
      finish(id, conclusion) {
        const { repository, run: ended } = run(id);
        Object.assign(ended, { status: "completed", conclusion, updatedAt: stamp(world) });
        const { actor } = ended.record.event;
        const who = { ...nobody(world), account: account(world, actor) };
        const happened: GithubEvent[] = [];
        tellRun({ world, who, emit: (event) => void happened.push(event) }, repository, ended, "completed");
        tell(happened);
      },
    },
    onEvent: (listener) => void listeners.push(listener),
    fault: (fault) => faults.add(fault),
    async close() {
      await stop(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
