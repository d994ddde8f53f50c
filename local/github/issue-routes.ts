import { created, invalid, nothing, ok } from "./answers.ts";
import {
  checkLength,
  findIssue,
  type Issue,
  issueChanged,
  issueView,
  newIssue,
  note,
  requireFor,
  setState,
  tellIssue,
} from "./issues.ts";
import { type Label, labelNames, labelOf, labelView } from "./labels.ts";
import { listed } from "./pages-of-lists.ts";
import { isAtLeast, may, require } from "./permissions.ts";
import { numberParam, on, type RepositoryCall, type Route, text, texts } from "./routes.ts";
import { account } from "./world.ts";

const READ = [{ issues: "read" }, { pull_requests: "read" }] as const;
const ISSUES = [{ issues: "write" }] as const;
const EITHER = [{ issues: "write" }, { pull_requests: "write" }] as const;

function matching(call: RepositoryCall): readonly Issue[] {
  const { query, repository } = call;
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter(Boolean);
  const [creator, since, assignee] = [query.get("creator"), query.get("since"), query.get("assignee")];
  const key = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const found = [...repository.issues.values()].filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      labels.every((label) => issue.labels.some((own) => own.toLowerCase() === label.trim().toLowerCase())) &&
      (creator === null || issue.author.login.toLowerCase() === creator.toLowerCase()) &&
      (assignee === null || assignee === "*" || issue.assignees.some(({ login }) => login === assignee)) &&
      (since === null || issue.updatedAt >= since),
  );
  const oldestFirst = found.sort((a, b) => a[key].localeCompare(b[key]) || a.number - b.number);
  return query.get("direction") === "asc" ? oldestFirst : oldestFirst.reverse();
}

/** Labels and assignees are dropped in silence where somebody may not set them. @returns labels that are new */
function decorate(call: RepositoryCall, issue: Issue): readonly Label[] {
  const { world, repository, who, body } = call;
  const triages = who.kind !== "user" || isAtLeast(repository, who.account.login, "triage");
  if (!triages) return [];
  if (body.assignees !== undefined)
    issue.assignees = texts(body.assignees).map((name) => account(world, name));
  if (body.labels === undefined) return [];
  const before = issue.labels;
  const labels = labelNames(body.labels).map((name) => labelOf(world, repository, name));
  issue.labels = [...new Set(labels.map(({ name }) => name))];
  return labels.filter(({ name }) => !before.includes(name));
}

async function tellLabels(call: RepositoryCall, issue: Issue, added: readonly Label[]): Promise<void> {
  for (const label of added) {
    note(call, issue, "labeled", label.name);
    const shown = labelView(call.world, call.repository, label);
    await tellIssue(call, call.repository, issue, "labeled", { label: shown });
  }
}

const asText = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;

function mayEdit(call: RepositoryCall, issue: Issue): void {
  requireFor(call, issue);
  const own = call.who.account === issue.author;
  if (!own && !may(call.who, call.repository, EITHER, "triage")) {
    require(call.who, call.repository, EITHER, "triage");
  }
}

function setLock(call: RepositoryCall, locked: boolean): void {
  const issue = findIssue(call, numberParam(call, "issue_number"));
  if (issue.locked !== locked) note(call, issue, locked ? "locked" : "unlocked");
  issue.locked = locked;
}

/** Issues; pull requests are among them. */
export const issueRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/issues", READ, (call) =>
    listed(call, matching(call), (issue) => {
      // Lists need not say who closed an issue; whoever wants to know asks for the issue itself.
      const { closed_by: _, ...view } = issueView(call.world, call.repository, issue);
      return view;
    }),
  ),
  on(
    "POST /repos/{owner}/{repo}/issues",
    ISSUES,
    async (call) => {
      const { world, repository } = call;
      const title = asText(call.body.title) ?? "";
      const body = text(call, "body");
      if (title.trim() === "") throw invalid([{ resource: "Issue", field: "title", code: "missing_field" }]);
      checkLength(body, "Issue");
      const issue = newIssue(call, repository, { title, body: body ?? null, pull: undefined });
      const added = decorate(call, issue);
      await tellIssue(call, repository, issue, "opened");
      await tellLabels(call, issue, added);
      return created(issueView(world, repository, issue));
    },
    "read",
  ),
  on("GET /repos/{owner}/{repo}/issues/{issue_number}", READ, (call) =>
    ok(issueView(call.world, call.repository, findIssue(call, numberParam(call, "issue_number")))),
  ),
  on(
    "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
    EITHER,
    async (call) => {
      const { world, repository, body } = call;
      const issue = findIssue(call, numberParam(call, "issue_number"));
      mayEdit(call, issue);
      checkLength(text(call, "body"), "Issue");
      const title = asText(body.title) ?? issue.title;
      if (title !== issue.title) note(call, issue, "renamed", issue.title);
      issue.title = title;
      if (body.body !== undefined) issue.body = text(call, "body") ?? null;
      const added = decorate(call, issue);
      issueChanged(world, issue);
      await tellLabels(call, issue, added);
      const state = text(call, "state");
      if ((state === "open" || state === "closed") && state !== issue.state) {
        setState(call, issue, state, (text(call, "state_reason") ?? undefined) as Issue["reason"]);
        await tellIssue(call, repository, issue, state === "open" ? "reopened" : "closed");
      }
      return ok(issueView(world, repository, issue));
    },
    "read",
  ),
  on("PUT /repos/{owner}/{repo}/issues/{issue_number}/lock", EITHER, (call) => {
    setLock(call, true);
    return nothing;
  }),
  on("DELETE /repos/{owner}/{repo}/issues/{issue_number}/lock", EITHER, (call) => {
    setLock(call, false);
    return nothing;
  }),
];
