import { unreachable } from "../../../errors.ts";
import type { DeploymentChange } from "../../deployments/change.ts";
import { markdownCode, markdownText } from "../escape.ts";
import { type Block, left, tableVersions } from "../markdown/blocks.ts";
import { gravestFirst, OUTCOMES } from "../outcome.ts";
import { linked, type Places } from "./links.ts";

/**
 * What becomes of what serves where, the gravest first; nothing where no desired state changes.
 *
 * @param titled whether the title says why already
 */
export function deploymentsBlock(
  deployments: readonly DeploymentChange[],
  { repository }: Pick<Places, "repository">,
  titled: boolean,
): Block | null {
  if (deployments.length === 0) return null;
  const last = titled ? "Brought by" : "Why";
  const headings = [left("Environment"), left("Model"), left("Change"), left("Bytes"), left(last)];
  const versions = tableVersions(
    headings,
    gravestFirst(deployments),
    "desired states, the gravest first",
    (change) => [
      markdownCode(change.environment, 50),
      markdownCode(change.model, 80),
      `${OUTCOMES[change.verdict].icon} **${changeWord(change.kind)}**`,
      bytesCell(change),
      whyCell(change, repository, titled),
    ],
  );
  return { title: "desired states", importance: 112, versions };
}

function whyCell({ sentence, pulls }: DeploymentChange, repository: string, titled: boolean): string {
  const links = pulls.map((pull) => linked(`pull request ${pull}`, `${repository}/pull/${pull}`));
  const parts = titled ? links : [markdownText(sentence, 400), ...links];
  return parts.length === 0 ? "–" : parts.join(" · ");
}

/** The same as a list of sentences, for a check. */
export function deploymentsList(deployments: readonly DeploymentChange[]): string {
  return gravestFirst(deployments)
    .slice(0, 50)
    .map(
      ({ path, verdict, sentence }) =>
        `- ${OUTCOMES[verdict].icon} ${markdownCode(path, 160)}: ${markdownText(sentence, 600)}`,
    )
    .join("\n");
}

/** What a change of a desired state is called. */
function changeWord(kind: DeploymentChange["kind"]): string {
  switch (kind) {
    case "merge":
      return "follows the merge";
    case "removal":
      return "taken away";
    case "promotion":
    case "rollback":
    case "unchanged":
    case "undecided":
    case "refused":
      return kind;
    default:
      return unreachable(kind);
  }
}

/** Before and after, as people quote them. */
function bytesCell({ from, to }: Pick<DeploymentChange, "from" | "to">): string {
  return `${name(from)} → ${name(to)}`;
}

function name(bytes: DeploymentChange["to"]): string {
  if (bytes === null) return "–";
  return markdownCode(bytes.version ?? `sha256:${bytes.sha256.slice(0, 12)}`, 60);
}
