import { type Answer, notFound } from "../answers.ts";
import type { Issue } from "../issues.ts";
import { isPull } from "../pulls.ts";
import { findRepository, type Repository, type World } from "../world.ts";
import { mergeBox } from "./merge-box.ts";
import { escapeHtml } from "./sanitize.ts";
import { STYLE } from "./style.ts";
import { moment, nameOf, timeline } from "./timeline.ts";

function stateOf(issue: Issue): readonly [string, string] {
  if (issue.pull?.merged) return ["merged", "Merged"];
  if (issue.state === "closed") return ["closed", "Closed"];
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
  const name = escapeHtml(repository.fullName).replace("/", " / ");
  const box = isPull(issue) ? await mergeBox(world, repository, issue) : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src http: https:">
<title>${title} · ${escapeHtml(repository.fullName)} #${issue.number}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="bar"><b>${name}</b> ${repository.private ? '<span class="tag">Private</span>' : '<span class="tag">Public</span>'}<span class="local">local GitHub</span></header>
<main>
<h1 class="title">${title} <span class="number">#${issue.number}</span>${labels}</h1>
<p class="meta"><span class="state ${kind}">${word}</span>${metaOf(repository, issue)}</p>
${timeline(world, repository, issue)}
${box}
</main>
</body>
</html>
`;
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

/** What people see: pull requests, and issues. Private ones too, for nobody can sign in here. */
export async function answerPage(world: World, path: string): Promise<Answer> {
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
  const html = await render(world, repository, issue);
  return { status: 200, bytes: Buffer.from(html), type: "text/html; charset=utf-8" };
}
