import { join } from "node:path";
import { diagnose } from "../core/doctor/diagnose.ts";
import type { ForgeFacts, Tree } from "../core/doctor/facts.ts";
import { repositoryIn } from "../core/doctor/origin.ts";
import { showDiagnosis } from "../core/doctor/show.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { Workspace } from "../ports/workspace.ts";
import { askForge } from "./doctor/forge.ts";
import { readTree } from "./doctor/tree.ts";
import { text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard doctor` */
export default defineStage({
  name: "doctor",
  summary: "Say what keeps verdicts from working or from being enforced, and the click or command for each.",
  inputs: {
    repository: text("owner/name on GitHub; else the one that origin names", { placeholder: "name" }),
    token: text("To ask GitHub with; else GITHUB_TOKEN or GH_TOKEN", { placeholder: "token" }),
  },
  outputs: { standing: "enforced, advisory or unknown", broken: "How much does not work so" },
  examples: ["trainyard doctor", "GITHUB_TOKEN=$(gh auth token) trainyard doctor", "trainyard doctor --json"],

  async run({ repository, token }, ports) {
    const workspace = await ports.workspace(ports.folder);
    const tree = await readTree(ports, workspace);
    const asked = await ask(ports, workspace, tree, repository, token);
    const { standing, findings } = diagnose({ tree, forge: asked.forge });
    const broken = findings.filter(({ severity }) => severity === "broken").length;
    return {
      ...(broken > 0 ? { exit: EXIT.failed } : {}),
      outputs: { standing: standing.level, broken: String(broken) },
      text: showDiagnosis({ standing, findings }, { forge: asked.forge, why: asked.why }),
      json: {
        schema: "trainyard/doctor/1",
        repository: asked.forge?.repository ?? null,
        asked: asked.forge !== undefined,
        not_asked_because: asked.why ?? null,
        standing,
        findings,
      },
    };
  },
});

/** Asks the forge where there is a token for it; what keeps it from answering is no reason to say nothing. */
async function ask(
  ports: Ports,
  { files, repo }: Workspace,
  tree: Tree,
  named: string | undefined,
  token: string | undefined,
): Promise<{ readonly forge: ForgeFacts | undefined; readonly why: string | undefined }> {
  const config = repo === undefined ? undefined : await files.read(join(repo.root, ".git", "config"));
  const repository = named ?? ports.host.repository ?? repositoryIn(config ?? "");
  if (repository === undefined)
    return {
      forge: undefined,
      why: "origin is no repository on GitHub; name it with --repository owner/name",
    };
  if (token === undefined && ports.host.hasToken !== true)
    return { forge: undefined, why: "there is no token; say GITHUB_TOKEN=$(gh auth token) trainyard doctor" };
  try {
    const forge = await ports.forge({ repository, ...(token === undefined ? {} : { token }) });
    return { forge: await askForge(forge, tree), why: undefined };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { forge: undefined, why: `${repository} could not be asked (${error.message})` };
  }
}
