import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { ContractErrors } from "../config/issues.ts";
import { EXIT, type Place, placeText, type UserError } from "../errors.ts";
import { kebab } from "../stages/inputs.ts";
import { exitOf, type Result, type Stage } from "../stages/stage.ts";
import { workflowCommand } from "./workflow-command.ts";

/** GitHub shows ten a step, and cuts each after 4096 characters. */
const MOST = 10;
const LONGEST = 4000;

/** What annotations are made of, and relative to. */
export interface Scene {
  readonly stage: Stage;
  /** Absolute path of the folder that the stage works in; places are relative to it. */
  readonly folder: string;
  /** What is checked out, or the folder that it is laid out in. */
  readonly workspace: string;
}

/** A user's mistake as annotations, each on the file and line where it stands. */
export function mistakes(error: UserError, scene: Scene): readonly string[] {
  return findingsOf(error)
    .slice(0, MOST)
    .map(({ place, message }) => {
      const said = fromHere(message, scene);
      return annotation(
        "error",
        place,
        error.exit === EXIT.usage ? asInputs(said, scene.stage) : said,
        scene,
      );
    });
}

/** What a result has to say beside lines of files and, where the step fails, why. */
export function notesOf(result: Result, scene: Scene): readonly string[] {
  const { notes = [], verdict, text } = result;
  const lines = notes
    .slice(0, MOST - 1)
    .map(({ level, at, message }) => annotation(level, at, message, scene));
  if (exitOf(result) === EXIT.ok) return lines;
  const last = text.trim().split("\n").at(-1) ?? "";
  const why = verdict === undefined ? fromHere(last, scene) : `the verdict is ${verdict}`;
  return [...lines, annotation("error", undefined, why, scene)];
}

function annotation(
  level: "error" | "warning",
  place: Place | undefined,
  message: string,
  scene: Scene,
): string {
  const at = place === undefined ? {} : position(place, scene);
  return workflowCommand(level, { title: titleOf(scene.stage), ...at }, message.slice(0, LONGEST));
}

/** Under what name a stage speaks. */
export const titleOf = ({ name }: Stage): string => `Trainyard ${name}`;

interface Finding {
  readonly place: Place | undefined;
  readonly message: string;
}

function findingsOf(error: UserError): readonly Finding[] {
  if (isContractErrors(error)) return error.issues.map(onFile);
  const { at, message } = error;
  const prefix = at === undefined ? "" : `${placeText(at)} `;
  return [
    onFile({ place: at, message: message.startsWith(prefix) ? message.slice(prefix.length) : message }),
  ];
}

const isContractErrors = (error: UserError): error is ContractErrors => error.name === "ContractErrors";

/** What was wrong in an input (`--set train.epochs=x`) stands in no file. */
function onFile({ place, message }: Finding): Finding {
  if (place === undefined || !place.file.startsWith("--")) return { place, message };
  return { place: undefined, message: `${placeText(place)} ${message}` };
}

function position({ file, line, column }: Place, { folder, workspace }: Scene) {
  const path = relative(repositoryOf(folder, workspace), resolve(folder, file));
  return { file: path.split(sep).join("/"), line, col: column };
}

/** The nearest folder with `.git`, up to the workspace: annotations are relative to a repository. */
function repositoryOf(folder: string, workspace: string): string {
  for (let at = folder; at !== workspace && at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
  }
  return workspace;
}

/** Paths below the folder are shown from there. */
const fromHere = (message: string, { folder }: Scene): string => message.replaceAll(`${folder}${sep}`, "");

/** The command line's `--label` is the input "label" here. */
function asInputs(message: string, { inputs }: Stage): string {
  const names = new Set(Object.keys(inputs).map(kebab));
  return message.replace(/--([a-z][a-z-]*)/g, (option, name: string) =>
    names.has(name) ? `input "${name}"` : option,
  );
}
