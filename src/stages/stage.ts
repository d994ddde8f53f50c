import type { Verdict } from "../core/gates/verdict.ts";
import { EXIT, type Place } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { Inputs, Values } from "./inputs.ts";

/** What a stage answers with. Hosts print it, as text, as JSON or as a job summary. */
export interface Result<O extends string = string> {
  /** Decided by gates or expectations; absent for stages that do not judge. */
  readonly verdict?: Verdict;
  /** The process's exit code, where it is not 0. */
  readonly exit?: number;
  readonly outputs: Readonly<Record<O, string>>;
  /** For a person at a terminal. */
  readonly text: string;
  /** For a job's summary, made only where there is one; the text where it is absent. */
  readonly markdown?: string | (() => Promise<string>);
  /** For machines: what `--json` prints. */
  readonly json: unknown;
  /** What is to be said beside a line of a file, the gravest first. */
  readonly notes?: readonly Note[];
}

/** A sentence beside a line of a file. */
export interface Note {
  readonly level: "error" | "warning";
  /** Its file is relative to the folder that the stage was called in. */
  readonly at: Place;
  readonly message: string;
}

/**
 * The exit code that a result asks for.
 *
 * @example exitOf({ verdict: "fail", outputs: {}, text: "", json: null }) // => 1
 * @example exitOf({ exit: 3, outputs: {}, text: "", json: null }) // => 3
 */
export function exitOf({ exit, verdict }: Result): number {
  return exit ?? (verdict === "fail" ? EXIT.failed : EXIT.ok);
}

/** How an action looks in lists, and what it may be allowed to do. */
export interface ActionLook {
  /** A Feather icon's name. */
  readonly icon: string;
  readonly color: "blue" | "gray-dark" | "green" | "orange" | "purple" | "red" | "yellow";
  /** What its job's token needs, as in a workflow file: `contents: read # the change and its base`. */
  readonly permissions?: readonly string[];
}

/** One verb: the command, its help, the action and its page are made from this declaration. */
export interface Stage<I extends Inputs = Inputs, O extends string = string> {
  readonly name: string;
  /** One sentence that says what it is for. */
  readonly summary: string;
  readonly inputs: I;
  readonly outputs: Readonly<Record<O, string>>;
  /** How its action looks; no action is made where it is absent. */
  readonly action?: ActionLook;
  /** False where it is of use only between the jobs of a workflow: it is no command then. */
  readonly command?: false;
  /** Whole command lines that work, for the help. */
  readonly examples?: readonly string[];
  run(inputs: Values<I>, ports: Ports): Promise<Result<O>>;
}

/**
 * Declares a stage; `run`'s argument is typed by `inputs`.
 *
 * What comes back is the stage as a host sees it: it hands `run` what `parseInputs` made of `inputs`,
 * so the two fit although the type no longer says how.
 */
export function defineStage<const I extends Inputs, O extends string>(stage: Stage<I, O>): Stage {
  return stage as unknown as Stage;
}
