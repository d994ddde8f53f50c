import type { DeploymentChange } from "../deployments/change.ts";
import { gravest, type Verdict } from "../gates/verdict.ts";
import { plain } from "../report/escape.ts";
import { counted } from "../report/numbers.ts";
import { OUTCOMES, outcomeOf } from "../report/outcome.ts";
import type { JudgedModel, Judgement } from "./documents.ts";

/** What a status says: it has no more room than this. */
export interface StatusDraft {
  readonly state: "pending" | "success" | "failure" | "error";
  readonly description: string;
}

const ROOM = 140;

/**
 * A status of one line of plain text.
 *
 * @example status("error", "a\nb") // => { state: "error", description: "a b" }
 */
export function status(state: StatusDraft["state"], description: string): StatusDraft {
  return { state, description: plain(description, ROOM) };
}

/** A whole judgement, as far as one sentence speaks of it. */
export type Sayable = Pick<Judgement, "models" | "verdict"> & Partial<Pick<Judgement, "deployments">>;

/**
 * The status of a judgement.
 *
 * Inconclusive asks for a person's approval. Where the base branch requires one, that is what decides,
 * and the status stands out of its way; elsewhere nothing would ask for it, so the status holds the
 * merge.
 *
 * @param approvals how many the base branch requires; undefined where that is not known
 */
export function statusOf(judgement: Sayable, approvals: number | undefined): StatusDraft {
  const { verdict } = judgement;
  const said = headline(judgement);
  if (verdict === "inconclusive") {
    return (approvals ?? 0) > 0
      ? status("success", `Inconclusive, an approval decides: ${said}`)
      : status("pending", `Inconclusive, needs an approval: ${said}`);
  }
  return status(verdict === "fail" ? "failure" : "success", said);
}

/**
 * The status of a judged commit that brings pointers or locks of its own making. Merged as it is, it
 * would put other bytes on the base branch than those that were judged, so that only the commit which
 * corrects it has the verdict.
 *
 * @param paths of these files, at least one
 * @param coming whether that commit is on its way
 * @example heldStatus(["models/wages.dvc"], true) // => { state: "pending", description: "models/wages.dvc is not as it was judged; a commit that corrects it is on its way" }
 */
export function heldStatus([first = "", ...more]: readonly string[], coming: boolean): StatusDraft {
  const named = more.length === 0 ? `${first} is` : `${first} and ${more.length} more are`;
  return coming
    ? status("pending", `${named} not as it was judged; a commit that corrects it is on its way`)
    : status("failure", `${named} not as it was judged: take the base branch's side of it`);
}

/**
 * The one thing to say of a whole judgement, unescaped.
 *
 * @example headline({ verdict: "pass", models: [] }) // => "Nothing to judge: no model changed"
 * @example headline({ verdict: "inconclusive", models: [] }) // => "A contract that the base branch judges by is taken away"
 */
export function headline({ models, verdict, deployments = [] }: Sayable): string {
  const looked = models.filter(({ state }) => state !== "unchanged");
  const states = toldOf(deployments);
  const [first] = looked;
  const holds = (one: { readonly verdict: Verdict }): boolean => one.verdict === verdict;
  if (verdict === "inconclusive" && ![...looked, ...states].some(holds)) {
    if (models.some(holds)) return "Waivers change, and no model does: a code owner has to agree";
    return "A contract that the base branch judges by is taken away";
  }
  if (states.length > 0 && !looked.some(holds)) {
    const others = looked.length === 0 ? "" : `; ${counted(looked.length, "model")} judged beside it`;
    return `${statesSentence(states)}${others}`;
  }
  if (states.length > 0) {
    return `${headline({ models, verdict }).replace(/\.$/, "")}; ${counted(states.length, "change")} of desired states beside it`;
  }
  if (first === undefined) return "Nothing to judge: no model changed";
  if (looked.length === 1) return sentenceOf(first);
  const order: readonly Verdict[] = ["fail", "inconclusive", "waived", "warn", "pass"];
  const counts = order
    .map(
      (one) =>
        [looked.filter((model) => model.verdict === one).length, OUTCOMES[one].word.toLowerCase()] as const,
    )
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const gravest = looked.find((model) => model.verdict === verdict) ?? first;
  const told = verdict === "pass" ? "" : `; ${gravest.model}: ${sentenceOf(gravest)}`;
  return `${looked.length} models: ${counts.join(", ")}${told}`;
}

/** Changes of desired states that are news to a reader, and do not only follow from a model's. */
export const toldOf = (deployments: readonly DeploymentChange[]): readonly DeploymentChange[] =>
  deployments.filter(({ kind }) => kind !== "merge" && kind !== "unchanged");

/** What is to say of several changes of desired states: the gravest, and how many there are beside it. */
function statesSentence(states: readonly DeploymentChange[]): string {
  const worst = gravest(states.map(({ verdict }) => verdict));
  const said = states.find(({ verdict }) => verdict === worst)?.sentence ?? "";
  return states.length === 1 ? said : `${said}; and ${states.length - 1} more`;
}

/**
 * What is to say of one model, unescaped: its report's sentence without the verdict that stands before it, or
 * the problem for which there is none. In a merge queue there is neither: the ledger knows.
 */
export function sentenceOf({
  problem,
  report,
  state,
}: Pick<JudgedModel, "problem" | "report" | "state">): string {
  if (problem !== null) return problem.message;
  if (report !== null) return report.sentence.replace(/^Fails: /, "");
  if (state === "judged") return "Judged before, as the ledger says";
  return state === "unchanged" ? "Unchanged" : "It could not be judged, and nothing says why";
}

/**
 * A model's icon and word: what its report shows in large, or that there is none.
 *
 * @example outcomeWords({ state: "unchanged", report: null, verdict: "pass" }) // => { icon: "⚪", word: "Unchanged" }
 * @example outcomeWords({ state: "failed", report: null, verdict: "fail" }) // => { icon: "❌", word: "Not judged" }
 * @example outcomeWords({ state: "judged", report: null, verdict: "pass" }) // => { icon: "✅", word: "Pass" }
 */
export function outcomeWords({ state, report, verdict }: Pick<JudgedModel, "state" | "report" | "verdict">): {
  readonly icon: string;
  readonly word: string;
} {
  if (state === "unchanged") return { icon: "⚪", word: "Unchanged" };
  if (state === "failed") return { icon: "❌", word: "Not judged" };
  const { icon, word } = OUTCOMES[report === null ? verdict : outcomeOf({ ...report, verdict })];
  return { icon, word };
}
