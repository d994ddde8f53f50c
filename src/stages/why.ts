import { join } from "node:path";
import { repositoryIn } from "../core/doctor/origin.ts";
import { showWhy } from "../core/lineage/show-why.ts";
import { isVouched, type ReviewedPull, type Why } from "../core/lineage/why.ts";
import { UserError } from "../errors.ts";
import type { ForgeAccess } from "../ports/forge.ts";
import type { Ports } from "../ports/ports.ts";
import type { Workspace } from "../ports/workspace.ts";
import { fetchedLedger } from "../works/lineage/fetched-ledger.ts";
import { parseAsked } from "../works/lineage/found.ts";
import { toldByLedger, whyOf } from "../works/lineage/why.ts";
import { required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

const MOST_PULLS = 5;

/** `trainyard why MODEL@DIGEST` */
export default defineStage({
  name: "why",
  summary:
    "Say on one page why a model is what it is: its data, code, parameters, numbers, verdicts and review.",
  inputs: {
    model: required(
      "MODEL for what production serves, MODEL@v1.2.0, or MODEL@ and the first digits of a digest",
      {
        positional: true,
        placeholder: "model@digest",
      },
    ),
    token: text("Reads the ledger and who approved; else the ledger as it was last fetched", {
      placeholder: "token",
    }),
    repository: text("owner/name on GitHub; else the one that origin names", { placeholder: "name" }),
  },
  outputs: {
    sha256: "The model's digest",
    vouched: "Whether a verdict let these bytes pass: true or false; empty where the ledger was not read",
  },
  examples: ["trainyard why wages", "trainyard why wages@v1.2.0", "trainyard why wages@13a67817 --json"],

  async run({ model, token, repository }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const known = await whyOf(workspace, parseAsked(model));
    const why = await withRecords(
      known,
      workspace,
      ports,
      await accessOf(workspace, ports, repository, token),
    );
    const { model: name, md5, sha256, size, nfiles, commit, fingerprint, records, pulls, ...rest } = why;
    return {
      outputs: { sha256: sha256 ?? "", vouched: String(isVouched(why) ?? "") },
      text: showWhy(why, ports.screen),
      json: {
        schema: "trainyard/why/1",
        model: name,
        sha256: sha256 ?? null,
        md5: md5 ?? null,
        size: size ?? null,
        files: nfiles ?? null,
        vouched: isVouched(why) ?? null,
        commit: commit ?? null,
        fingerprint: fingerprint ?? null,
        ...rest,
        pulls: pulls.map(({ approvedBy, ...pull }) => ({ ...pull, approved_by: approvedBy })),
        verdicts: records ?? null,
      },
    };
  },
});

/** How the forge is asked; undefined where nobody named a token, so that it is not. */
async function accessOf(
  { repo, files }: Workspace,
  ports: Ports,
  named: string | undefined,
  token: string | undefined,
): Promise<ForgeAccess | undefined> {
  if (repo === undefined || (token === undefined && ports.host.hasToken !== true)) return undefined;
  const config = await files.read(join(repo.root, ".git", "config"));
  const repository = named ?? ports.host.repository ?? repositoryIn(config ?? "");
  return { ...(repository === undefined ? {} : { repository }), ...(token === undefined ? {} : { token }) };
}

/** Adds what ledger and forge say. What cannot be asked is said in a note, and never taken for an answer. */
async function withRecords(
  known: Omit<Why, "records" | "deployments" | "pulls">,
  { repo }: Workspace,
  ports: Ports,
  access: ForgeAccess | undefined,
): Promise<Why> {
  const notes = [...known.notes];
  const softly = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notes.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  const ledger =
    access === undefined
      ? repo && (await fetchedLedger(repo))
      : await softly("the ledger could not be read", () => ports.ledger(access));
  if (access === undefined) {
    notes.push(
      ledger === undefined
        ? "the ledger is not here: `git fetch origin trainyard:refs/remotes/origin/trainyard`, or hand a token over"
        : "the ledger is as it was last fetched; who approved is known with a token",
    );
  }
  const told = ledger && (await softly("the ledger could not be read", () => toldByLedger(ledger, known)));
  const numbers = [...(told?.records ?? []), ...(told?.deployments ?? [])].flatMap(({ pull }) => pull ?? []);
  const pulls =
    access === undefined
      ? undefined
      : await softly("the forge could not be asked", () => reviewed(ports, access, [...new Set(numbers)]));
  return {
    ...known,
    records: told?.records,
    deployments: told?.deployments ?? [],
    pulls: pulls ?? [],
    notes,
  };
}

/** Who opened the pull requests, and who approves of them now. */
async function reviewed(
  ports: Ports,
  access: ForgeAccess,
  numbers: readonly number[],
): Promise<readonly ReviewedPull[]> {
  const forge = await ports.forge(access);
  const found: ReviewedPull[] = [];
  for (const number of numbers.slice(0, MOST_PULLS)) {
    const pull = await forge.pulls.get(number);
    if (pull === undefined) continue;
    const last = new Map<string, string>();
    for (const { by, state } of await forge.pulls.reviews(number))
      if (state !== "commented") last.set(by, state);
    const approvedBy = [...last].filter(([, state]) => state === "approved").map(([by]) => by);
    found.push({ number, url: pull.url, title: pull.title, author: pull.author, approvedBy });
  }
  return found;
}
