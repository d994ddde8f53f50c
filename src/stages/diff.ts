import type { Lock } from "../core/artifacts/lock.ts";
import { type Diff, renderDiffMarkdown, renderDiffTerminal } from "../core/report/diff.ts";
import { UserError } from "../errors.ts";
import { baseCommit, lockAt } from "../works/baseline.ts";
import { changesBetween } from "../works/changes.ts";
import { openProjects, type StageProject } from "../works/project.ts";
import { contractInputs } from "./contract-inputs.ts";
import { text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard diff [REV]` */
export default defineStage({
  name: "diff",
  summary: "Compare data, parameters, metrics and gates with another commit.",
  inputs: {
    revision: text("The commit to compare with; else where the branch left the default branch", {
      positional: true,
    }),
    contract: contractInputs.contract,
  },
  outputs: { changed: "Whether anything differs: true or false" },
  examples: ["trainyard diff", "trainyard diff main", "trainyard diff HEAD~3 --json"],

  async run({ revision, contract }, ports) {
    const projects = await openProjects(ports, { contract, base: revision });
    const contracts = [];
    for (const project of projects)
      contracts.push({ contract: project.name, ...(await difference(project)) });
    const changed = contracts.some(({ diff }) => isChanged(diff));
    return {
      outputs: { changed: String(changed) },
      text: contracts
        .map(
          ({ contract: name, commit, diff }) =>
            `${name} against ${commit.slice(0, 7)}\n${renderDiffTerminal(diff, ports.screen)}`,
        )
        .join("\n\n"),
      markdown: contracts.map(({ diff }) => renderDiffMarkdown(diff)).join("\n\n"),
      json: {
        changed,
        contracts: contracts.map(({ contract: name, commit, diff }) => ({ contract: name, commit, ...diff })),
      },
    };
  },
});

async function difference(project: StageProject): Promise<{ readonly commit: string; readonly diff: Diff }> {
  const commit = await baseCommit(project);
  if (commit === undefined)
    throw new UserError("there is no commit to compare with; diff needs a Git repository with one");
  const before = (await lockAt(project, commit)) ?? new Map();
  const after = project.lock;
  return {
    commit,
    diff: {
      changes: changesBetween(before, after),
      metrics: metricsOf(before, after),
      gates: gatesOf(before, after),
    },
  };
}

const factOf = (lock: Lock, name: string): Readonly<Record<string, unknown>> => {
  const fact = lock.get("evaluate")?.facts[name];
  return typeof fact === "object" && fact !== null && !Array.isArray(fact)
    ? (fact as Record<string, unknown>)
    : {};
};

function metricsOf(before: Lock, after: Lock): Diff["metrics"] {
  const [was, is] = [factOf(before, "metrics"), factOf(after, "metrics")];
  const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
  return [...new Set([...Object.keys(is), ...Object.keys(was)])].map((name) => ({
    name,
    before: number(was[name]),
    after: number(is[name]),
  }));
}

function gatesOf(before: Lock, after: Lock): Diff["gates"] {
  const [was, is] = [factOf(before, "gates"), factOf(after, "gates")];
  const verdict = (value: unknown): string | null => (typeof value === "string" ? value : null);
  return [...new Set([...Object.keys(is), ...Object.keys(was)])].map((condition) => ({
    condition,
    before: verdict(was[condition]),
    after: verdict(is[condition]),
  })) as Diff["gates"];
}

function isChanged({ changes, metrics, gates }: Diff): boolean {
  return changes.length > 0 || [...metrics, ...gates].some(({ before, after }) => before !== after);
}
