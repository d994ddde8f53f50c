import { join, relative } from "node:path";
import { rollbackTitle, stepName } from "../core/deployments/rollback.ts";
import { repositoryIn } from "../core/doctor/origin.ts";
import { terminalText } from "../core/report/escape.ts";
import { EXIT, UserError } from "../errors.ts";
import type { ForgeAccess, PullRequest } from "../ports/forge.ts";
import { planRollback, type RollbackPlace, type RollbackPlan, rollbackPlace } from "../works/rollback.ts";
import { forgeBase, openRollback } from "../works/rollback-open.ts";
import { flag, required, text } from "./inputs.ts";
import { defineStage, type Result } from "./stage.ts";

type Output = "version" | "sha256" | "pull";

/** `trainyard rollback MODEL` */
export default defineStage({
  name: "rollback",
  summary: "Have an environment serve again what it served before: edit its desired state, and nothing else.",
  inputs: {
    model: required("The model's name", { positional: true, placeholder: "model" }),
    environment: text("The environment; else the only one, or the last that the contract names", {
      placeholder: "name",
    }),
    to: text("A version or the first digits of a sha256; else what was there before", {
      placeholder: "version",
    }),
    open: flag("Leave the files here as they are, and open the pull request"),
    token: text("Reads the ledger, which knows what served; with --open writes the branch", {
      placeholder: "token",
    }),
    repository: text("owner/name on GitHub; else the one that origin names", { placeholder: "name" }),
    dryRun: flag("Say what would be done, and do nothing"),
  },
  outputs: {
    version: "The version that is wanted again; empty where the bytes have none",
    sha256: "Its digest",
    pull: "The pull request's number; empty where none was opened",
  },
  examples: [
    "trainyard rollback wages",
    "trainyard rollback wages --environment staging --to v1.1.0",
    "trainyard rollback wages --open --token TOKEN",
  ],

  async run({ model, environment, to, open, token, repository, dryRun }, ports): Promise<Result<Output>> {
    const place = await rollbackPlace(ports);
    const access = await accessOf(place, repository, token);
    const asked = { model, environment, to, access };
    if (!open) return here(place, await planRollback(place, asked), dryRun);
    if (access === undefined) {
      throw new UserError("--open writes to GitHub: hand a token over with --token, or in GITHUB_TOKEN", {
        exit: EXIT.usage,
      });
    }
    const forge = await ports.forge(access);
    const base = await forgeBase(forge);
    const plan = await planRollback(place, asked, (path) => forge.file(path, base.commit));
    if (dryRun)
      return resultOf(plan, "would open", [`would open “${rollbackTitle(plan)}” in ${forge.repository}`]);
    const pull = await openRollback(forge, plan, base);
    if (pull !== undefined) return resultOf(plan, "opened", [pull.url, NEXT], pull);
    return resultOf(plan, "stands", [`${base.branch} wants ${stepName(plan.to)} there already`]);
  },
});

const NEXT = "next: merge it once its check says that it is a rollback; no gate stands in its way";

/** How the forge is asked; undefined where nobody named a token, so that it is not. */
async function accessOf(
  { ports, workspace, repo }: RollbackPlace,
  named: string | undefined,
  token: string | undefined,
): Promise<ForgeAccess | undefined> {
  if (token === undefined && ports.host.hasToken !== true) return undefined;
  const config = await workspace.files.read(join(repo.root, ".git", "config"));
  const repository = named ?? ports.host.repository ?? repositoryIn(config ?? "");
  return { ...(repository === undefined ? {} : { repository }), ...(token === undefined ? {} : { token }) };
}

/** Edits the desired state in the working tree. */
async function here(place: RollbackPlace, plan: RollbackPlan, dryRun: boolean): Promise<Result<Output>> {
  const { workspace, repo, ports } = place;
  const file = join(repo.root, plan.path);
  const shown = relative(ports.folder, file);
  if ((await workspace.files.read(file)) === plan.text) {
    return resultOf(plan, "stands", [`${shown} names ${stepName(plan.to)} already`]);
  }
  if (dryRun) return resultOf(plan, "would write", [`would write ${shown}`]);
  if (!(await workspace.files.liesBelow(file, repo.root))) {
    throw new UserError(`"${plan.path}" leads out of the repository; it is not written`);
  }
  await workspace.files.write(file, plan.text);
  return resultOf(plan, "written", [`wrote ${shown}; nothing else was changed`, ...commands(plan, shown)]);
}

/** What brings it to the default branch. */
function commands(plan: RollbackPlan, shown: string): readonly string[] {
  const { model, environment } = plan;
  return [
    "next, and merge the pull request:",
    `  git switch --create roll-back-${model}-${environment}`,
    `  git commit --message "${rollbackTitle(plan)}" -- ${shown}`,
    "  git push --set-upstream origin HEAD && gh pr create --fill",
    "or have all of this done on GitHub, with --open",
  ];
}

type Outcome = "written" | "would write" | "stands" | "opened" | "would open";

function resultOf(
  plan: RollbackPlan,
  outcome: Outcome,
  lines: readonly string[],
  pull?: PullRequest,
): Result<Output> {
  const { to, source, notes, model, environment, path } = plan;
  const whence = source === "ledger" ? "as the ledger says" : "as the file's history says";
  const brought = to.pull === undefined ? "" : `, brought there by #${to.pull}`;
  const when = to.at === undefined ? "" : ` on ${to.at.slice(0, 10)}`;
  return {
    outputs: {
      version: to.version ?? "",
      sha256: to.digest.sha256,
      pull: pull === undefined ? "" : String(pull.number),
    },
    text: [
      `${model} in ${environment}: back to ${stepName(to)} (sha256 ${to.digest.sha256.slice(0, 12)}${brought}${when}), ${whence}`,
      ...lines,
      ...notes.map((note) => `note: ${note}`),
    ]
      .map((line) => (line.startsWith("  ") ? line : terminalText(line, 1000)))
      .join("\n"),
    json: {
      schema: "trainyard/rollback/1",
      outcome,
      model,
      environment,
      path,
      version: to.version ?? null,
      sha256: to.digest.sha256,
      md5: to.digest.md5,
      source,
      pull: pull === undefined ? null : { number: pull.number, url: pull.url },
      notes,
    },
  };
}
