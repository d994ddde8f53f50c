import type { Place } from "../../errors.ts";
import type { Scheduled } from "../schedule/cron.ts";
import type { Workflow } from "./workflow.ts";

/** What the doctor looks at. Without a token there is no forge. */
export interface Facts {
  readonly tree: Tree;
  readonly forge: ForgeFacts | undefined;
}

/** What the working tree says. Paths are relative to the repository's root, with `/`. */
export interface Tree {
  readonly inGit: boolean;
  readonly contracts: readonly string[];
  readonly after: AfterMerge;
  readonly workflows: readonly Workflow[];
  readonly owners: { readonly path: string; readonly text: string } | undefined;
  readonly remote: RemoteFact;
  /** Pointer files of data: those of models, which the judge writes, are not among them. */
  readonly pointers: readonly string[];
}

/** What the contracts that can be read ask for once a change is merged. */
export interface AfterMerge {
  /** Models that are deployed. */
  readonly deployed: readonly string[];
  readonly monitored: readonly Scheduled[];
  /** Models that can be retrained, if only when asked for. */
  readonly retrainable: readonly string[];
  readonly retrained: readonly Scheduled[];
}

/** Where `.dvc/config`, or else a contract, says that bytes are kept. */
export type RemoteFact =
  | { readonly kind: "none" }
  | { readonly kind: "broken"; readonly message: string }
  /** A contract's: `acme/wages` at `ghcr.io`. */
  | { readonly kind: "registry"; readonly url: string; readonly host: string; readonly name: string }
  | { readonly kind: "folder"; readonly url: string; readonly at: Place }
  | { readonly kind: "service"; readonly scheme: string; readonly at: Place };

/** What the forge says. Parts are undefined where the token, or the plan, does not let it be seen. */
export interface ForgeFacts {
  /** `acme/wages` */
  readonly repository: string;
  readonly private: boolean;
  readonly ownerType: "User" | "Organization";
  readonly plan: string | undefined;
  readonly defaultBranch: string;
  /** Workflow files of ours that the default branch has. */
  readonly onDefault: readonly string[];
  readonly rules: BranchFacts;
  /** Of the branch `trainyard`. */
  readonly ledger: Pick<BranchFacts, "protected">;
  readonly tagsProtected: boolean | undefined;
  /** Workflow files that the forge does not start, with the state that it gives them. */
  readonly disabled: ReadonlyMap<string, string> | undefined;
  readonly defaultPermissions: "read" | "write" | undefined;
  /** The variable TRAINYARD_APP_ID; null where there is none. */
  readonly appId: string | null | undefined;
  /** The environment that keeps the App's key: whether it is there, and only the default branch may use it. */
  readonly environment: { readonly exists: boolean; readonly restricted: boolean } | undefined;
}

/** What a branch requires before a merge. */
export interface BranchFacts {
  readonly required: readonly { readonly context: string; readonly app: number | undefined }[];
  readonly codeOwners: boolean;
  readonly approvals: number;
  readonly mergeQueue: boolean;
  readonly protected: boolean | undefined;
}

/** Something that is not as it should be. */
export interface Finding {
  /** Its name, for machines. */
  readonly name: string;
  /** `broken`: it does not work so. `advice`: it works, and could be safer. */
  readonly severity: "broken" | "advice";
  readonly what: string;
  readonly why: string;
  /** The click, the command or the lines that mend it. */
  readonly mend: string;
  readonly at?: Place;
}

/** One question to the facts. */
export type Question = (facts: Facts) => readonly Finding[];

/** The status by which a merge is let through, and the ledger's branch. */
export const STATUS = "trainyard";
/** The branch of the ledger. */
export const LEDGER = "trainyard";
/** The environment and the variable that the starter's workflow names. */
export const ENVIRONMENT = "trainyard";
/** The variable that holds the App's id. */
export const APP_VARIABLE = "TRAINYARD_APP_ID";
/** GitHub Actions itself, as a source of checks: https://api.github.com/apps/github-actions. */
export const ACTIONS_APP = 15368;
