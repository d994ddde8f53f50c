import { commitTo, type MemoryWorld, memoryForge, memoryWorld } from "../../../src/adapters/forge/memory.ts";
import { WORKFLOW } from "../../../src/adapters/forge/speaker.ts";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import type { VerdictRecord } from "../../../src/core/proposal/documents.ts";
import { recordFiles } from "../../../src/core/proposal/vouch.ts";
import { tagMessage } from "../../../src/core/registry/message.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import type { Ledger } from "../../../src/ports/ledger.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import type { Scene } from "../../../src/works/release/scene.ts";
import { silent, temporaryFolder, write } from "../../artifacts/temporary.ts";
import { md5, sha, verdictOf } from "../../core/deployments/make-records.ts";
import { memoryLedger } from "../proposal.ts";

/* A repository on a forge with desired states on its default branch, a ledger, and servers that answer. */

export const CONTRACT = `model: wages
task: binary-classification
data:
  sources: { rows: rows.csv }
  roles: { label: y, positive: 1 }
features: [{ scale: [a] }]
train: { with: logistic }
deploy:
  staging: { to: server, url: "https://staging.example.com" }
  production: { to: server, after: staging }
`;

export const STAGING = "deployments/staging/wages.yaml";
export const PRODUCTION = "deployments/production/wages.yaml";

export const state = (digest: string, version?: string): string =>
  `model: wages\nserve: { ${version === undefined ? "" : `version: ${version}, `}sha256: ${sha(digest)}, md5: ${md5(digest)} }\n`;

/** Called before and after each write to the outside world, with what is written. */
export type Watch = (what: string, when: "before" | "after") => void;

export interface Town {
  readonly world: MemoryWorld;
  readonly records: Map<string, string>;
  /** What servers say that they serve, by address; the digit of the digest. */
  readonly serving: Map<string, string>;
  /** What the default branch has now. */
  put(files: Readonly<Record<string, string>>): string;
  judged(digest: string, more?: Partial<Omit<VerdictRecord, "digest">>): void;
  version(digest: string, version: string): Promise<void>;
  /** The scene of the newest commit, or of an older one. */
  scene(commit?: string, watch?: Watch): Promise<Scene>;
}

/** Opens a town whose first model, `a`, was judged and merged. */
export async function openTown(contract = CONTRACT): Promise<Town> {
  const world = memoryWorld("acme/wages", { "trainyard.yaml": contract, [STAGING]: state("a") });
  const records = new Map<string, string>();
  const serving = new Map<string, string>();
  const folders = new Map<string, string>();
  const town: Town = {
    world,
    records,
    serving,
    put: (files) => commitTo(world, "main", { message: "Change", write: files }),
    judged(digest, more = {}) {
      for (const { path, text } of recordFiles(verdictOf({ digest, ...more }))) records.set(path, text);
    },
    async version(digest, version) {
      const facts = { sha256: sha(digest), md5: md5(digest) };
      const commit = world.branches.get("main") ?? "";
      const message = tagMessage(`wages ${version}: Passes`, facts);
      await memoryForge(world).tags.create({ name: `wages@${version}`, commit, message });
    },
    async scene(asked, watch) {
      const commit = asked ?? world.branches.get("main") ?? "";
      const top = folders.get(commit) ?? temporaryFolder();
      folders.set(commit, top);
      const files = [...(world.commits.get(commit)?.tree ?? [])].map(([path, bytes]) => [
        path,
        String(bytes),
      ]);
      write(top, Object.fromEntries(files) as Record<string, string>);
      const ports = {
        folder: top,
        now: () => new Date("2026-11-21T10:00:00Z"),
        signal: new AbortController().signal,
        workspace: (at: string) => openWorkspace(at, silent()),
        ask: async (address: string) => {
          const digest = serving.get(new URL(address).origin);
          const said = { trainyard: { sha256: sha(digest ?? "0"), version: null } };
          return { status: digest === undefined ? 503 : 200, text: JSON.stringify(said) };
        },
      } as unknown as Ports;
      return {
        ports,
        forge: watchedForge(memoryForge(world, WORKFLOW), watch),
        ledger: watchedLedger(memoryLedger(records), watch),
        workspace: await openWorkspace(top, silent()),
        top,
        commit,
        run: "https://github.com/acme/wages/actions/runs/1",
      };
    },
  };
  town.judged("a");
  await town.version("a", "v1.0.0");
  town.serving.set("https://staging.example.com", "a");
  return town;
}

async function watched<T>(what: string, watch: Watch | undefined, work: () => Promise<T>): Promise<T> {
  watch?.(what, "before");
  const done = await work();
  watch?.(what, "after");
  return done;
}

function watchedForge(forge: Forge, watch: Watch | undefined): Forge {
  const { deployments, tags, pulls } = forge;
  return {
    ...forge,
    deployments: {
      ...deployments,
      create: (one) => watched("deployment", watch, () => deployments.create(one)),
      status: (id, one) => watched(`status ${one.state}`, watch, () => deployments.status(id, one)),
    },
    tags: { ...tags, create: (one) => watched("tag", watch, () => tags.create(one)) },
    pulls: {
      ...pulls,
      create: (one) => watched("pull", watch, () => pulls.create(one)),
      update: (...all) => watched("update", watch, () => pulls.update(...all)),
    },
    createBranch: (...all) => watched("branch", watch, () => forge.createBranch(...all)),
    moveBranch: (...all) => watched("move", watch, () => forge.moveBranch(...all)),
    commit: (one) => watched("commit", watch, () => forge.commit(one)),
  };
}

function watchedLedger(ledger: Ledger, watch: Watch | undefined): Ledger {
  return { ...ledger, add: (all) => watched("record", watch, () => ledger.add(all)) };
}
