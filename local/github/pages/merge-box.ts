import { type CheckRun, latestChecks } from "../checks.ts";
import { blockedBy } from "../merging.ts";
import type { PullIssue } from "../pulls.ts";
import { type CommitStatus, latestStatuses } from "../statuses.ts";
import type { Repository, World } from "../world.ts";
import { renderMarkdown } from "./markdown.ts";
import { escapeHtml } from "./sanitize.ts";
import { linksOf } from "./timeline.ts";

type Mood = "good" | "bad" | "wait" | "soft";

const MARKS: Readonly<Record<Mood, string>> = { good: "✓", bad: "✗", wait: "●", soft: "◻" };
const WORDS: Readonly<Record<string, string>> = {
  success: "Successful",
  failure: "Failing",
  neutral: "Neutral",
  skipped: "Skipped",
  cancelled: "Cancelled",
  action_required: "Action required",
  timed_out: "Timed out",
};

const moodOf = (outcome: string | null): Mood => {
  if (outcome === "success") return "good";
  if (outcome === "neutral" || outcome === "skipped") return "soft";
  return outcome === null || outcome === "pending" ? "wait" : "bad";
};

interface Row {
  readonly mood: Mood;
  readonly name: string;
  readonly what: string;
  readonly url: string | null;
  readonly more: string;
}

function outputOf(world: World, repository: Repository, check: CheckRun): string {
  const { title, summary, text } = check.output;
  const links = linksOf(world, repository);
  const annotations = check.annotations.map((annotation) => {
    const level = String(annotation.annotation_level ?? "notice").replace(/\W/g, "");
    const heading = annotation.title ? `<b>${escapeHtml(String(annotation.title))}</b><br>` : "";
    const place = `${annotation.path}:${annotation.start_line}`;
    return `<div class="annotation ${level}"><code>${escapeHtml(place)}</code> ${heading}${escapeHtml(String(annotation.message ?? ""))}</div>`;
  });
  const bodies = [summary, text]
    .filter((part): part is string => Boolean(part))
    .map((part) => `<div class="body">${renderMarkdown(part, links)}</div>`);
  if (bodies.length + annotations.length === 0) return "";
  return `<details class="output"${moodOf(check.conclusion) === "bad" ? " open" : ""}><summary>${escapeHtml(title ?? "Details")}</summary>${annotations.join("")}${bodies.join("")}</details>`;
}

const checkRow = (world: World, repository: Repository, check: CheckRun): Row => ({
  mood: moodOf(check.conclusion),
  name: check.name,
  what: [WORDS[check.conclusion ?? ""] ?? "In progress", check.output.title, `by ${check.app.slug}`]
    .filter(Boolean)
    .join(" · "),
  url: check.details,
  more: outputOf(world, repository, check),
});

const statusRow = (status: CommitStatus): Row => ({
  mood: moodOf(status.state),
  name: status.context,
  what: [status.description, `by ${status.creator.login}`].filter(Boolean).join(" · "),
  url: status.url,
  more: "",
});

function headline(rows: readonly Row[]): string {
  if (rows.length === 0) return '<span class="soft">No checks on this commit</span>';
  const count = (mood: Mood): number => rows.filter((row) => row.mood === mood).length;
  if (count("bad") > 0)
    return `<span class="bad">✗ Some checks were not successful</span> <span class="soft">(${count("bad")} of ${rows.length})</span>`;
  if (count("wait") > 0) return `<span class="wait">● Some checks have not completed yet</span>`;
  return '<span class="good">✓ All checks have passed</span>';
}

function rowHtml(row: Row, required: ReadonlySet<string>): string {
  const details =
    row.url && /^https?:/.test(row.url) ? `<a class="more" href="${escapeHtml(row.url)}">Details</a>` : "";
  const badge = required.has(row.name) ? '<span class="required">Required</span>' : "";
  return `<div class="check"><span class="${row.mood}">${MARKS[row.mood]}</span><b>${escapeHtml(row.name)}</b>${badge}<span class="what">${escapeHtml(row.what)}</span>${details}</div>${row.more}`;
}

/** Checks and statuses of the head, and whether the pull request can be merged. */
export async function mergeBox(world: World, repository: Repository, issue: PullIssue): Promise<string> {
  const { pull } = issue;
  const rows = [
    ...latestChecks(repository, pull.head.sha).map((check) => checkRow(world, repository, check)),
    ...latestStatuses(repository, pull.head.sha).map(statusRow),
  ];
  const rules = repository.rules.get(pull.base.ref);
  const required = new Set(rules?.checks.map(({ context }) => context));
  const missing = [...required].filter((context) => !rows.some(({ name }) => name === context));
  const waiting = missing.map((name) => ({
    mood: "wait" as const,
    name,
    what: "Expected — waiting for status to be reported",
    url: null,
    more: "",
  }));
  const blocked = issue.state === "open" ? await blockedBy(repository, issue) : undefined;
  const end =
    issue.state !== "open"
      ? ""
      : pull.merge === undefined
        ? '<div class="check"><span class="bad">✗</span> This branch has conflicts that must be resolved</div>'
        : blocked === undefined
          ? '<div class="check"><span class="good">✓</span> No conflicts with the base branch</div>'
          : `<div class="check"><span class="wait">●</span> Merging is blocked: ${escapeHtml(blocked)}</div>`;
  const all = [...rows, ...waiting];
  return `<section class="card merge" id="checks"><div class="head">${headline(all)} <span class="soft">on <code>${pull.head.sha.slice(0, 7)}</code></span></div>${all
    .map((row) => rowHtml(row, required))
    .join("")}${end}</section>`;
}
