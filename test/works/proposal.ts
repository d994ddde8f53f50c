import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { OpenPorts } from "../../src/adapters/open.ts";
import { openPorts } from "../../src/adapters/open.ts";
import type { JudgedModel, Judgement } from "../../src/core/proposal/documents.ts";
import { recordsOf } from "../../src/core/proposal/record.ts";
import { recordFiles } from "../../src/core/proposal/vouch.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import { trainHandedOver } from "../../src/works/given-training.ts";
import { type HandedOver, type HandOverRequest, handOver } from "../../src/works/hand-over.ts";
import { type JudgeRequest, judge } from "../../src/works/judge.ts";

/** A contract of a model that is trained in a moment. */
export function contract(
  more: { readonly train?: string; readonly gates?: string; readonly data?: string } = {},
): string {
  return `model: small
task: binary-classification
plan:
  costs: { false_positive: 1, false_negative: 2 }
data:
  sources: { rows: data/rows.csv }
  roles: { label: y, positive: 1, id: id, sensitive: [g], leaks: [answer] }
${more.data ?? ""}split: { by: hash, holdout: 30%, validation: 20% }
features:
  - scale: [a, b]
train: ${more.train ?? "{ with: logistic, params: { epochs: 3 } }"}
evaluate:
  decision: { threshold: 0.5 }
  bootstrap: { resamples: 20 }
  gates:
${
  more.gates ??
  `    - accuracy >= 0.4
    - gate: accuracy >= baseline - 0.5
      when_inconclusive: warn
`
}`;
}

/** Rows of which a tells the label, and `answer` says it aloud. */
export function rows(
  count = 150,
  answer: (row: number, label: number) => string = (_, label) => `is${label}`,
): string {
  const lines = Array.from({ length: count }, (_, row) => {
    const label = row % 7 > 3 ? 1 : 0;
    return `r${row},${row % 7},${(row * 31) % 11},${row % 2 === 0 ? "x" : "y"},${answer(row, label)},${label}`;
  });
  return `id,a,b,g,answer,y\n${lines.join("\n")}\n`;
}

/** A ledger in memory: what was added is there. */
export function memoryLedger(files = new Map<string, string>()): Ledger {
  return {
    async add(records) {
      for (const { path, text } of records) files.set(path, text);
      return { commit: "0".repeat(40), added: records.map(({ path }) => path) };
    },
    list: async (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
    read: async (path) => files.get(path),
  };
}

const environment = {
  ...process.env,
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** A repository with a base branch, on which jobs are played in folders of their own. */
export interface Proposal {
  readonly folder: string;
  readonly ledger: Ledger;
  git(...args: string[]): string;
  write(path: string, text: string): void;
  read(path: string): string;
  edit(path: string, from: string, to: string): void;
  /** Commits all that was written; the commit. */
  commit(): string;
  /** A new empty folder. */
  room(): string;
  /** The trees that jobs are given: `head/` and `base/`, each with its own `.git`, and the base's `.dvc`. */
  layOut(head: string, base: string): string;
  handOver(trees: string, more?: Partial<HandOverRequest>): Promise<HandedOver & { readonly out: string }>;
  /** @returns the folder that was written */
  train(handover: string): Promise<string>;
  judge(
    trees: string,
    more?: Partial<JudgeRequest>,
  ): Promise<{ readonly judgement: Judgement; readonly model: JudgedModel; readonly out: string }>;
  /** Writes the verdicts to the ledger and the bytes to the remote, as the last job does. */
  publish(judgement: Judgement, out: string): Promise<void>;
  ports(folder: string): OpenPorts;
  close(): Promise<void>;
}

export function openProposal(): Proposal {
  const rooms = mkdtempSync(join(tmpdir(), "trainyard-proposal-"));
  const folder = join(rooms, "main");
  const ledger = memoryLedger();
  const opened: OpenPorts[] = [];
  let count = 0;
  const git = (cwd: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync("git", args, { cwd, env: environment, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const proposal: Proposal = {
    folder,
    ledger,
    git: (...args) => git(folder, ...args),
    read: (path) => readFileSync(join(folder, path), "utf8"),
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    edit(path, from, to) {
      const text = proposal.read(path);
      if (!text.includes(from)) throw new Error(`${path} does not hold ${JSON.stringify(from)}`);
      proposal.write(path, text.replace(from, to));
    },
    commit() {
      git(folder, "add", "--all");
      git(folder, "commit", "--quiet", "--allow-empty", "--message", "A change");
      return git(folder, "rev-parse", "HEAD");
    },
    room() {
      count += 1;
      return join(rooms, `room-${count}`);
    },
    layOut(head, base) {
      const place = proposal.room();
      for (const [name, commit] of Object.entries({ head, base })) {
        git(rooms, "clone", "--quiet", "--no-checkout", folder, join(place, name));
        git(join(place, name), "checkout", "--quiet", "--detach", commit);
      }
      rmSync(join(place, "head", ".dvc"), { recursive: true, force: true });
      if (existsSync(join(place, "base", ".dvc"))) {
        cpSync(join(place, "base", ".dvc"), join(place, "head", ".dvc"), { recursive: true });
      }
      return place;
    },
    ports(at) {
      const ports = openPorts({ folder: at, stream: process.stderr, environment: { CI: "true" } });
      const asked: OpenPorts = {
        ...ports,
        progress: {
          say: () => {},
          start: () => ({ update: () => {}, end: () => {} }),
        } as OpenPorts["progress"],
        host: { ...ports.host, kind: "actions" },
        ledger: async () => ledger,
      };
      opened.push(asked);
      return asked;
    },
    async handOver(trees, more = {}) {
      const out = proposal.room();
      const handed = await handOver(proposal.ports(join(trees, "head")), {
        base: "../base",
        out,
        token: "t",
        pull: 1,
        draft: false,
        labels: [],
        asked: false,
        budget: 20,
        ...more,
      });
      return { ...handed, out };
    },
    async train(handover) {
      const out = proposal.room();
      await trainHandedOver(proposal.ports(handover), handover, out);
      return out;
    },
    async judge(trees, more = {}) {
      const out = proposal.room();
      const judgement = await judge(proposal.ports(join(trees, "head")), {
        base: "../base",
        trained: undefined,
        outside: false,
        verify: false,
        mergeBase: undefined,
        token: "t",
        out,
        ...more,
      });
      const [model] = judgement.models;
      if (model === undefined) throw new Error("nothing was judged");
      return { judgement, model, out };
    },
    async publish(judgement, out) {
      const workspace = await proposal.ports(folder).workspace(folder);
      for (const index of judgement.models.keys())
        await workspace.cache.put(join(out, "models", String(index)));
      const facts = {
        pull: 1,
        trainedBy: null,
        judgedBy: "run",
        judgedAt: "2026-11-21T07:00:00Z",
        tool: "t",
      };
      await ledger.add(recordsOf(judgement, facts).flatMap(recordFiles));
      const { send } = await import("../../src/artifacts/transfer.ts");
      for (const { digest } of judgement.models) {
        if (digest !== null) await send(digest.md5 as never, workspace.cache, await workspace.remote());
      }
    },
    async close() {
      for (const ports of opened) await ports.close();
      rmSync(rooms, { recursive: true, force: true });
    },
  };
  mkdirSync(folder, { recursive: true });
  git(folder, "init", "--quiet", "--initial-branch=main");
  proposal.write(
    ".dvc/config",
    `[core]\n    remote = store\n['remote "store"']\n    url = ${join(rooms, "store")}\n`,
  );
  proposal.write(".dvc/.gitignore", "/cache\n/tmp\n");
  proposal.write(".gitignore", ".trainyard/\nmodels/small\n");
  proposal.write("data/rows.csv", rows());
  proposal.write("trainyard.yaml", contract());
  return proposal;
}
