import { setOutput } from "@actions/core";
import { installedNatives } from "../adapters/natives.ts";
import { openPorts, type Surroundings } from "../adapters/open.ts";
import { EXIT } from "../errors.ts";
import { kebab, type parseInputs } from "../stages/inputs.ts";
import { exitOf, type Result, type Stage } from "../stages/stage.ts";
import { notesOf } from "./annotations.ts";
import { line, quoted } from "./log.ts";
import { actionRoot, lockedNatives, storeOf } from "./natives/locked.ts";
import { REMOTE } from "./remote-variables.ts";
import { addSummary, block } from "./summary.ts";

/** A step whose inputs are right. */
export interface Step {
  readonly stage: Stage;
  readonly values: ReturnType<typeof parseInputs>;
  /** Absolute path of the folder it works in. */
  readonly folder: string;
  readonly workspace: string;
  /** Variables for the remotes' clients. */
  readonly remote: Readonly<Record<string, string>>;
}

/** Runs the stage, and tells GitHub what came of it. */
export async function perform(step: Step): Promise<void> {
  const { stage, values, folder } = step;
  const ports = openPorts({ folder, stream: process.stdout, ...environments(step) });
  process.on("SIGINT", () => ports.interrupt());
  process.on("SIGTERM", () => ports.interrupt());
  try {
    const result = await quoted(async () => {
      const answer = await stage.run(values, ports);
      line(answer.text);
      return answer;
    });
    process.exitCode = exitOf(result);
    for (const note of notesOf(result, step)) line(note);
    await publish(stage, result);
  } catch (error) {
    if (!ports.signal.aborted) throw error;
    line("trainyard: interrupted");
    process.exitCode = EXIT.interrupted;
  } finally {
    await ports.close();
  }
}

/**
 * What the ports know of the environment. The remotes' clients read the process's own, so their
 * variables are put there; a training command is given what was there before. Nobody reads inputs twice.
 */
function environments({ remote, workspace }: Step): Omit<Surroundings, "folder" | "stream"> {
  const environment = process.env;
  for (const name of Object.keys(environment)) {
    if (name === REMOTE || name.startsWith("INPUT_")) delete environment[name];
  }
  const commandEnvironment = { ...environment };
  Object.assign(environment, remote);
  const root = actionRoot();
  const natives =
    root === undefined
      ? installedNatives
      : lockedNatives({ root, store: storeOf(environment) }, commandEnvironment, workspace);
  return { environment, commandEnvironment, natives };
}

/** Outputs for later steps, and the summary for people: what only passes between jobs is in the log. */
async function publish({ command }: Stage, { outputs, markdown, text }: Result): Promise<void> {
  for (const [name, value] of Object.entries(outputs)) setOutput(kebab(name), value);
  const said = typeof markdown === "function" ? await markdown() : markdown;
  const shown = said ?? (command === false ? "" : block(text));
  if (shown !== "") addSummary(process.env.GITHUB_STEP_SUMMARY, shown);
}
