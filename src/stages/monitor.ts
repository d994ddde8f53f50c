import { resolve } from "node:path";
import { monitoredEnvironment } from "../core/deployments/environments.ts";
import { markdownText } from "../core/report/escape.ts";
import type { Measurement } from "../core/triage/measurement.ts";
import { measurementText, verdictWords } from "../core/triage/text.ts";
import { UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { StageProject } from "../works/project.ts";
import { fromTop } from "../works/retrain/sources.ts";
import { readMeasured } from "../works/triage/hand.ts";
import { approvedFor, look } from "../works/triage/look.ts";
import { modelOwners } from "../works/triage/owners.ts";
import { type Triaged, type TriageFacts, type TriageScene, triage } from "../works/triage/triage.ts";
import { contractInputs } from "./contract-inputs.ts";
import { text } from "./inputs.ts";
import { dueProjects } from "./monitor/due.ts";
import { defineStage, type Result } from "./stage.ts";

type Output = "verdict" | "issues";

/** `trainyard monitor` */
export default defineStage({
  name: "monitor",
  summary: "Look at what a model is asked in production; in a workflow, keep ONE issue of what has moved.",
  inputs: {
    contract: contractInputs.contract,
    model: text("Only this model; else all that the schedule is for", { placeholder: "name" }),
    token: text("Writes issue and record; without it the measurement is printed and nothing written", {
      placeholder: "token",
    }),
    measured: text("The folder with what another job measured; else it is measured here", {
      placeholder: "folder",
    }),
    retrainWorkflow: text("The workflow that is started where a contract has a model retrained then", {
      default: "trainyard-retrain.yml",
      placeholder: "file",
    }),
  },
  outputs: {
    verdict: "moved, quiet or not enough data; the gravest of several",
    issues: "Numbers of the issues that are spoken of, with commas",
  },
  action: {
    icon: "activity",
    color: "purple",
    permissions: [
      "actions: write # starts the retraining, where a contract says so",
      "contents: write # the ledger's record",
      "deployments: read # what was approved to serve",
      "issues: write # the one issue",
    ],
  },
  examples: ["trainyard monitor", "trainyard monitor --json"],

  async run({ contract, model, token, measured, retrainWorkflow = "" }, ports): Promise<Result<Output>> {
    const { projects, note } = await dueProjects(ports, contract, model);
    const scene = token === undefined ? undefined : await sceneOf(ports, token);
    const given =
      measured === undefined
        ? undefined
        : await readMeasured(await filesOf(ports), resolve(ports.folder, measured));
    const looks: Look[] = [];
    for (const project of projects) {
      const measurement =
        given === undefined
          ? await look(project, await approvedFor(project, scene?.forge))
          : handed(given, project);
      const triaged =
        scene && (await triage(scene, await factsOf(project, ports, retrainWorkflow), measurement));
      looks.push({ measurement, triaged });
    }
    return answer(looks, note);
  },
});

const filesOf = async (ports: Ports) => (await ports.workspace(ports.folder)).files;

/** What another job measured, of this very model and where its contract says. */
function handed(given: ReadonlyMap<string, Measurement>, { contract }: StageProject): Measurement {
  const found = given.get(contract.model);
  const environment = monitoredEnvironment(contract);
  if (found !== undefined && found.environment === environment) return found;
  throw new UserError(`no measurement of "${contract.model}" in "${environment ?? ""}" was handed over`);
}

interface Look {
  readonly measurement: Measurement;
  readonly triaged: Triaged | undefined;
}

async function sceneOf(ports: Ports, token: string): Promise<TriageScene> {
  return { forge: await ports.forge({ token }), ledger: await ports.ledger({ token }), run: ports.host.run };
}

async function factsOf(project: StageProject, ports: Ports, workflow: string): Promise<TriageFacts> {
  const { contract, folder, repo } = project;
  const { model, monitor, evaluate, retrain } = contract;
  if (monitor === undefined) throw new Error("not monitored");
  const top = repo?.root ?? ports.folder;
  const below = fromTop(top, folder);
  return {
    folder: below,
    every: monitor.every,
    labels: monitor.then.issue.labels,
    falseIssues: monitor.false_issues,
    owners: await modelOwners(
      project,
      top,
      below === "" ? "trainyard.yaml" : `${below}/trainyard.yaml`,
      contract,
    ),
    showValues: evaluate.show_values,
    refresh: retrain.refresh !== undefined,
    retraining:
      monitor.then.retrain === "pull-request" && retrain.refresh !== undefined
        ? { workflow, model }
        : undefined,
  };
}

const GRAVITY = ["moved", "not enough data", "quiet"] as const;

function answer(looks: readonly Look[], note: string | undefined): Result<Output> {
  const verdict =
    GRAVITY.find((one) => looks.some(({ measurement }) => measurement.verdict === one)) ?? "quiet";
  const issues = looks.flatMap(({ triaged }) => triaged?.issue?.number ?? []);
  return {
    outputs: { verdict, issues: issues.join(",") },
    text: [...looks.flatMap(linesOf), ...(note === undefined ? [] : [note])].join("\n"),
    markdown: [
      "### What production is asked",
      ...looks.map(markdownOf),
      ...(note === undefined ? [] : [markdownText(note, 600)]),
    ].join("\n\n"),
    json: looks.map(({ measurement, triaged }) => ({
      ...measurement,
      columns: measurement.columns.map(({ bins: _, ...column }) => column), // its labels are values of the data
      ...(triaged === undefined
        ? {}
        : {
            issue: triaged.issue?.number ?? null,
            did: triaged.did,
            why_not: triaged.why ?? null,
            since: triaged.since ?? null,
            overdue: triaged.overdue ?? null,
            retrains: triaged.retrains,
          }),
    })),
  };
}

function linesOf({ measurement, triaged }: Look): string[] {
  return [measurementText(measurement), ...saidOf(triaged)];
}

function saidOf(triaged: Triaged | undefined): string[] {
  if (triaged === undefined) return [];
  const { did, issue, why, overdue, retrains } = triaged;
  const done = why ?? (issue === undefined ? did : `#${issue.number} was ${did}`);
  return [
    done,
    ...(overdue === undefined ? [] : [overdue]),
    ...(retrains ? ["its retraining was started"] : []),
  ];
}

function markdownOf({ measurement, triaged }: Look): string {
  const link = triaged?.issue === undefined ? "" : ` [#${triaged.issue.number}](${triaged.issue.url})`;
  const said = saidOf(triaged).map((line) => markdownText(line, 400));
  return `- **${markdownText(measurement.model)}** in ${markdownText(measurement.environment)}: ${markdownText(verdictWords(measurement), 400)}${said.map((line) => `\n  - ${line}`).join("")}${link === "" ? "" : `\n  - ${link.trim()}`}`;
}
