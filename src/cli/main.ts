import { resolve, sep } from "node:path";
import { refused } from "../adapters/files/space.ts";
import { openPorts } from "../adapters/open.ts";
import { EXIT, UserError } from "../errors.ts";
import { GROUPS, LOADERS } from "../stage-loaders.ts";
import { exitOf, type Stage } from "../stages/stage.ts";
import { VERSION } from "../version.ts";
import { makeProgram, runProgram } from "./program.ts";
import { forScreen } from "./screen.ts";

/*
 * The command line: one more host for the same stages. Results go to standard output, everything
 * else to standard error; a user's mistake is one message, a mistake of ours keeps its stack.
 */

const INTERRUPTED = "interrupted; the same command goes on after what was finished";
const argv = process.argv.slice(2);
const program = makeProgram(await stagesFor(...argv), VERSION, async (stage, values, { json }) => {
  const folder = resolve(String(program.opts().folder ?? "."));
  const ports = openPorts({ folder, stream: process.stderr, environment: process.env });
  process.on("SIGINT", () => ports.interrupt());
  process.on("SIGTERM", () => ports.interrupt());
  try {
    const result = await stage.run(values, ports);
    process.stdout.write(`${json ? JSON.stringify(result.json, undefined, 2) : forScreen(result.text)}\n`);
    process.exitCode = exitOf(result);
  } catch (error) {
    if (!ports.signal.aborted) throw error;
    throw new UserError(INTERRUPTED, { exit: EXIT.interrupted, cause: error });
  } finally {
    await ports.close();
  }
  // Asked to end, it has: whatever is still waited for elsewhere, GitHub above all, holds nobody up.
  if (ports.signal.aborted) process.stdout.write("", () => process.exit());
});

// A reader that stops reading, such as `head`, is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.ok);
});

/** The stage that is asked for, alone where the first word says which it is; else all of them. */
async function stagesFor(word = "", next = "-"): Promise<readonly Stage[]> {
  if (word === "--version" || word === "-v") return []; // asked for by installers, often
  const isGroup = GROUPS.has(word) && (!next.startsWith("-") || next === "--help" || next === "-h");
  const load = Object.hasOwn(LOADERS, word) && !isGroup ? LOADERS[word] : undefined;
  return load === undefined ? (await import("../pipeline.ts")).STAGES : [(await load()).default];
}

/** Paths below the folder the command was called in are shown from there. */
function fromHere(message: string): string {
  const folder = resolve(String(program.opts().folder ?? "."));
  return message.replaceAll(`${folder}${sep}`, "");
}

/** With `--json`, whatever goes wrong is one JSON value, too, from the first word that is not understood on. */
function printError({ message, at }: Pick<UserError, "message" | "at">): void {
  const end = argv.indexOf("--");
  if (!argv.slice(0, end < 0 ? argv.length : end).includes("--json")) return;
  const place = at === undefined ? {} : { at: { ...at, file: fromHere(at.file) } };
  const error = { message: fromHere(message), ...place };
  process.stdout.write(`${JSON.stringify({ error }, undefined, 2)}\n`);
}

let told = false;
process.once("exit", (code) => {
  if (code === EXIT.interrupted && !told) tell({ message: INTERRUPTED, at: undefined }); // it did not end by itself
});

function tell(error: Pick<UserError, "message" | "at">): void {
  told = true;
  printError(error);
  process.stderr.write(`trainyard: ${forScreen(fromHere(error.message))}\n`);
}

try {
  await runProgram(program, argv);
} catch (error) {
  const mendable = error instanceof UserError ? error : refused(error);
  if (mendable !== undefined) {
    tell(mendable);
    process.exitCode = mendable.exit;
  } else {
    const message = `a bug in Trainyard ${VERSION} on Node ${process.version}, please report it`;
    tell({ message, at: undefined });
    throw error;
  }
}
