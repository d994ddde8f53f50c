import { diffTrees, type FoundDiff } from "../artifacts/data-diff.ts";
import { treeAt, workingTree } from "../artifacts/tree.ts";
import type { DataChange, DataSide } from "../core/artifacts/data-diff.ts";
import { digitsOf } from "../core/artifacts/digest.ts";
import type { Lock } from "../core/artifacts/lock.ts";
import type { TableDiff } from "../core/artifacts/table-diff.ts";
import { dataDiffMarkdown, dataDiffText } from "../core/report/data-diff.ts";
import { type Diff, renderDiffMarkdown, renderDiffTerminal } from "../core/report/diff.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { baseCommit, lockAt } from "../works/baseline.ts";
import { changesBetween } from "../works/changes.ts";
import { openProjects, type StageProject } from "../works/project.ts";
import { tableDiffs } from "../works/table-diffs.ts";
import { contractInputs } from "./contract-inputs.ts";
import { flag, list, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `trainyard diff [REV [REV]]` */
export default defineStage({
  name: "diff",
  summary: "Compare data, parameters, metrics and gates with another commit.",
  inputs: {
    revision: text("The commit to compare with; else where the branch left the default branch", {
      positional: true,
    }),
    newer: text("The commit that is compared; else the working tree", { positional: true }),
    contract: contractInputs.contract,
    targets: list("Only these data", { placeholder: "paths", several: true }),
    tables: flag("Compare large tables, too, and fetch what is not here"),
    showHash: flag("Show digests"),
    md: flag("Print Markdown"),
    hideMissing: flag("Leave out what the cache has not"),
  },
  outputs: { changed: "Whether anything differs: true or false" },
  examples: ["trainyard diff", "trainyard diff main", "trainyard diff HEAD~3 HEAD --json"],

  async run({ revision, newer, contract, targets, tables, showHash, md, hideMissing }, ports) {
    const projects = targets.length > 0 ? [] : await projectsOf(ports, contract, revision);
    const contracts = [];
    for (const project of projects)
      contracts.push({ contract: project.name, ...(await difference(project, newer)) });
    const base = revision ?? contracts[0]?.commit ?? "HEAD";
    const data = await dataOf(ports, base, newer, targets);
    const found = { ...data, missing: hideMissing || newer !== undefined ? [] : data.missing };
    const workspace = await ports.workspace(ports.folder);
    const tableDiff = await tableDiffs(ports, workspace, found, tables);
    const changed = contracts.some(({ diff }) => isChanged(diff)) || found.diff.changes.length > 0;
    const view = { ...found, tables: tableDiff, showHash };
    const markdown = [...contracts.map(({ diff }) => renderDiffMarkdown(diff)), dataDiffMarkdown(view)]
      .filter((part) => part !== "")
      .join("\n\n");
    return {
      outputs: { changed: String(changed) },
      text: md
        ? markdown
        : [
            ...contracts.map(
              ({ contract: name, commit, diff }) =>
                `${name} against ${commit.slice(0, 7)}\n${renderDiffTerminal(diff, ports.screen).trimEnd()}`,
            ),
            dataDiffText(view),
          ]
            .filter((part) => part !== "")
            .join("\n\n") || "Nothing differs.",
      markdown,
      json: {
        changed,
        contracts: contracts.map(({ contract: name, commit, diff }) => ({ contract: name, commit, ...diff })),
        ...asDvc(found),
        tables: Object.fromEntries<TableDiff>(tableDiff),
      },
    };
  },
});

/** The contracts that are spoken of; a repository of data has none. */
async function projectsOf(
  ports: Ports,
  contract: string | undefined,
  base: string | undefined,
): Promise<readonly StageProject[]> {
  try {
    return await openProjects(ports, { contract, base });
  } catch (error) {
    if (contract === undefined && error instanceof UserError && error.exit === EXIT.usage) return [];
    throw error;
  }
}

async function dataOf(
  ports: Ports,
  base: string,
  newer: string | undefined,
  targets: readonly string[],
): Promise<FoundDiff> {
  const workspace = await ports.workspace(ports.folder);
  const { repo } = workspace;
  if (repo === undefined || (await repo.head()) === undefined) {
    throw new UserError("there is no commit to compare with; diff needs a Git repository with one");
  }
  const after = newer === undefined ? workingTree(workspace) : await treeAt(workspace, newer);
  return diffTrees(workspace, await treeAt(workspace, base), after, { targets });
}

/** What differs in the words of DVC's `diff --json --show-hash`, with sizes. */
function asDvc({ diff, missing }: FoundDiff): Readonly<Record<string, readonly object[]>> {
  const of = <K extends DataChange["kind"]>(kind: K): readonly Extract<DataChange, { kind: K }>[] =>
    diff.changes.filter((change): change is Extract<DataChange, { kind: K }> => change.kind === kind);
  const one = ({ path, name, size }: DataSide): object => ({
    path,
    hash: digitsOf(name),
    ...(size === undefined ? {} : { size }),
  });
  const pair = <T>(old: T, now: T): object => ({ old, new: now });
  return {
    added: of("added").map(({ after }) => one(after)),
    deleted: of("deleted").map(({ before }) => one(before)),
    modified: of("modified").map(({ before, after }) => ({
      path: before.path,
      hash: pair(digitsOf(before.name), digitsOf(after.name)),
      size: pair(before.size ?? null, after.size ?? null),
    })),
    renamed: of("renamed").map(({ before, after }) => ({
      path: pair(before.path, after.path),
      hash: digitsOf(before.name),
      ...(after.size === undefined ? {} : { size: after.size }),
    })),
    "not in cache": missing.map(one),
    unknown: diff.unknown.map((path) => ({ path })),
  };
}

async function difference(
  project: StageProject,
  newer: string | undefined,
): Promise<{ readonly commit: string; readonly diff: Diff }> {
  const commit = await baseCommit(project);
  if (commit === undefined)
    throw new UserError("there is no commit to compare with; diff needs a Git repository with one");
  const before = (await lockAt(project, commit)) ?? new Map();
  const after =
    newer === undefined
      ? project.lock
      : ((await lockAt(project, (await project.repo?.resolve(newer)) ?? newer)) ?? new Map());
  return {
    commit,
    diff: {
      changes: changesBetween(before, after),
      metrics: metricsOf(before, after),
      gates: gatesOf(before, after),
    },
  };
}

const factOf = (lock: Lock, name: string): ReadonlyMap<string, unknown> => {
  const fact = lock.get("evaluate")?.facts[name];
  const told = typeof fact === "object" && fact !== null && !Array.isArray(fact);
  return new Map(told ? Object.entries(fact) : []);
};

function metricsOf(before: Lock, after: Lock): Diff["metrics"] {
  const [was, is] = [factOf(before, "metrics"), factOf(after, "metrics")];
  const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
  return [...new Set([...is.keys(), ...was.keys()])].map((name) => ({
    name,
    before: number(was.get(name)),
    after: number(is.get(name)),
  }));
}

function gatesOf(before: Lock, after: Lock): Diff["gates"] {
  const [was, is] = [factOf(before, "gates"), factOf(after, "gates")];
  const verdict = (value: unknown): string | null => (typeof value === "string" ? value : null);
  return [...new Set([...is.keys(), ...was.keys()])].map((condition) => ({
    condition,
    before: verdict(was.get(condition)),
    after: verdict(is.get(condition)),
  })) as Diff["gates"];
}

function isChanged({ changes, metrics, gates }: Diff): boolean {
  return changes.length > 0 || [...metrics, ...gates].some(({ before, after }) => before !== after);
}
