import { join } from "node:path";
import { commitTo, type MemoryWorld, memoryForge, memoryWorld } from "../../src/adapters/forge/memory.ts";
import { WORKFLOW } from "../../src/adapters/forge/speaker.ts";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { digestOf } from "../../src/core/artifacts/digest.ts";
import type { JudgedModel, Judgement } from "../../src/core/proposal/documents.ts";
import { UserError } from "../../src/errors.ts";
import type { Forge, Speaker } from "../../src/ports/forge.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import publish from "../../src/stages/publish.ts";
import { silent, temporaryFolder, write } from "../artifacts/temporary.ts";
import { judgementOf, modelOf } from "../core/report/comment-cases.ts";

/* A repository on a forge, its ledger and its remote, and a judgement to be published there. */

export const APP: Speaker = { login: "acme-trainyard[bot]", triggersWorkflows: true, kind: "app" };
export { WORKFLOW };

const CONTRACT = "model: wages\nevaluate:\n  gates:\n    - roc_auc >= 0.75\n";
const BYTES = "the model";

export interface Town {
  readonly world: MemoryWorld;
  readonly records: Map<string, string>;
  /** The pull request, its first head, and the base branch's tree. */
  readonly pull: number;
  readonly head: string;
  readonly folder: string;
  readonly store: string;
}

/** A pull request from `feature` to `main`, or from a fork. */
export async function town(fork = false): Promise<Town> {
  const world = memoryWorld("acme/wages", { "trainyard.yaml": CONTRACT });
  world.branches.set("feature", world.branches.get("main") as string);
  const head = commitTo(world, "feature", { message: "Change", write: { "train.py": "more()\n" } });
  const store = join(temporaryFolder(), "store");
  const folder = temporaryFolder();
  write(folder, {
    "trainyard.yaml": CONTRACT,
    ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ${store}\n`,
  });
  const { number: pull } = await memoryForge(world).pulls.create({
    title: "More",
    body: "",
    head: "feature",
    base: "main",
  });
  if (fork) {
    const kept = world.pulls.get(pull) as NonNullable<ReturnType<typeof world.pulls.get>>;
    world.pulls.set(pull, { ...kept, fork: { repository: "mallory/wages", sha: head } });
  }
  return { world, records: new Map(), pull, head, folder, store };
}

/** A model of a case whose bytes are those that are handed over. */
export function model(name: string, change: Partial<JudgedModel> = {}): JudgedModel {
  const digest = { ...digestOf(BYTES), size: BYTES.length };
  return modelOf(name, { digest, ...change });
}

export function judgement(
  place: Town,
  models: readonly JudgedModel[],
  change: Partial<Judgement> = {},
): Judgement {
  return judgementOf(models, { commit: place.head, ...change });
}

/** What is handed over: the judgement, and the bytes of each model. */
export function handedOver(found: unknown, bytes: Readonly<Record<string, string>> = { 0: BYTES }): string {
  const folder = temporaryFolder();
  write(folder, { "judgement.json": typeof found === "string" ? found : JSON.stringify(found) });
  for (const [name, text] of Object.entries(bytes)) write(folder, { [`models/${name}`]: text });
  return folder;
}

export interface Call {
  readonly folder: string;
  readonly speaker?: Speaker;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Called before and after each write to the outside world, with what is written. */
  readonly watch?: (what: string, when: "before" | "after") => void | Promise<void>;
  readonly now?: string;
}

/** Runs the stage once. */
export async function run(place: Town, { folder, speaker = APP, inputs = {}, watch, now }: Call) {
  const given = {
    judgement: folder,
    todo: "judge",
    reason: undefined,
    scored: "success",
    pull: place.pull,
    head: place.head,
    runId: 4711,
    token: "t",
    appId: undefined,
    appPrivateKey: undefined,
    ...inputs,
  };
  const workspace = await openWorkspace(place.folder, silent());
  const ports = {
    folder: place.folder,
    now: () => new Date(now ?? "2026-11-21T08:00:00Z"),
    host: { run: { id: 4712, attempt: 1, url: "https://github.com/acme/wages/actions/runs/4712" } },
    workspace: async () => watchedRemote(workspace, watch),
    forge: async () => watchedForge(memoryForge(place.world, speaker), watch),
    ledger: async () => watchedLedger(place.records, watch),
  };
  return publish.run(given as never, ports as unknown as Ports);
}

type Watch = Call["watch"];

async function watched<T>(what: string, watch: Watch, work: () => Promise<T>): Promise<T> {
  await watch?.(what, "before");
  const done = await work();
  await watch?.(what, "after");
  return done;
}

function watchedForge(forge: Forge, watch: Watch): Forge {
  return {
    ...forge,
    comments: {
      ...forge.comments,
      upsert: (...all) => watched("comment", watch, () => forge.comments.upsert(...all)),
    },
    checks: { ...forge.checks, put: (check) => watched("check", watch, () => forge.checks.put(check)) },
    statuses: {
      ...forge.statuses,
      put: (...all) => watched("status", watch, () => forge.statuses.put(...all)),
    },
    commit: (commit) => watched("commit", watch, () => forge.commit(commit)),
  };
}

function watchedLedger(records: Map<string, string>, watch: Watch): Ledger {
  return {
    add: (given) =>
      watched("ledger", watch, async () => {
        for (const { path, text } of given) {
          const there = records.get(path);
          if (there !== undefined && there !== text) throw new UserError(`${path} stands with other bytes`);
        }
        const added = given.filter(({ path }) => !records.has(path)).map(({ path }) => path);
        for (const { path, text } of given) records.set(path, text);
        return { commit: "c".repeat(40), added };
      }),
    list: async (folder) => [...records.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
    read: async (path) => records.get(path),
  };
}

function watchedRemote(workspace: Workspace, watch: Watch): Workspace {
  return {
    ...workspace,
    async remote(name) {
      const { toSend: _, ...remote } = await workspace.remote(name);
      return { ...remote, send: (...all) => watched("bytes", watch, () => remote.send(...all)) };
    },
  };
}

/** All that the outside world holds after publishing, times apart. */
export function stateOf({ world, records }: Town) {
  const newest = new Map(
    world.statuses.map(({ commit, status }) => [`${commit} ${status.context}`, status.state]),
  );
  return {
    comments: world.comments.map(({ author, body }) => ({ author, body })),
    checks: world.checks.map(({ author, check }) => ({ author, ...check })),
    statuses: [...newest].sort(),
    commits: world.commits.size,
    feature: world.branches.get("feature"),
    records: [...records.keys()].sort(),
  };
}
