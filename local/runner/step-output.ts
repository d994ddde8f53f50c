import { readCommand } from "./commands.ts";
import type { JobState } from "./job-state.ts";

/** What a step prints, line by line: commands are obeyed, all else is logged. */
export interface StepOutput {
  readonly line: (text: string) => void;
  /** A command that GitHub took away, which makes the step fail. */
  problem(): string | undefined;
}

const LEVELS = ["error", "warning", "notice"] as const;
const MOST = 10; // of each level for one step; https://docs.github.com/actions: annotations
const GONE = ["set-env", "add-path", "set-output", "save-state"];

/** Listens to one process of a step. */
export function openStepOutput({ transcript, masks }: JobState): StepOutput {
  const counts = new Map<string, number>();
  let resume: string | undefined;
  let problem: string | undefined;

  function obey(
    name: string,
    properties: Readonly<Record<string, string>>,
    message: string,
  ): string | undefined {
    const level = LEVELS.find((one) => one === name);
    if (level !== undefined) {
      const count = (counts.get(level) ?? 0) + 1;
      counts.set(level, count);
      const { file, line, title } = properties;
      if (count <= MOST) {
        transcript.annotate({
          level,
          message,
          ...(file ? { file } : {}),
          ...(line && Number.isInteger(Number(line)) ? { line: Number(line) } : {}),
          ...(title ? { title } : {}),
        });
      }
      return `##[${level}]${message}`;
    }
    if (GONE.includes(name)) {
      problem = `The \`${name}\` command is disabled. Please use the environment files.`;
      return `##[error]${problem}`;
    }
    switch (name) {
      case "add-mask":
        masks.add(message);
        return undefined;
      case "group":
        return `##[group]${message}`;
      case "endgroup":
        return "##[endgroup]";
      case "debug":
        return `##[debug]${message}`;
      case "stop-commands":
        resume = message;
        return undefined;
      case "echo":
      case "add-matcher":
      case "remove-matcher":
        return undefined;
      default:
        return `::${name}::${message}`;
    }
  }

  return {
    line(text) {
      const command = readCommand(text);
      if (command === undefined || (resume !== undefined && command.name !== resume.toLowerCase())) {
        transcript.line(text);
        return;
      }
      if (resume !== undefined) {
        resume = undefined;
        return;
      }
      const shown = obey(command.name, command.properties, command.message);
      for (const line of shown?.split("\n") ?? []) transcript.line(line);
    },
    problem: () => problem,
  };
}
