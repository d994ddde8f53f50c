import { Command, CommanderError, Option } from "commander";
import { EXIT, UserError } from "../errors.ts";
import { type Input, kebab, parseInputs } from "../stages/inputs.ts";
import type { Stage } from "../stages/stage.ts";

/** What the command line does with a stage: runs it, and shows what it answers. */
export type Execute = (
  stage: Stage,
  values: ReturnType<typeof parseInputs>,
  options: { readonly json: boolean },
) => Promise<void>;

/** What is said of words that stand before others, as `remote` before `add`. */
const GROUPS: Readonly<Record<string, string>> = {
  experiments: "List and compare experiments: what each run was told, and what came out.",
  remote: "Set up the places that versions are pushed to and pulled from.",
};

/** What a command is called beside those that stand under its name. */
const FIRST = "list";

/** The whole command line, made from the declarations of the stages that are commands. */
export function makeProgram(stages: readonly Stage[], version: string, execute: Execute): Command {
  const program = new Command("trainyard")
    .description("GitOps for machine learning: the way from a data file to a report one can decide on.")
    .version(version, "-v, --version", "print the version")
    .option("-C, --folder <path>", "work as if started in this folder")
    .helpOption("-h, --help", "show help")
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ sortSubcommands: false });

  for (const stage of stages.filter(({ command }) => command !== false)) {
    // a command under which there are others is the one that is meant where none of them is named
    const leads = stages.some(({ name }) => name.startsWith(`${stage.name} `));
    const [word = "", ...before] = [...stage.name.split(" "), ...(leads ? [FIRST] : [])].reverse();
    const command = before
      .reverse()
      .reduce(group, program)
      .command(word, { isDefault: leads })
      .summary(lowerFirst(stage.summary).replace(/\.$/, ""))
      .description(stage.summary)
      .exitOverride();
    const positional: string[] = [];
    for (const [name, input] of Object.entries(stage.inputs)) {
      if (input.positional) {
        positional.push(name);
        command.argument(argument(name, input), input.about);
      } else command.addOption(option(name, input));
    }
    command.option("--json", "print the result as JSON on standard output");
    if (stage.examples)
      command.addHelpText("after", `\nExamples:\n${stage.examples.map((line) => `  ${line}`).join("\n")}`);
    command.action(async (...given: unknown[]) => {
      const options = given[positional.length] as Record<string, unknown>;
      const values = parseInputs(stage.inputs, (name) => {
        const place = positional.indexOf(name);
        return (place >= 0 ? given[place] : options[name]) as
          | string
          | boolean
          | readonly string[]
          | undefined;
      });
      await execute(stage, values, { json: options.json === true });
    });
  }
  return program;
}

/**
 * Parses and runs a command line.
 *
 * @throws {UserError} exit 2 where the line itself is wrong; help and version answer by returning
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  program.configureOutput({ writeErr: () => {} });
  for (const command of commandsOf(program)) command.configureOutput({ writeErr: () => {} });
  try {
    await program.parseAsync(argv as string[], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return; // help or version, already printed
    if (error.code === "commander.help") {
      const group = program.commands.find(
        (command) => command.commands.length > 0 && argv.includes(command.name()),
      );
      const names = (group ?? program).commands.map((command) => command.name()).join(", ");
      const what = group === undefined ? "no command is given" : `"${group.name()}" is no whole command`;
      throw new UserError(`${what}; one of: ${names}`, { exit: EXIT.usage });
    }
    throw new UserError(error.message.replace(/^error: /, "").replace(/\.?\s+\(/, " ("), {
      exit: EXIT.usage,
    });
  }
}

/** The command of a word under which there are others, made when it is first met. */
function group(parent: Command, word: string): Command {
  const known = parent.commands.find((command) => command.name() === word);
  if (known !== undefined) return known;
  const about = GROUPS[word] ?? "";
  return parent
    .command(word)
    .summary(lowerFirst(about).replace(/\.$/, ""))
    .description(about)
    .configureHelp({ sortSubcommands: false })
    .exitOverride();
}

function commandsOf(command: Command): readonly Command[] {
  return command.commands.flatMap((inner) => [inner, ...commandsOf(inner)]);
}

function argument(name: string, input: Input): string {
  if (input.kind === "required") return `<${kebab(name)}>`;
  return input.kind === "list" ? `[${kebab(name)}...]` : `[${kebab(name)}]`;
}

function option(name: string, input: Input): Option {
  const flagName = `${input.short === undefined ? "" : `-${input.short}, `}--${kebab(name)}`;
  switch (input.kind) {
    case "flag":
      return new Option(flagName, input.about);
    case "list":
      return new Option(
        `${flagName} <${input.placeholder ?? "value"}${input.several ? "..." : ""}>`,
        `${input.about} (may be repeated)`,
      ).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    case "number":
      return new Option(`${flagName} <number>`, withDefault(input.about, input.default));
    case "choice":
      return new Option(
        `${flagName} <choice>`,
        `${input.about}: ${input.choices.join(", ")} (default ${input.default})`,
      );
    case "text":
      return new Option(
        `${flagName} <${input.placeholder ?? "text"}>`,
        withDefault(input.about, input.default),
      );
    case "required":
      return new Option(`${flagName} <${input.placeholder ?? "text"}>`, `${input.about} (required)`);
  }
}

const withDefault = (about: string, value: string | number | undefined): string =>
  value === undefined ? about : `${about} (default ${value})`;

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
