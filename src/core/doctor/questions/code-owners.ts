import { isOwned } from "../code-owners.ts";
import type { Facts, Finding } from "../facts.ts";

/** Who must agree where the rules themselves change? */
export default function codeOwners({
  tree: { owners, contracts, workflows },
  forge,
}: Facts): readonly Finding[] {
  const rules = [
    ...contracts.flatMap((path) => [
      path,
      ...["trainyard.lock", "waivers.yaml"].map((name) => path.replace(/[^/]*$/, name)),
    ]),
    ".dvc/config",
    ...workflows.map(({ file }) => file),
  ];
  const free = rules.filter((path) => owners === undefined || !isOwned(owners.text, path));
  const found: Finding[] = [];
  if (contracts.length > 0 && free.length > 0) {
    const file = owners?.path ?? ".github/CODEOWNERS";
    found.push({
      name: "unowned-rules",
      severity: "advice",
      what: `nobody owns ${free.slice(0, 4).join(", ")}${free.length > 4 ? ` and ${free.length - 4} more` : ""}`,
      why: "gates, remotes and workflows decide about every later change; a change of theirs should need a second person",
      mend: `add to ${file}, with people of yours:\n${linesFor(free)}`,
      ...(owners === undefined ? {} : { at: { file: owners.path } }),
    });
  }
  if (forge?.rules.protected === true && !forge.rules.codeOwners && free.length < rules.length) {
    found.push({
      name: "owners-not-asked",
      severity: "advice",
      what: `"${forge.defaultBranch}" does not require the review of code owners`,
      why: "CODEOWNERS asks for a review; only a rule waits for it",
      mend: `Settings, Rules, Rulesets, the ruleset of "${forge.defaultBranch}", Require a pull request before merging: tick “Require review from Code Owners”`,
    });
  }
  return found;
}

/** One line a path; of workflows one for all. */
function linesFor(paths: readonly string[]): string {
  const patterns = new Set(paths.map((path) => (path.startsWith(".github/") ? "/.github/" : `/${path}`)));
  return [...patterns].map((pattern) => `  ${pattern} @your-organisation/your-team`).join("\n");
}
