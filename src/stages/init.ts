import { nextSteps } from "../core/drafts/next-steps.ts";
import { EVERYWHERE, STARTERS, type Starter, starterNamed } from "../core/drafts/starters.ts";
import { beginning, type Surroundings } from "../core/drafts/surroundings.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { TemplateFile } from "../ports/templates.ts";
import { CONTRACT } from "../works/contract-paths.ts";
import { scheduledWorkflows, schedulesOf } from "../works/schedules.ts";
import { draftFrom } from "./init/draft.ts";
import { lookAround } from "./init/look.ts";
import { place } from "./init/place.ts";
import { placed } from "./init/remote.ts";
import { flag, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard init` */
export default defineStage({
  name: "init",
  summary: "Begin: write a whole starter into this folder, from what is here or from a template.",
  inputs: {
    data: text("Draft the contract from this table, or from its pointer file", { placeholder: "file" }),
    label: text("The column to predict; else the one that is called label, target, y, outcome or class", {
      placeholder: "column",
    }),
    positive: text("The label's positive value, where it has two", { placeholder: "value" }),
    name: text("The model's name; else the table's", { placeholder: "name" }),
    template: text(`Begin with this starter: ${STARTERS.map(({ name }) => name).join(", ")}`, {
      placeholder: "name",
    }),
    withoutGithub: flag("Leave out the workflow files and the draft of CODEOWNERS"),
    dryRun: flag("Say what would be written, and write nothing"),
  },
  outputs: { files: "The files that were written, one a line" },
  examples: [
    "trainyard init",
    "trainyard init --data data/loans.csv --label default --positive 1",
    "trainyard init --template wages",
  ],

  async run(told, ports) {
    const workspace = await ports.workspace(ports.folder);
    const { files, repo } = workspace;
    const around = await lookAround(workspace, ports.folder);
    const { starter, made: drafted } = await choose(told, around, ports);
    const made = await placed(drafted, workspace);
    const wanted = [...made, ...(await beside(starter, made, ports))].filter(
      ({ path }) => !(told.withoutGithub && path.startsWith(".github/")),
    );
    const { write, written, kept } = await place(ports, wanted);
    if (!told.dryRun) await ports.templates.write(write);

    const github = !told.withoutGithub || (await files.exists(`${repo?.root ?? ports.folder}/${WORKFLOW}`));
    const steps = nextSteps({ before: starter?.before ?? [], inGit: repo !== undefined, github });
    const lines = [
      ...written.map((path) => `${told.dryRun ? "would write" : "wrote"} ${path}`),
      ...kept.map((path) => `${told.dryRun ? "would keep" : "kept "} ${path}`),
      "next:",
      ...steps.map((step) => `  ${step}`),
    ];
    return {
      outputs: { files: told.dryRun ? "" : written.join("\n") },
      text: lines.join("\n"),
      json: told.dryRun
        ? { would_write: written, would_keep: kept, next: steps }
        : { written, kept, next: steps },
    };
  },
});

const WORKFLOW = ".github/workflows/trainyard.yml";

interface Asked {
  readonly data: string | undefined;
  readonly label: string | undefined;
  readonly positive: string | undefined;
  readonly name: string | undefined;
  readonly template: string | undefined;
}

/** What makes the model: a starter's files, a drafted contract, or nothing more than what is here. */
async function choose(
  told: Asked,
  around: Surroundings,
  ports: Ports,
): Promise<{ readonly starter: Starter | undefined; readonly made: readonly TemplateFile[] }> {
  const { template, data } = told;
  const starter = template === undefined ? undefined : starterNamed(template);
  if (starter !== undefined && !starter.drafts) {
    if (data !== undefined) {
      throw new UserError("--data and --template are two ways to begin; choose one", { exit: EXIT.usage });
    }
    const parts = await Promise.all(starter.parts.map((part) => ports.templates.files(part)));
    return { starter, made: parts.flat() };
  }
  if (starter !== undefined && !around.dvc) {
    throw new UserError(
      `there is no .dvc/config here, which --template ${starter.name} needs; begin a DVC repository with \`trainyard add FILE\``,
    );
  }
  if (around.contract && (data !== undefined || starter !== undefined)) {
    throw new UserError(`"${CONTRACT}" is here already; edit it, or remove it first`);
  }
  const how = data === undefined ? beginning(around) : { kind: "draft" as const, data };
  if (how.kind === "stands") return { starter, made: [] };
  if (how.kind === "choose") throw new UserError(how.message, { exit: EXIT.usage });
  const { text: drafted } = await draftFrom(ports, { ...told, data: how.data });
  return {
    starter: starter ?? (around.dvc ? starterNamed("dvc") : undefined),
    made: [{ path: CONTRACT, bytes: new TextEncoder().encode(drafted) }],
  };
}

/** What every repository gets, and what a starter that drafts says of itself. */
async function beside(
  starter: Starter | undefined,
  made: readonly TemplateFile[],
  ports: Ports,
): Promise<TemplateFile[]> {
  const own = starter?.drafts
    ? await Promise.all(starter.parts.map((part) => ports.templates.files(part)))
    : [];
  const workflows = scheduledWorkflows(
    await ports.templates.files(EVERYWHERE.workflows),
    await schedulesOf(ports, made),
  );
  return [
    ...own.flat(),
    ...workflows.map(({ path, bytes }) => ({ path: `.github/workflows/${path}`, bytes })),
    ...(await ports.templates.files(EVERYWHERE.beside)),
  ];
}
