import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { STAGES } from "../../src/pipeline.ts";
import { spoken } from "./action-words.ts";
import { type Generated, MADE_BY } from "./generated.ts";

/** The workflows that users call, in the order in which a pull request meets them. */
const WORKFLOWS = [
  "pull-request",
  "judge",
  "command",
  "release",
  "monitor",
  "look",
  "reconcile",
  "retrain",
  "refresh",
] as const;

interface Declared {
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly required?: boolean;
}

interface Workflow {
  readonly on: {
    readonly workflow_call: {
      readonly inputs?: Readonly<Record<string, Declared>>;
      readonly secrets?: Readonly<Record<string, Declared>>;
    };
  };
  readonly jobs: Readonly<Record<string, { readonly permissions?: Readonly<Record<string, string>> }>>;
}

/** `docs/reference/workflows.md`: what the reusable workflows take, what their jobs may do, and all actions. */
export const workflowsPage: Generated = {
  path: "docs/reference/workflows.md",
  make: () =>
    `${[
      `<!-- ${MADE_BY} -->`,
      "# Workflows and actions",
      "The workflows in `.github/workflows/` are called by a repository's own, see [how to begin](../github/add.md). What each action takes stands beside it.",
      ...WORKFLOWS.map(section),
      "## Actions",
      table([["action", "what it does"], ...actions()]),
    ].join("\n\n")}\n`,
};

function section(name: string): string {
  const text = readFileSync(`.github/workflows/${name}.yml`, "utf8");
  const { on, jobs } = parse(text) as Workflow;
  const { inputs = {}, secrets = {} } = on.workflow_call;
  const about = text
    .split("\n")
    .filter((line) => line.startsWith("# ") && !/^# {2,}/.test(line))
    .map((line) => line.slice(2))
    .join(" ");
  return [
    `## \`${name}.yml\``,
    about,
    table([["input", "what it is", "default"], ...rows(inputs)]),
    table([["secret", "what it is"], ...rows(secrets).map((row) => row.slice(0, 2))]),
    table([
      ["job", "its token may"],
      ...Object.entries(jobs).map(([job, { permissions = {} }]) => [code(job), may(permissions)]),
    ]),
  ].join("\n\n");
}

function rows(declared: Readonly<Record<string, Declared>>): string[][] {
  return Object.entries(declared).map(([name, { description = "", default: initial }]) => [
    code(name),
    description,
    initial === undefined || initial === "" || initial === 0 ? "" : code(String(initial)),
  ]);
}

function may(permissions: Readonly<Record<string, string>>): string {
  const all = Object.entries(permissions).map(([scope, level]) => code(`${scope}: ${level}`));
  return all.length === 0 ? "nothing" : all.join(", ");
}

function actions(): string[][] {
  return STAGES.filter(({ action }) => action !== undefined).map(({ name, summary }) => [
    `[\`${name}\`](../../actions/${name}/README.md)`,
    spoken(summary),
  ]);
}

function table([head = [], ...lines]: string[][]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...lines.map(row)].join("\n");
}

const code = (text: string): string => `\`${text}\``;
