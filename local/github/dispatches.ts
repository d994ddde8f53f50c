import { parse } from "yaml";
import { notFound, nothing, ok, unprocessable } from "./answers.ts";
import { tell, tellOnDefault } from "./events.ts";
import { commitOf, git, gitOr } from "./git.ts";
import { counted } from "./pages-of-lists.ts";
import { type Doing, on, param, type RepositoryCall, type Route, record, text } from "./routes.ts";
import { workflowView } from "./runs.ts";
import type { Repository } from "./world.ts";

interface WorkflowFile {
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

/** The workflow files of a commit. */
async function filesAt(repository: Repository, commit: string): Promise<readonly WorkflowFile[]> {
  const list = await git(repository.folder, ["ls-tree", "--name-only", commit, ".github/workflows/"]);
  const paths = list.split("\n").filter((path) => /\.ya?ml$/.test(path));
  return Promise.all(
    paths.map(async (path) => {
      const source = (await gitOr(repository.folder, ["show", `${commit}:${path}`])) ?? "";
      let name: unknown;
      try {
        name = record(parse(source)).name;
      } catch {
        name = undefined;
      }
      return { path, name: typeof name === "string" ? name : path, text: source };
    }),
  );
}

/** The workflow that an identifier or a file's name means, as it is on the default branch. */
async function asked(call: RepositoryCall): Promise<WorkflowFile> {
  const { world, repository } = call;
  const wanted = param(call, "workflow_id");
  const head = await commitOf(repository.folder, repository.defaultBranch);
  const files = head ? await filesAt(repository, head) : [];
  const found = files.find(
    ({ path, name }) =>
      path === `.github/workflows/${wanted}` ||
      String(workflowView(world, repository, path, name).id) === wanted,
  );
  if (!found) throw notFound();
  return found;
}

function dispatchable(source: string): Readonly<Record<string, unknown>> | undefined {
  const { on: events } = record(parse(source));
  if (events === "workflow_dispatch") return {};
  if (Array.isArray(events)) return events.includes("workflow_dispatch") ? {} : undefined;
  if (!("workflow_dispatch" in record(events))) return undefined;
  return record(record(record(events).workflow_dispatch).inputs);
}

const READ = [{ actions: "read" }] as const;

/** These start workflows whoever asks, a workflow's own token too. */
const startsAnyway = { startsWorkflows: true } as const;

async function dispatchWorkflow(call: RepositoryCall): Promise<void> {
  const { world, repository, body } = call;
  const file = await asked(call);
  const ref = text(call, "ref") ?? "";
  const sha = await commitOf(repository.folder, ref);
  if (!sha) throw unprocessable(`No ref found for: ${ref}`);
  const source = await gitOr(repository.folder, ["show", `${sha}:${file.path}`]);
  const inputs = source === undefined ? undefined : dispatchable(source);
  if (inputs === undefined) throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  const given = record(body.inputs);
  const unknown = Object.keys(given).filter((name) => !(name in inputs));
  if (unknown.length > 0) throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  for (const [name, declared] of Object.entries(inputs)) {
    if (record(declared).required === true && record(declared).default === undefined && !(name in given)) {
      throw unprocessable(`Required input '${name}' not provided`);
    }
  }
  const branch = await commitOf(repository.folder, `heads/${ref.replace(/^refs\/heads\//, "")}`);
  const full = ref.startsWith("refs/") ? ref : `refs/${branch ? "heads" : "tags"}/${ref}`;
  const shown = workflowView(world, repository, file.path, file.name);
  const payload = { inputs: given, ref: full, workflow: file.path, workflow_id: shown.id };
  tell(call as Doing, repository, { name: "workflow_dispatch", payload, sha, ref: full, ...startsAnyway });
}

/** Workflows, and what starts them by hand. */
export const dispatchRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/actions/workflows", READ, async (call) => {
    const { world, repository } = call;
    const head = await commitOf(repository.folder, repository.defaultBranch);
    const files = head ? await filesAt(repository, head) : [];
    return counted(call, "workflows", files, ({ path, name }) => workflowView(world, repository, path, name));
  }),
  on("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}", READ, async (call) => {
    const { path, name } = await asked(call);
    return ok(workflowView(call.world, call.repository, path, name));
  }),
  on(
    "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
    [{ actions: "write" }],
    async (call) => {
      await dispatchWorkflow(call);
      return nothing;
    },
  ),
  on("POST /repos/{owner}/{repo}/dispatches", [{ contents: "write" }], async (call) => {
    const { repository, body } = call;
    const client = record(body.client_payload);
    if (Object.keys(client).length > 10) {
      throw unprocessable("Invalid request.\n\nNo more than 10 properties are allowed; more were supplied.");
    }
    const payload = {
      action: text(call, "event_type"),
      branch: repository.defaultBranch,
      client_payload: client,
    };
    await tellOnDefault(call, repository, "repository_dispatch", payload, startsAnyway);
    return nothing;
  }),
];
