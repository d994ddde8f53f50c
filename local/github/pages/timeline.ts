import type { Comment } from "../comments.ts";
import { association, type Happened, type Issue } from "../issues.ts";
import type { Review } from "../reviews.ts";
import type { Account, Repository, World } from "../world.ts";
import { type Links, renderMarkdown } from "./markdown.ts";
import { escapeHtml } from "./sanitize.ts";

const FACES: Readonly<Record<string, string>> = {
  "+1": "👍",
  "-1": "👎",
  laugh: "😄",
  hooray: "🎉",
  confused: "😕",
  heart: "❤️",
  rocket: "🚀",
  eyes: "👀",
};

const OUTCOMES: Readonly<Record<Review["state"], string>> = {
  APPROVED: '<span class="good">✓ approved these changes</span>',
  CHANGES_REQUESTED: '<span class="bad">requested changes</span>',
  COMMENTED: "reviewed",
  DISMISSED: "approved an earlier commit; the approval was dismissed",
};

/** Where texts of a repository can lead to. */
export const linksOf = (world: World, repository: Repository): Links => ({
  person(login) {
    const found = world.accounts.get(login.toLowerCase());
    return found && found.type !== "Bot" ? `${world.url}/${found.login}` : undefined;
  },
  issue(number) {
    const found = repository.issues.get(number);
    if (!found) return undefined;
    return `${world.url}/${repository.fullName}/${found.pull ? "pull" : "issues"}/${number}`;
  },
});

/** A time as people read it, in UTC. */
export const moment = (time: string): string =>
  `<time datetime="${escapeHtml(time)}">${escapeHtml(time.replace("T", " ").replace(/:\d\dZ$/, " UTC"))}</time>`;

const avatar = ({ login, type }: Account): string =>
  `<div class="avatar${type === "Bot" ? " bot" : ""}" aria-hidden="true">${escapeHtml([...login][0] ?? "?")}</div>`;

/** A login as GitHub shows it: bots without their brackets, with a badge. */
export const nameOf = ({ login, type }: Account): string =>
  type === "Bot"
    ? `<b>${escapeHtml(login.replace(/\[bot\]$/, ""))}</b><span class="tag">bot</span>`
    : `<b>${escapeHtml(login)}</b>`;

interface Said {
  readonly id: string;
  readonly by: Account;
  readonly at: string;
  readonly edited: boolean;
  readonly body: string | null;
  readonly reactions: Comment["reactions"];
}

function card(world: World, repository: Repository, issue: Issue, said: Said): string {
  const links = linksOf(world, repository);
  const role = association(repository, said.by);
  const badges = [
    ...(role === "NONE" ? [] : [role.charAt(0) + role.slice(1).toLowerCase()]),
    ...(said.by === issue.author ? ["Author"] : []),
  ];
  const counts = new Map<string, number>();
  for (const { content } of said.reactions) counts.set(content, (counts.get(content) ?? 0) + 1);
  const reactions = [...counts]
    .map(([content, count]) => `<span>${FACES[content] ?? ""} ${count}</span>`)
    .join("");
  const body = said.body?.trim()
    ? `<div class="body">${renderMarkdown(said.body, links)}</div>`
    : '<div class="body empty">No description provided.</div>';
  return `<article class="entry" id="${said.id}">${avatar(said.by)}<div class="card"><div class="head">${nameOf(said.by)} commented ${moment(said.at)}${
    said.edited ? " · edited" : ""
  }${badges.map((badge) => `<span class="tag">${badge}</span>`).join("")}</div>${body}${
    reactions ? `<div class="reactions">${reactions}</div>` : ""
  }</div></article>`;
}

function reviewEntry(world: World, repository: Repository, issue: Issue, review: Review): string {
  const head = `<p class="event" id="pullrequestreview-${review.id}">${nameOf(review.by)} ${OUTCOMES[review.state]} ${moment(review.at)}</p>`;
  if (review.body === "") return head;
  const said = {
    id: `review-${review.id}`,
    by: review.by,
    at: review.at,
    edited: false,
    body: review.body,
    reactions: [],
  };
  return head + card(world, repository, issue, said);
}

/** What happened, in GitHub's words. */
function wordsOf(links: Links, issue: Issue, { kind, detail }: Happened): string {
  const shown = escapeHtml(detail);
  const number = /^#(\d+)$/.exec(detail)?.[1];
  const to = number === undefined ? undefined : links.issue(Number(number));
  switch (kind) {
    case "labeled":
      return `added the <span class="label">${shown}</span> label`;
    case "unlabeled":
      return `removed the <span class="label">${shown}</span> label`;
    case "renamed":
      return `changed the title from <del>${shown}</del>`;
    case "reopened":
      return '<span class="good">reopened</span> this';
    case "closed": {
      if (issue.pull) return issue.pull.merged ? '<span class="done">merged</span> this' : "closed this";
      const by =
        to === undefined ? `in <code>${shown}</code>` : `in <a href="${escapeHtml(to)}">${shown}</a>`;
      return `<span class="done">closed</span> this ${/^(#\d+|[0-9a-f]{7})$/.test(detail) ? `as completed ${by}` : `as ${shown}`}`;
    }
    default:
      return `${kind} this conversation`;
  }
}

/** What was said, in its order: description, comments, reviews. */
export function timeline(world: World, repository: Repository, issue: Issue): string {
  const description = {
    id: `issue-${issue.number}`,
    by: issue.author,
    at: issue.createdAt,
    edited: false,
    body: issue.body,
    reactions: [],
  };
  const entries = [
    ...issue.comments.map((comment) => ({
      at: comment.createdAt,
      id: comment.id,
      html: card(world, repository, issue, {
        id: `issuecomment-${comment.id}`,
        by: comment.author,
        at: comment.createdAt,
        edited: comment.updatedAt !== comment.createdAt,
        body: comment.body,
        reactions: comment.reactions,
      }),
    })),
    ...issue.happened.map((one) => ({
      at: one.at,
      id: one.id,
      html: `<p class="event">${nameOf(one.by)} ${wordsOf(linksOf(world, repository), issue, one)} ${moment(one.at)}</p>`,
    })),
    ...(issue.pull?.reviews ?? []).map((review) => ({
      at: review.at,
      id: review.id,
      html: reviewEntry(world, repository, issue, review),
    })),
  ].sort((a, b) => a.at.localeCompare(b.at) || a.id - b.id);
  return card(world, repository, issue, description) + entries.map(({ html }) => html).join("\n");
}
