import { created, invalid, notFound, nothing, ok } from "./answers.ts";
import { findIssue, issueChanged, note, tellIssue } from "./issues.ts";
import { listed } from "./pages-of-lists.ts";
import { apiOf } from "./repositories.ts";
import { numberParam, on, param, type RepositoryCall, type Route, record, text, texts } from "./routes.ts";
import { nextId, nodeId, type Repository, type World } from "./world.ts";

/** A label of a repository. */
export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

const READ = [{ issues: "read" }, { pull_requests: "read" }] as const;
const WRITE = [{ issues: "write" }, { pull_requests: "write" }] as const;

/** A label as the API shows it. */
export function labelView(world: World, repository: Repository, label: Label): Record<string, unknown> {
  return {
    id: label.id,
    node_id: nodeId("Label", label.id),
    url: `${apiOf(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** A label by its name, made where the repository lacks it. */
export function labelOf(world: World, repository: Repository, name: string): Label {
  const known = repository.labels.get(name.toLowerCase());
  if (known) return known;
  const made = { id: nextId(world), name, color: "ededed", description: null };
  repository.labels.set(name.toLowerCase(), made);
  return made;
}

/** Names of labels in any of the forms that the API takes. */
export const labelNames = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.map((item) => (typeof item === "string" ? item : String(record(item).name ?? ""))).filter(Boolean)
    : texts(value);

async function set(call: RepositoryCall, names: readonly string[], keep: boolean): Promise<void> {
  const { world, repository } = call;
  const issue = findIssue(call, numberParam(call, "issue_number"));
  const labels = names.map((name) => labelOf(world, repository, name));
  const added = labels.filter((label) => !issue.labels.includes(label.name));
  const kept = keep
    ? issue.labels
    : issue.labels.filter((name) => labels.some((label) => label.name === name));
  issue.labels = [...kept, ...new Set(added.map((label) => label.name))];
  issueChanged(world, issue);
  for (const label of added) {
    note(call, issue, "labeled", label.name);
    await tellIssue(call, repository, issue, "labeled", { label: labelView(world, repository, label) });
  }
}

const labelsOfIssue = (call: RepositoryCall): unknown => {
  const { world, repository } = call;
  const issue = findIssue(call, numberParam(call, "issue_number"));
  return issue.labels.map((name) => labelView(world, repository, labelOf(world, repository, name)));
};

const named = (call: RepositoryCall): Label => {
  const label = call.repository.labels.get(param(call, "name").toLowerCase());
  if (!label) throw notFound();
  return label;
};

/** Labels of the repository, and on issues and pull requests. */
export const labelRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/labels", READ, (call) =>
    listed(call, [...call.repository.labels.values()], (label) =>
      labelView(call.world, call.repository, label),
    ),
  ),
  on("GET /repos/{owner}/{repo}/labels/{name}", READ, (call) =>
    ok(labelView(call.world, call.repository, named(call))),
  ),
  on("POST /repos/{owner}/{repo}/labels", WRITE, (call) => {
    const { world, repository } = call;
    const name = text(call, "name") ?? "";
    if (repository.labels.has(name.toLowerCase())) {
      throw invalid([{ resource: "Label", code: "already_exists", field: "name" }]);
    }
    const color = text(call, "color") ?? "ededed";
    if (!/^[0-9a-f]{6}$/i.test(color))
      throw invalid([{ resource: "Label", code: "invalid", field: "color" }]);
    const label = { id: nextId(world), name, color, description: text(call, "description") ?? null };
    repository.labels.set(name.toLowerCase(), label);
    return created(labelView(world, repository, label));
  }),
  on("PATCH /repos/{owner}/{repo}/labels/{name}", WRITE, (call) => {
    const { world, repository } = call;
    const old = named(call);
    const label = {
      id: old.id,
      name: text(call, "new_name") ?? old.name,
      color: text(call, "color") ?? old.color,
      description: text(call, "description") ?? old.description,
    };
    repository.labels.delete(old.name.toLowerCase());
    repository.labels.set(label.name.toLowerCase(), label);
    for (const issue of repository.issues.values()) {
      issue.labels = issue.labels.map((name) => (name === old.name ? label.name : name));
    }
    return ok(labelView(world, repository, label));
  }),
  on("DELETE /repos/{owner}/{repo}/labels/{name}", WRITE, (call) => {
    const label = named(call);
    call.repository.labels.delete(label.name.toLowerCase());
    for (const issue of call.repository.issues.values()) {
      issue.labels = issue.labels.filter((name) => name !== label.name);
    }
    return nothing;
  }),
  on("GET /repos/{owner}/{repo}/issues/{issue_number}/labels", READ, (call) => ok(labelsOfIssue(call))),
  on(
    "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
    WRITE,
    async (call) => {
      await set(call, labelNames(call.body.labels), true);
      return ok(labelsOfIssue(call));
    },
    "triage",
  ),
  on(
    "PUT /repos/{owner}/{repo}/issues/{issue_number}/labels",
    WRITE,
    async (call) => {
      await set(call, labelNames(call.body.labels), false);
      return ok(labelsOfIssue(call));
    },
    "triage",
  ),
  on(
    "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
    WRITE,
    async (call) => {
      const { world, repository } = call;
      const issue = findIssue(call, numberParam(call, "issue_number"));
      const found = issue.labels.find((name) => name.toLowerCase() === param(call, "name").toLowerCase());
      if (found === undefined) throw notFound("Label does not exist");
      issue.labels = issue.labels.filter((name) => name !== found);
      issueChanged(world, issue);
      const label = labelView(world, repository, labelOf(world, repository, found));
      note(call, issue, "unlabeled", found);
      await tellIssue(call, repository, issue, "unlabeled", { label });
      return ok(labelsOfIssue(call));
    },
    "triage",
  ),
];
