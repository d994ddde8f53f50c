import type { Elsewhere } from "./elsewhere.ts";
import type { Engine } from "./engine.ts";
import type { Forge, ForgeAccess } from "./forge.ts";
import type { Handoff } from "./handoff.ts";
import type { Host } from "./host.ts";
import type { Ledger } from "./ledger.ts";
import type { Model, ModelExpectation } from "./model.ts";
import type { Command, CommandEnd } from "./process.ts";
import type { Progress, Task } from "./progress.ts";
import type { Listen, Listening } from "./server.ts";
import type { Templates } from "./templates.ts";
import type { Tracking } from "./tracking.ts";
import type { Trained, TrainRequest } from "./trainer.ts";
import type { LaidOut, LayOut } from "./trees.ts";
import type { Ask } from "./web.ts";
import type { Workspace } from "./workspace.ts";

/** The outside world as a stage sees it. Nothing heavy is loaded before it is asked for. */
export interface Ports {
  /** Absolute path of the folder the command was called in; paths from the user are relative to it. */
  readonly folder: string;
  readonly progress: Progress;
  /** Where results are shown. */
  readonly screen: { readonly colour: boolean; readonly width: number };
  readonly now: () => Date;
  /** Stops what is under way: set by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Says that what is under way ends in order when `signal` asks it to, and may take so many milliseconds. */
  endsWithin(milliseconds: number): void;
  /** The repository around a folder; the folder itself where there is none. */
  workspace(folder: string): Promise<Workspace>;
  /**
   * Another repository at a branch, tag or commit, or else at its newest commit; it is closed by the caller.
   *
   * @throws {UserError} where there is none, or Git would run a program to get there
   */
  elsewhere(wanted: {
    readonly url: string;
    readonly revision?: string;
    /** Absolute path of the folder that a relative url starts from. */
    readonly from: string;
  }): Promise<Elsewhere>;
  /** Name and version of the engine that `engine` opens, without opening it. */
  readonly engineName: string;
  /** Name and version of what a built-in trainer computes with. */
  backendName(backend: "wasm" | "tfjs-node"): string;
  /**
   * A new engine with nothing in it; it is closed with the ports, if not before.
   *
   * @param folder where it keeps what does not fit into memory; else the system's temporary folder
   */
  engine(folder?: string): Promise<Engine>;
  /** A model from a file or folder. @throws {UserError} where it is not what is expected */
  model(path: string, expects: ModelExpectation): Promise<Model>;
  /**
   * Copies an ONNX model as one file: weights that lie beside it are put into it.
   *
   * @throws {UserError} where it is damaged, or leaves its folder
   */
  readonly keepModel: (from: string, to: string) => Promise<void>;
  /** Trains a built-in model. */
  readonly trainer: (request: TrainRequest, task: Task) => Promise<Trained>;
  /** Trains on k folds of the training rows and says how much the result moves. */
  readonly crossValidate: (
    request: TrainRequest,
    k: number,
  ) => Promise<{ readonly folds: number; readonly text: string }>;
  /** The starter repositories that this program carries. */
  readonly templates: Templates;
  /** Runs a training command of the user's. */
  readonly commands: (command: Command) => Promise<CommandEnd>;
  /** What this run is part of, as the host says: an event, a run, a repository on a forge. */
  readonly host: Host;
  forge(access: ForgeAccess): Promise<Forge>;
  ledger(access: ForgeAccess): Promise<Ledger>;
  /** Hands folders from one job to another. */
  readonly handoff: Handoff;
  /** Writes commits of the forge's repository to folders as plain files: no filters, links or hooks. */
  layOut(request: LayOut): Promise<LaidOut>;
  /** Asks an address on the web that a contract names. */
  readonly ask: Ask;
  /**
   * A server that keeps track of runs: the one that is named, or else that of the surroundings.
   *
   * @throws {UserError} where none is named, or what is named is none
   */
  tracking(uri: string | undefined): Promise<Tracking>;
  /** Answers requests from the web. @throws {UserError} where the address is not to be had */
  listen(options: Listen): Promise<Listening>;
}
