import { unreachable } from "../../../errors.ts";
import type { Verdict } from "../../gates/verdict.ts";
import type { CommitBack } from "../../proposal/publish.ts";
import { markdownCode, markdownText } from "../escape.ts";
import { counted } from "../numbers.ts";
import type { CommentFacts } from "./facts.ts";
import { commitLink } from "./links.ts";

/** So many required checks are named. */
const NAMED = 3;

/**
 * When to review and what to do until then, in one short paragraph.
 *
 * @param gates whether it is gates that may be undecided, and not desired states alone
 */
export function reviewText(back: CommitBack, verdict: Verdict, facts: CommentFacts, gates = true): string {
  const open = verdict === "inconclusive" ? `, and decide:** ${decision(facts, gates)}` : ".**";
  switch (back.state) {
    case "coming":
      return "⏳ **Review after the next commit.** Pointer and lock of exactly these bytes are on their way to the branch; an approval given before may not count after.";
    case "committed": {
      const alone = facts.triggersWorkflows
        ? ""
        : " It was made with the workflow's own token, which starts no workflows: other checks do not run on it. They do where the workflows speak as the team's own GitHub App (`app-id`).";
      return `👀 **Review now${open} Commit ${commitLink(facts, back.sha)} carries pointer and lock of exactly these bytes.${alone}`;
    }
    case "stands":
      return `👀 **Review now${open} The branch carries pointer and lock of exactly these bytes.`;
    case "none":
      return `👀 **Review now${open}`;
    case "fails":
      return "🛠️ **Mend before reviewing.** Nothing was committed: what fails stays off the branch. The next push is judged anew.";
    case "fork":
      return `🍴 **Nothing was committed:** the branch is a fork's, where nothing of ours may write. Its owner does so with\n\n${commands(back.paths)}`;
    case "left without checks":
      return `✋ **Nothing was committed:** ${branchName(facts)} requires ${listed(back.checks)}, and the workflow's own token starts no workflows, so that the new commit would wait for ${back.checks.length === 1 ? "it" : "them"} forever. Let the workflows speak as the team's own GitHub App (\`app-id\`, \`app-private-key\`) and run this again.`;
    case "kept nowhere":
      return `👀 **Review now${open} **Nothing was committed:** ${branchName(facts)} names no remote, so that these bytes are kept nowhere, and each pull request is judged as if it were the first. Name one in \`.dvc/config\`.`;
    case "refused":
      return `✋ **Nothing was committed:** ${markdownText(back.reason, 400)}.`;
    case "moved":
      return "";
    default:
      return unreachable(back);
  }
}

function decision({ approvals, ...facts }: CommentFacts, gates: boolean): string {
  const stays = gates ? "the undecided gates may stay undecided" : "it may be so";
  return (approvals ?? 0) > 0
    ? `an approval says that ${stays}.`
    : `${gates ? "the undecided gates need" : "it needs"} a person's approval, and ${approvals === undefined ? "whether" : ""} ${branchName(facts)} ${approvals === undefined ? "requires one could not be found out" : "requires none"}, so the status holds the merge. Let it require one, and the approval decides.`.replace(
        "  ",
        " ",
      );
}

/** The base branch as code. */
export const branchName = ({ base }: Pick<CommentFacts, "base">): string => markdownCode(base, 60);

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map((name) => markdownCode(name, 60));
  const more = names.length > NAMED ? [counted(names.length - NAMED, "more check")] : [];
  const all = [...shown, ...more];
  const last = all.pop() ?? "";
  return all.length === 0 ? last : `${all.join(", ")} and ${last}`;
}

/** What a fork's owner pastes: the paths are checked before, and quoted for the shell. */
function commands(paths: readonly string[]): string {
  const quoted = paths
    .slice(0, 30)
    .map((path) => (/^[\w./-]+$/.test(path) ? path : `'${path.replace(/[^\w ./-]/g, "?")}'`));
  return [
    "```sh",
    "npx trainyard run",
    `git add ${quoted.join(" ")} && git commit -m "Lock what was judged" && git push`,
    "```",
  ].join("\n");
}
