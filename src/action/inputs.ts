import { EXIT, UserError } from "../errors.ts";
import { type Inputs, kebab, parseInputs, text } from "../stages/inputs.ts";
import type { Stage } from "../stages/stage.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What every action is told besides, as the command line is by `--folder`. */
const common = {
  folder: text("Work as if started in this folder of the workspace", { default: ".", placeholder: "path" }),
} satisfies Inputs;

/** The inputs of a stage's action: the stage's own, and `folder` unless that is one of them. */
export function actionInputs(stage: Stage): Inputs {
  return { ...stage.inputs, ...(takesFolder(stage) ? {} : common) };
}

const takesFolder = (stage: Stage): boolean => "folder" in stage.inputs;

/** What an action was told. */
export interface Told {
  /** Where it works, relative to the workspace. */
  readonly folder: string;
  readonly values: ReturnType<typeof parseInputs>;
}

/**
 * An action's inputs from the variables that the runner sets: `INPUT_DRY-RUN`. Lists have one entry a
 * line, flags are `true` or `false`, and what is empty was not given.
 *
 * @throws {UserError} exit 2, naming the input and what it takes
 */
export function readInputs(stage: Stage, environment: Environment): Told {
  const raw = (name: string) => rawValue(stage.inputs, name, environment);
  const values = parseInputs(stage.inputs, raw, (name) => `input "${kebab(name)}"`);
  const folder = takesFolder(stage)
    ? "."
    : (parseInputs(common, (name) => given(name, environment)).folder ?? ".");
  return { folder, values };
}

/** Like the runner: capitals, spaces become lines, and everything else stays. */
const given = (name: string, environment: Environment): string =>
  (environment[variableOf(name)] ?? "").trim();

/**
 * The variable in which the runner hands over an input.
 *
 * @example variableOf("dryRun") // => "INPUT_DRY-RUN"
 */
export function variableOf(name: string): string {
  return `INPUT_${kebab(name).toUpperCase()}`;
}

function rawValue(
  inputs: Inputs,
  name: string,
  environment: Environment,
): string | boolean | readonly string[] {
  const value = given(name, environment);
  switch (inputs[name]?.kind) {
    case "flag":
      return flagOf(name, value);
    case "list":
      return value
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    default:
      return value;
  }
}

/** YAML's words for true and false, in the spellings that @actions/core takes. */
function flagOf(name: string, value: string): boolean {
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE|)$/.test(value)) return false;
  throw new UserError(`input "${kebab(name)}" is "${value}"; it takes true or false`, { exit: EXIT.usage });
}
