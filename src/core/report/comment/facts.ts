import type { Judgement, VerdictRecord } from "../../proposal/documents.ts";
import type { CommitBack } from "../../proposal/publish.ts";
import type { Places } from "./links.ts";

/** What the comment says of a pull request beside the judgement itself. */
export interface CommentFacts extends Places {
  /** The base branch's name. */
  readonly base: string;
  /** The run that judged, and the page that it left. */
  readonly run: string | undefined;
  readonly page: string | undefined;
  /** The run whose training is judged, and how long it took. */
  readonly trainedBy: string | undefined;
  readonly trainedIn: number | undefined;
  /** Whether a commit of this speaker starts workflows; a workflow's own token's does not. */
  readonly triggersWorkflows: boolean;
  /** Pull requests need so many approvals; undefined where that could not be found out. */
  readonly approvals: number | undefined;
  /** The ledger's newest verdict on an earlier head of the pull request, of each model that has one. */
  readonly earlier: readonly VerdictRecord[];
  /** What was wanted and could not be done, one sentence each. */
  readonly refused: readonly string[];
}

/** What there is to say. */
export type Comment =
  | {
      readonly kind: "judged";
      readonly judgement: Judgement;
      readonly back: CommitBack;
      readonly facts: CommentFacts;
    }
  | {
      /** It waits: nothing was trained or judged yet. */
      readonly kind: "pending";
      readonly head: string;
      readonly reason: string;
    }
  | {
      /** We could not judge, or not write down what was judged. */
      readonly kind: "stopped";
      readonly head: string;
      readonly reason: string;
      readonly run: string | undefined;
    }
  | { readonly kind: "nothing"; readonly head: string; readonly models: number };
