import { exitCode } from "../core/gates/judge.ts";
import type { Verdict } from "../core/gates/verdict.ts";
import { gravest } from "../core/gates/verdict.ts";
import type { Report } from "../core/report/report.ts";
import { checkLines } from "../core/report/terminal/checks.ts";
import { paint } from "../core/report/terminal/columns.ts";
import { renderTerminal } from "../core/report/terminal.ts";
import { EXIT } from "../errors.ts";
import { runWorks } from "../pipeline/run.ts";
import type { RunResult, StageEvent } from "../pipeline/work.ts";
import type { Ports } from "../ports/ports.ts";
import { watchRun } from "../works/experiments/watch.ts";
import { localLooks, withLooks } from "../works/looks.ts";
import { openProjects, type ProjectOptions, type StageProject } from "../works/project.ts";
import { assembled, readReport } from "../works/report.ts";
import { readValidation } from "../works/validate.ts";
import { waivedToday } from "../works/waivers.ts";
import { WORKS } from "../works/works.ts";
import { contractInputs } from "./contract-inputs.ts";
import { flag } from "./inputs.ts";
import { notesOf } from "./notes.ts";
import type { ActionLook, Result, Stage } from "./stage.ts";
import { defineStage } from "./stage.ts";

/** What became of one contract. */
export interface ContractRun {
  readonly project: StageProject;
  readonly run: RunResult;
  readonly verdict: Verdict;
  /** Present when the run got as far as the report. */
  readonly report: Report | undefined;
  /** What was judged: the report or, where only `evaluate` was asked for, what it would say. */
  readonly judged: Report | undefined;
  /** What is to be said beside the contract's lines. */
  readonly found: Pick<Report, "gates" | "checks">;
}

/** A stage that performs one work of every contract, and what that work needs. */
export function stageOf(name: string, summary: string, action: ActionLook): Stage {
  return defineStage({
    name,
    summary,
    inputs: { ...contractInputs, force: flag(`Perform ${name} even where it stands`) },
    outputs: { verdict: "pass, warn, waived, inconclusive or fail, where something was judged" },
    action,
    examples: [`trainyard ${name}`, `trainyard ${name} --contract models/wages --json`],
    run: async ({ force, ...options }, ports) => runUntil(name, options, force, ports),
  });
}

/** Runs one work of every contract, with what it needs, and shows what it found. */
export async function runUntil(
  name: string,
  options: ProjectOptions,
  force: boolean,
  ports: Ports,
): Promise<Result<"verdict">> {
  const runs = await runContracts(ports, options, { until: name, force: force ? [name] : false });
  const texts = await Promise.all(runs.map((run) => foundBy(name, run, ports)));
  return resultOf(runs, texts.join("\n\n"));
}

/** What a work has to say to a person. */
export async function foundBy(name: string, run: ContractRun, { screen }: Ports): Promise<string> {
  const { project } = run;
  if (name === "validate") {
    const checks = (await readValidation(project))?.checks ?? [];
    return [closing(run), ...checkLines(checks, screen.width, paint(screen.colour))].join("\n");
  }
  if (name === "evaluate" && run.judged !== undefined) return renderTerminal(run.judged, screen);
  return closing(run);
}

/** Runs the works of every contract that is spoken of, one contract after the other. */
export async function runContracts(
  ports: Ports,
  options: ProjectOptions,
  how: { readonly until?: string; readonly force: boolean | readonly string[] },
): Promise<ContractRun[]> {
  const projects = await openProjects(ports, options);
  const runs: ContractRun[] = [];
  for (const project of projects) {
    ports.progress.say(`${project.contract.model} (${project.name})`);
    const watch = watchRun(project, options.set ?? []);
    const run = await runWorks(WORKS, project, {
      ...how,
      signal: ports.signal,
      onStage(event) {
        watch.onStage(event);
        tell(event, ports);
      },
    }).catch(async (error: unknown) => {
      await watch.broken(error);
      throw error;
    });
    const done = (name: string) =>
      run.works.some(({ work, outcome }) => work === name && outcome !== "blocked");
    const made = done("report") ? await readReport(project) : undefined;
    const found = made ?? (done("evaluate") ? await assembled(project) : undefined);
    const judged = found && (await lookedAt(project, run, found));
    const report = made && judged;
    const checks = done("validate") ? ((await readValidation(project))?.checks ?? []) : [];
    await watch.finished(run, judged);
    const verdict = verdictOf(run, judged);
    const told = judged ?? { gates: [], checks: [...checks] };
    runs.push({ project, run, verdict, report, judged, found: told });
  }
  return runs;
}

/** What was judged, by the waivers that hold today, with how often the holdout was looked at here. */
async function lookedAt(project: StageProject, { works }: RunResult, judged: Report): Promise<Report> {
  const measured = works.some(({ work, outcome }) => work === "evaluate" && outcome === "performed");
  const today = await waivedToday(project, judged); // it may have been made before one was over
  return withLooks(today, await localLooks(project, judged.subject.digest?.sha256, measured));
}

/** The gravest of what the works found; what a waiver lets through is what the report says it is. */
function verdictOf({ works }: RunResult, judged: Report | undefined): Verdict {
  const found = works.filter(({ work }) => work !== "evaluate" || judged === undefined);
  return gravest([
    ...found.flatMap(({ verdict }) => verdict ?? []),
    ...(judged === undefined ? [] : [judged.verdict]),
  ]);
}

/** The answer for host and machine; exit 1 where something failed, 3 where a gate waits for a person. */
export function resultOf(runs: readonly ContractRun[], text = ""): Result<"verdict"> {
  const verdict = gravest(runs.map((run) => run.verdict));
  const reports = runs.flatMap(({ judged }) => judged ?? []);
  return {
    verdict,
    exit: exitOf(runs),
    outputs: { verdict },
    text: text === "" ? runs.map((run) => closing(run)).join("\n") : text,
    ...(reports.length === 0 ? {} : { markdown: () => markdownOf(reports) }),
    notes: runs.flatMap(({ project, found }) => notesOf(project.name, found)),
    json: {
      verdict,
      contracts: runs.map(({ project, run, verdict, report }) => ({
        contract: project.name,
        model: project.contract.model,
        verdict,
        stopped_by: run.stoppedBy ?? null,
        stages: run.works.map(({ work, outcome, why, verdict: own, facts, outputs }) => ({
          stage: work,
          outcome,
          why,
          verdict: own ?? null,
          facts,
          outputs,
        })),
        report: report ?? null,
      })),
    },
  };
}

async function markdownOf(reports: readonly Report[]): Promise<string> {
  const { renderMarkdown } = await import("../core/report/markdown.ts"); // only where there is a summary
  return reports.map(renderMarkdown).join("\n\n---\n\n");
}

/** The gravest exit code: 1 before 3 before 0. */
function exitOf(runs: readonly ContractRun[]): number {
  const codes = runs.map(({ run, judged }) => {
    const failed = run.works.some(({ work, verdict }) => work !== "evaluate" && verdict === "fail");
    return failed ? EXIT.failed : exitCode(judged?.gates ?? []);
  });
  if (codes.includes(EXIT.failed)) return EXIT.failed;
  return codes.includes(EXIT.inconclusive) ? EXIT.inconclusive : EXIT.ok;
}

const SIGNS = { stood: "=", restored: "<", performed: "+", blocked: "x" } as const;

function tell(event: StageEvent, { progress }: Ports): void {
  if (event.type === "begins") return;
  const { work, outcome, why, facts, verdict } = event.result;
  const said = [
    outcome === "performed" ? (why[0] ?? "") : outcome,
    ...(verdict === undefined ? [] : [`verdict ${verdict}`]),
    ...(outcome === "performed"
      ? Object.entries(facts).flatMap(([name, value]) =>
          typeof value === "number" ? `${name} ${value}` : [],
        )
      : []),
  ];
  progress.say(`  ${SIGNS[outcome]} ${work.padEnd(9)} ${said.filter((text) => text !== "").join(", ")}`);
}

function closing({ project, run, verdict }: ContractRun): string {
  const performed = run.works.filter(({ outcome }) => outcome === "performed").length;
  const stood = run.works.filter(({ outcome }) => outcome === "stood").length;
  const stopped = run.stoppedBy === undefined ? "" : `; stopped by ${run.stoppedBy}, see ${project.name}`;
  return `${project.contract.model}: ${verdict}, ${performed} performed, ${stood} stood${stopped}`;
}
