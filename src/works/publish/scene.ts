import { UserError } from "../../errors.ts";
import type { Forge, PullRequest, Speaker } from "../../ports/forge.ts";
import { HeadMoved } from "../../ports/forge.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Workspace } from "../../ports/workspace.ts";

/** What one publishing is about, and whom it speaks with. */
export interface Scene {
  readonly forge: Forge;
  readonly ledger: () => Promise<Ledger>;
  /** The base branch's tree: its contracts, its remote. */
  readonly workspace: Workspace;
  /** The folder of the base branch's tree. */
  readonly folder: string;
  readonly now: () => Date;
  /** The folder that *score* handed over. */
  readonly judgement: string;
  /** How *score* ended, as the host says. */
  readonly scored: string;
  /** Why there is nothing to judge yet. */
  readonly reason: string;
  /** The commit that was judged, or is to be. */
  readonly head: string;
  /** This run, and the one that trained. */
  readonly run: { readonly id: number; readonly url: string } | undefined;
  readonly trainingRun: number | undefined;
}

/** A pull request, and how it is spoken of. */
export interface Talk {
  readonly pull: PullRequest;
  readonly speaker: Speaker;
  /** What the base branch requires; undefined where that could not be read. */
  readonly required: readonly string[] | undefined;
  readonly approvals: number | undefined;
  /** What was wanted and refused, in the forge's words. */
  readonly refused: string[];
}

/** What came of it. */
export interface Published {
  /** What the status says: a verdict, or why there is none. */
  readonly outcome:
    | "pass"
    | "warn"
    | "waived"
    | "inconclusive"
    | "fail"
    | "nothing"
    | "pending"
    | "stopped"
    | "skipped";
  /** Address of the comment, and the commit that was made. */
  readonly comment: string | undefined;
  readonly commit: string | undefined;
  /** The comment as Markdown. */
  readonly markdown: string;
  /** What could not be done. */
  readonly refused: readonly string[];
}

/**
 * Does what a permission may be missing for: what is refused is kept, and the rest goes on.
 *
 * @returns undefined where it was refused
 */
export async function attempt<T>(refused: string[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof HeadMoved) throw error;
    if (!refused.includes(error.message)) refused.push(error.message);
    return undefined;
  }
}
