import { type Answer, notFound } from "../answers.ts";
import type { Issue } from "../issues.ts";
import { isPull } from "../pulls.ts";
import { findRepository, type Repository, type World } from "../world.ts";
import { deploymentsPage } from "./deployments.ts";
import { document } from "./document.ts";
import { mergeBox } from "./merge-box.ts";
import { escapeHtml } from "./sanitize.ts";
import { moment, nameOf, timeline } from "./timeline.ts";

function stateOf(issue: Issue): readonly [string, string] {
  if (issue.pull?.merged) return ["merged", "Merged"];
  if (issue.state === "closed") {
    if (issue.pull) return ["closed", "Closed"];
    return issue.reason === "not_planned" || issue.reason === "duplicate"
      ? ["draft", "Closed"]
      : ["merged", "Closed"];
  }
  return issue.pull?.draft ? ["draft", "Draft"] : ["open", "Open"];
}

function metaOf(repository: Repository, issue: Issue): string {
  const { pull } = issue;
  if (!pull)
    return `${nameOf(issue.author)} opened this issue ${moment(issue.createdAt)} · ${issue.comments.length} comments`;
  const from = pull.head.repository;
  const head =
    from === repository ? pull.head.ref : `${from?.owner.login ?? "unknown repository"}:${pull.head.ref}`;
  const verb = pull.merged ? `${nameOf(pull.merged.by)} merged` : `${nameOf(issue.author)} wants to merge`;
  return `${verb} into <span class="ref">${escapeHtml(pull.base.ref)}</span> from <span class="ref">${escapeHtml(head)}</span>`;
}

/** The page of an issue or a pull request: one HTML document that needs nothing else. */
async function render(world: World, repository: Repository, issue: Issue): Promise<string> {
  const [kind, word] = stateOf(issue);
  const labels = issue.labels.map((label) => `<span class="label">${escapeHtml(label)}</span>`).join("");
  const title = escapeHtml(issue.title);
  const box = isPull(issue) ? await mergeBox(world, repository, issue) : "";
  return document(
    repository,
    `${issue.title} · ${repository.fullName} #${issue.number}`,
    `<h1 class="title">${title} <span class="number">#${issue.number}</span>${labels}</h1>
<p class="meta"><span class="state ${kind}">${word}</span>${metaOf(repository, issue)}</p>
${timeline(world, repository, issue)}
${box}`,
  );
}

/** The page of one pull request or issue, to be saved as a file. @throws {Error} where there is none */
export async function renderPullPage(
  github: { readonly world: World },
  fullName: string,
  number: number,
): Promise<string> {
  const repository = findRepository(github.world, fullName);
  const issue = repository?.issues.get(number);
  if (!repository || !issue) throw new Error(`there is no ${fullName}#${number}`);
  return render(github.world, repository, issue);
}

/**
 * The page of deployments, to be saved as a file: of all environments, or of one.
 *
 * @throws {Error} where there is no such repository
 */
export function renderDeploymentsPage(
  github: { readonly world: World },
  fullName: string,
  environment?: string,
): string {
  const repository = findRepository(github.world, fullName);
  if (!repository) throw new Error(`there is no ${fullName}`);
  const name = environment === undefined ? undefined : encodeURIComponent(environment);
  return deploymentsPage(github.world, repository, name);
}

const asPage = (html: string): Answer => ({
  status: 200,
  bytes: Buffer.from(html),
  type: "text/html; charset=utf-8",
});

/** What people see: pull requests, issues, deployments. Private ones too, for nobody can sign in here. */
export async function answerPage(world: World, path: string): Promise<Answer> {
  const [, of = "", environment] = /^\/([\w.-]+\/[\w.-]+)\/deployments(?:\/([^/]+))?$/.exec(path) ?? [];
  const deployed = findRepository(world, of);
  if (deployed) {
    return asPage(deploymentsPage(world, deployed, environment));
  }
  const [, name = "", kind, number = ""] = /^\/([\w.-]+\/[\w.-]+)\/(pull|issues)\/(\d+)$/.exec(path) ?? [];
  const repository = findRepository(world, name);
  const issue = repository?.issues.get(Number(number));
  if (!repository || !issue) throw notFound();
  if ((kind === "pull") !== (issue.pull !== undefined)) {
    return {
      status: 302,
      headers: { location: `/${repository.fullName}/${issue.pull ? "pull" : "issues"}/${number}` },
    };
  }
  return asPage(await render(world, repository, issue));
}
