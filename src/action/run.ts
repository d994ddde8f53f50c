import { inspect } from "node:util";
import { refused } from "../adapters/files/space.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Stage } from "../stages/stage.ts";
import { VERSION } from "../version.ts";
import { mistakes, titleOf } from "./annotations.ts";
import { folderIn } from "./folder.ts";
import { readInputs } from "./inputs.ts";
import { line, quoted } from "./log.ts";
import { REMOTE, remoteVariables } from "./remote-variables.ts";
import { secretsOf } from "./secrets.ts";
import { workflowCommand } from "./workflow-command.ts";

/*
 * GitHub Actions: one more host for the same stages. What a stage prints goes to the log, its outputs
 * and its summary where GitHub reads them; a user's mistake is annotated where it stands, a mistake of
 * ours keeps its stack.
 */

/** Runs one stage as a step of a workflow. The step fails where the command line would. */
export async function runAction(stage: Stage): Promise<void> {
  const environment = process.env;
  const workspace = environment.GITHUB_WORKSPACE ?? process.cwd();
  let folder = workspace;
  try {
    const remote = remoteVariables(environment[REMOTE] ?? "");
    for (const secret of secretsOf(stage, environment, remote)) line(workflowCommand("add-mask", {}, secret));
    const told = readInputs(stage, environment);
    folder = folderIn(workspace, told.folder);
    // The rest is loaded only for a step that was asked for rightly.
    const { perform } = await import("./perform.ts");
    await perform({ stage, values: told.values, folder, workspace, remote });
  } catch (error) {
    const mendable = error instanceof UserError ? error : refused(error);
    process.exitCode = mendable?.exit ?? EXIT.failed;
    if (mendable !== undefined) {
      for (const mistake of mistakes(mendable, { stage, folder, workspace })) line(mistake);
      return;
    }
    const what = `a bug in Trainyard ${VERSION} on Node ${process.version}, please report it`;
    await quoted(async () => line(`trainyard: ${what}\n${inspect(error)}`));
    line(workflowCommand("error", { title: titleOf(stage) }, `${what}; its stack is in the log`));
  }
}
