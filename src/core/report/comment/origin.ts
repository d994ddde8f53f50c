import { unreachable } from "../../../errors.ts";
import type { JudgedModel, Judgement } from "../../proposal/documents.ts";
import { markdownCode } from "../escape.ts";
import type { CommentFacts } from "./facts.ts";
import { baseLink, commitLink, linked } from "./links.ts";
import { branchName } from "./review.ts";

/** What was judged, by whose rules, and where to read on: one line. */
export function subjectLine(
  { commit, base }: Pick<Judgement, "commit" | "base">,
  models: readonly JudgedModel[],
  facts: CommentFacts,
): string {
  const [only] = models.length === 1 ? models : [];
  const several = models.length === 0 ? "The desired states" : "The models";
  return [
    `${only === undefined ? several : markdownCode(only.model, 80)} of ${commitLink(facts, commit)}`,
    ...(only === undefined ? [] : [...bytes(only), originWords(only, facts)]),
    `by the rules of ${branchName(facts)} at ${baseLink(facts, base)}`,
    ...(facts.page === undefined ? [] : [linked("whole report", facts.page)]),
    ...(facts.run === undefined ? [] : [linked("run", facts.run)]),
  ].join(" · ");
}

/** The judged bytes as people quote them. */
export function bytes({ digest }: Pick<JudgedModel, "digest">): string[] {
  return digest === null ? [] : [`\`sha256:${digest.sha256.slice(0, 12)}\``];
}

/** Where the model came from, in a few words. */
export function originWords(
  { origin, digest }: Pick<JudgedModel, "origin" | "digest">,
  { trainedBy }: Pick<CommentFacts, "trainedBy">,
): string {
  if (digest === null) return "no model";
  switch (origin) {
    case "trained here":
      return `${linked("trained here", trainedBy)}`;
    case "vouched for":
      return "trained by an earlier run of ours, as the ledger says";
    case "trained outside":
      return "⚠️ trained outside, not reproduced";
    case "unchanged":
      return "unchanged";
    default:
      return unreachable(origin);
  }
}

/** What a model's origin asks of a reviewer; nothing where a run of ours made it. */
export function originNote({ origin, digest }: Pick<JudgedModel, "origin" | "digest">): string | null {
  return origin === "trained outside" && digest !== null
    ? "⚠️ **Trained outside, not reproduced.** No run of this repository made these bytes: what went into them is known only from the lock that the author wrote."
    : null;
}

/** Why the lock conflicts, and how to go on. */
export function behindNote({ behind }: Pick<JudgedModel, "behind">, facts: CommentFacts): string | null {
  if (!behind) return null;
  const { base } = facts;
  const name = /^[\w./-]+$/.test(base) && !base.startsWith("-") ? base : "BASE";
  return `↩️ **${branchName(facts)} has moved on** since this branch began, and brought another lock. Two changes judged apart were never judged together, so \`trainyard.lock\` and the model's pointer conflict on purpose. To go on: \`git merge origin/${name}\`, keep either side of both whole, \`git push\`; what comes out is trained and judged anew.`;
}
