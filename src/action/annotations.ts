import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { ContractErrors } from "../config/issues.ts";
import { type Place, placeText, type UserError } from "../errors.ts";
import { exitOf, type Result } from "../stages/stage.ts";
import { workflowCommand } from "./workflow-command.ts";

/** GitHub shows ten a step, and cuts each after this many characters. */
const MOST = 10;
const LONGEST = 4000;

/**
 * A user's mistake as annotations, each on the file and line where it stands.
 *
 * @param folder where the action works; places are relative to it
 * @param workspace annotations are relative to the repository, which is the workspace or lies in it
 */
export function mistakes(
  error: UserError,
  title: string,
  folder: string,
  workspace: string,
): readonly string[] {
  const shown = findingsOf(error).slice(0, MOST);
  return shown.map(({ place, message }) => {
    const at = place === undefined ? {} : position(place, folder, workspace);
    return workflowCommand("error", { title, ...at }, message.slice(0, LONGEST));
  });
}

/** What a result has to say beside lines of files and, where the step fails, why. */
export function notesOf(result: Result, title: string, folder: string, workspace: string): readonly string[] {
  const { notes = [], verdict, text } = result;
  const lines = notes
    .slice(0, MOST - 1)
    .map(({ level, at, message }) =>
      workflowCommand(level, { title, ...position(at, folder, workspace) }, message.slice(0, LONGEST)),
    );
  const why = verdict === undefined ? (text.trim().split("\n").at(-1) ?? "") : `the verdict is ${verdict}`;
  return exitOf(result) === 0
    ? lines
    : [...lines, workflowCommand("error", { title }, why.slice(0, LONGEST))];
}

interface Finding {
  readonly place: Place | undefined;
  readonly message: string;
}

function findingsOf(error: UserError): readonly Finding[] {
  if (isContractErrors(error)) return error.issues;
  const { at, message } = error;
  const prefix = at === undefined ? "" : `${placeText(at)} `;
  return [{ place: at, message: message.startsWith(prefix) ? message.slice(prefix.length) : message }];
}

const isContractErrors = (error: UserError): error is ContractErrors => error.name === "ContractErrors";

function position({ file, line, column }: Place, folder: string, workspace: string) {
  const path = relative(repositoryOf(folder, workspace), resolve(folder, file));
  return { file: path.split(sep).join("/"), line, col: column };
}

/** The nearest folder with `.git`, up to the workspace. */
function repositoryOf(folder: string, workspace: string): string {
  for (let at = folder; at !== workspace && at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
  }
  return workspace;
}
