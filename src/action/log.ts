import { randomUUID } from "node:crypto";
import { workflowCommand } from "./workflow-command.ts";

/** Writes one line to the step's log. */
export const line = (text: string): void => void process.stdout.write(`${text}\n`);

/**
 * Lets work write to the log while the runner takes no line of it for a command: names of columns,
 * messages of a training and paths may be anybody's, and a line that begins with `::` is obeyed.
 */
export async function quoted<T>(work: () => Promise<T>): Promise<T> {
  const token = randomUUID();
  line(workflowCommand("stop-commands", {}, token));
  try {
    return await work();
  } finally {
    line(workflowCommand(token, {}, ""));
  }
}
