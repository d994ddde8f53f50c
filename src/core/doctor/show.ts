import { placeText } from "../../errors.ts";
import type { Diagnosis } from "./diagnose.ts";
import type { Finding } from "./facts.ts";
import { PLANS, planNamed } from "./plans.ts";
import type { Standing } from "./standing.ts";

/** What was looked at, for the first lines. */
export interface Looked {
  /** Undefined where the forge was not asked. */
  readonly forge:
    | { readonly repository: string; readonly private: boolean; readonly plan: string | undefined }
    | undefined;
  /** Why it was not asked. */
  readonly why: string | undefined;
}

/** A diagnosis for a person at a terminal. */
export function showDiagnosis({ standing, findings }: Diagnosis, { forge, why }: Looked): string {
  const broken = findings.filter(({ severity }) => severity === "broken").length;
  const counted = `${broken} broken, ${findings.length - broken} advice`;
  return [
    ...(forge === undefined ? [] : [subject(forge)]),
    standingText(standing),
    ...(why === undefined ? [] : [`Only the working tree was looked at: ${why}.`]),
    ...findings.map((finding) => `\n${showFinding(finding)}`),
    "",
    findings.length === 0 ? "nothing to mend" : counted,
  ].join("\n");
}

function subject({ repository, private: isPrivate, plan }: NonNullable<Looked["forge"]>): string {
  const known = planNamed(plan);
  const named = known === undefined ? "a plan that the token may not see" : `GitHub ${PLANS[known]}`;
  return `${repository}: ${isPrivate ? "private" : "public"}, ${named}`;
}

/**
 * What a standing means, in a sentence.
 *
 * @example standingText({ level: "advisory", missing: ["a", "b"], unseen: [] }) // => "Verdicts are advisory: whoever may push a workflow file could forge one. Missing: a; b."
 */
export function standingText({ level, missing, unseen }: Standing): string {
  switch (level) {
    case "enforced":
      return "Verdicts are enforced: only your App can give them, and rules keep ledger and tags.";
    case "advisory":
      return `Verdicts are advisory: whoever may push a workflow file could forge one. Missing: ${missing.join("; ")}.`;
    case "unknown":
      return `Whether verdicts are enforced is not known. Not seen: ${unseen.join("; ")}.`;
  }
}

function showFinding({ severity, what, why, mend, at }: Finding): string {
  const indent = (text: string): string => text.replaceAll("\n", "\n              ");
  return [
    `${severity}  ${what}`,
    ...(at === undefined ? [] : [`        at    ${placeText(at)}`]),
    `        why   ${indent(why)}`,
    `        mend  ${indent(mend)}`,
  ].join("\n");
}
