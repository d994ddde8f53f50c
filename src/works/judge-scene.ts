import type { Content } from "../core/artifacts/digest.ts";
import type { JudgedModel } from "../core/proposal/documents.ts";
import { UserError } from "../errors.ts";
import type { BaseContracts } from "./given-base.ts";
import type { HandedBack } from "./given-candidate.ts";
import type { GivenTree } from "./given-tree.ts";
import type { AskedLedger } from "./vouched.ts";

/** All that is known when one contract is judged. */
export interface Scene {
  readonly head: GivenTree;
  readonly base: GivenTree;
  readonly bases: BaseContracts;
  readonly back: HandedBack;
  readonly ledger: AskedLedger;
  /** The pull request's number; undefined on a laptop and in a merge queue. */
  readonly pull: number | undefined;
  /** Whether a model counts that no run of ours trained. */
  readonly outside: boolean;
  /** The commit at which the change left the base. */
  readonly mergeBase: string | undefined;
}

/** What became of one contract. */
export interface Judged {
  readonly model: JudgedModel;
  /** Absolute path of the judged model's folder, until the tree is closed. */
  readonly bytes: string | undefined;
  readonly notes: readonly string[];
  /** Where the model goes when the change is merged; undefined where it is deployed nowhere. */
  readonly environment?: string | undefined;
}

/** A failure that says where in the change its cause stands. */
export class Refused extends UserError {
  readonly line: number | undefined;

  constructor(message: string, line: number | undefined) {
    super(message);
    this.line = line;
  }
}

/** A model's bytes as a judgement names them. */
export const digestText = ({ md5, sha256, size }: Pick<Content, "md5" | "sha256" | "size">) => ({
  md5,
  sha256,
  size,
});
