import type { Contract } from "../config/contract.ts";
import type { Content } from "../core/artifacts/digest.ts";
import type { Ingredient, Json } from "../core/artifacts/ingredient.ts";
import type { Lock } from "../core/artifacts/lock.ts";
import type { Verdict } from "../core/gates/verdict.ts";
import type { Workspace } from "../ports/workspace.ts";

/** One contract in its workspace: what works are planned and performed on. */
export interface Project extends Workspace {
  /** Absolute path of the contract's folder; outputs are relative to it. */
  readonly folder: string;
  readonly contract: Contract;
  /** As it stood before this run. */
  readonly lock: Lock;
}

/** A file or directory that a work leaves. */
export interface Output {
  /** Relative to the contract's folder, with `/`: `.trainyard/prepared.parquet`, `models/wages`. */
  readonly path: string;
  /**
   * `work` is only needed by later works, and fetched when one of them runs; a `report` is always
   * there; so is a `model`, and DVC's pointer file stands beside it.
   */
  readonly kind: "work" | "report" | "model";
}

/** Where a work's outputs are written until all of them are whole. */
export interface Draft {
  /** Absolute path to write the declared output to; nothing is there yet, its folder is. */
  path(output: string): string;
}

/** What a work says of what it did. Kept in the lock, so it holds no cell values. */
export interface Done {
  readonly facts: Readonly<Record<string, Json>>;
  readonly verdict?: Verdict;
}

/**
 * One step between the data and the report. It is performed again only when something that goes in
 * has changed: its own ingredients, or what the works before it made.
 *
 * @typeParam P a project with what else the works need, such as an engine
 */
export interface Work<P extends Project = Project> {
  readonly name: string;
  /** Names of the works whose outputs it reads. */
  readonly needs: readonly string[];
  /** Whether its verdict `fail` keeps everything after it from running. */
  readonly stops?: boolean;
  /** Everything else that can change its outputs, each with its reason. */
  ingredients(project: P): Promise<readonly Ingredient[]>;
  outputs(project: P): readonly Output[];
  /** Writes every declared output to its draft; outputs of needed works stand in the folder. */
  perform(project: P, draft: Draft): Promise<Done>;
}

/** What would happen to a work, and why. */
export interface WorkStatus {
  readonly work: string;
  /**
   * `stands`: nothing to do · `restores`: as it stood, its outputs are fetched by digest · `runs` ·
   * `depends`: as it stood, unless a work before it, which runs, makes something new ·
   * `blocked`: a work before it failed.
   */
  readonly state: "stands" | "restores" | "runs" | "depends" | "blocked";
  /** Sentences such as `parameter features.0.scale changed ["age"] → ["age","wage"]`. */
  readonly why: readonly string[];
  readonly verdict?: Verdict;
}

/** What happened to a work. */
export interface WorkResult {
  readonly work: string;
  readonly outcome: "stood" | "restored" | "performed" | "blocked";
  readonly why: readonly string[];
  readonly facts: Readonly<Record<string, Json>>;
  readonly verdict?: Verdict;
  readonly outputs: readonly (Content & { readonly path: string })[];
}

export interface RunResult {
  readonly works: readonly WorkResult[];
  /** The lock after the run. */
  readonly lock: Lock;
  /** The work whose verdict stopped the run. */
  readonly stoppedBy?: string;
}

/*
 * Promised by ./plan.ts and ./run.ts:
 *   plan<P extends Project>(works: readonly Work<P>[], project: P): Promise<readonly WorkStatus[]>
 *   runWorks<P extends Project>(works: readonly Work<P>[], project: P, options?: RunOptions): Promise<RunResult>
 * and by ./ingredients.ts:
 *   dataIngredients(project, path): Promise<readonly Ingredient[]>        a path or glob, relative to the folder
 *   codeIngredients(project, globs): Promise<readonly Ingredient[]>       globs, relative to the folder
 *   environmentIngredient(project, file): Promise<Ingredient>
 *   parameterIngredients(value, prefix, reason): readonly Ingredient[]
 *   backendIngredient(name), toolIngredient(): Ingredient
 */
export interface RunOptions {
  /** The last work to run; it and what it needs. */
  readonly until?: string;
  /** Perform works that stand, too: all of them, or those named. */
  readonly force?: boolean | readonly string[];
  /** Where it is set, the run ends before the next work. */
  readonly signal?: AbortSignal;
  /** Called when a work's fate is known and it is about to be performed or restored, and when it is over. */
  readonly onStage?: (event: StageEvent) => void;
}

export type StageEvent =
  | { readonly type: "begins"; readonly work: string; readonly why: readonly string[] }
  | { readonly type: "ends"; readonly result: WorkResult };
