import { created, forbidden, notFound, ok, unprocessable } from "./answers.ts";
import { type App, appView } from "./apps.ts";
import { tellOnDefault } from "./events.ts";
import { commitOf } from "./git.ts";
import { counted, listed } from "./pages-of-lists.ts";
import { pullsOf } from "./pulls.ts";
import { settleQueue } from "./queue.ts";
import { apiOf, pageOf } from "./repositories.ts";
import { numberParam, on, param, type RepositoryCall, type Route, record, text } from "./routes.ts";
import { latestStatuses } from "./statuses.ts";
import { inTurn, nextId, nodeId, type Repository, stamp, type World } from "./world.ts";

/** One run of a check on a commit. */
export interface CheckRun {
  readonly id: number;
  readonly suite: number;
  readonly app: App;
  readonly sha: string;
  name: string;
  status: string;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
  details: string | null;
  externalId: string;
  output: { readonly title: string | null; readonly summary: string | null; readonly text: string | null };
  readonly annotations: Record<string, unknown>[];
}

const MOST_ANNOTATIONS = 50;
const MOST_OUTPUT = 65_535;
const PASSING = ["success", "neutral", "skipped"];

/** The newest run of each name by each app on a commit. */
export function latestChecks(repository: Repository, sha: string): readonly CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const check of repository.checks)
    if (check.sha === sha) latest.set(`${check.app.id} ${check.name}`, check);
  return [...latest.values()];
}

/** Whether all of these contexts passed on a commit, as checks or as statuses. */
export function checksPassed(
  repository: Repository,
  sha: string,
  required: readonly { readonly context: string; readonly app?: number }[],
): boolean {
  return required.every(({ context, app }) => {
    const runs = latestChecks(repository, sha).filter(
      (check) => check.name === context && (app === undefined || check.app.id === app),
    );
    const statuses = latestStatuses(repository, sha).filter(
      (status) => status.context === context && (app === undefined || status.app === app),
    );
    const good = [
      ...runs.map(({ conclusion }) => PASSING.includes(conclusion ?? "")),
      ...statuses.map(({ state }) => state === "success"),
    ];
    return good.length > 0 && good.every(Boolean);
  });
}

/** A check as the API shows it. */
export function checkView(world: World, repository: Repository, check: CheckRun): Record<string, unknown> {
  const url = `${apiOf(world, repository)}/check-runs/${check.id}`;
  const page = `${pageOf(world, repository)}/runs/${check.id}`;
  const pulls = pullsOf(repository).filter(
    ({ state, pull }) =>
      state === "open" && pull.head.sha === check.sha && pull.head.repository === repository,
  );
  return {
    id: check.id,
    node_id: nodeId("CheckRun", check.id),
    external_id: check.externalId,
    head_sha: check.sha,
    name: check.name,
    url,
    html_url: page,
    details_url: check.details ?? page,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: {
      ...check.output,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: check.suite },
    app: appView(world, check.app),
    pull_requests: pulls.map(({ id, number, pull }) => {
      const repo = { id: repository.id, url: apiOf(world, repository), name: repository.name };
      return {
        url: `${apiOf(world, repository)}/pulls/${number}`,
        id,
        number,
        head: { ref: pull.head.ref, sha: pull.head.sha, repo },
        base: { ref: pull.base.ref, sha: pull.base.sha, repo },
      };
    }),
  };
}

/** Takes what a request says of a check; fields that it does not name stay as they are. */
function write(call: RepositoryCall, check: CheckRun): void {
  const { world, repository, body } = call;
  const output = record(body.output);
  const said = (name: string): string | null | undefined =>
    typeof output[name] === "string" ? output[name] : undefined;
  for (const name of ["summary", "text"] as const) {
    if ([...(said(name) ?? "")].length > MOST_OUTPUT) {
      throw unprocessable(
        `Invalid request.\n\nOnly ${MOST_OUTPUT} characters are allowed; ${name} is longer.`,
      );
    }
  }
  const annotations = Array.isArray(output.annotations) ? output.annotations.map(record) : [];
  if (annotations.length > MOST_ANNOTATIONS) {
    throw unprocessable(
      `Invalid request.\n\nNo more than ${MOST_ANNOTATIONS} items are allowed; ${annotations.length} were supplied.`,
    );
  }
  check.name = text(call, "name") ?? check.name;
  check.details = text(call, "details_url") ?? check.details;
  check.externalId = text(call, "external_id") ?? check.externalId;
  check.startedAt = text(call, "started_at") ?? check.startedAt;
  const conclusion = text(call, "conclusion");
  check.status = conclusion ? "completed" : (text(call, "status") ?? check.status);
  if (conclusion) check.conclusion = conclusion;
  else if (text(call, "status") && check.status !== "completed") check.conclusion = null;
  if (check.status === "completed" && !check.conclusion) {
    throw unprocessable("Invalid request.\n\nMissing required parameter: conclusion.");
  }
  check.completedAt = check.conclusion
    ? (text(call, "completed_at") ?? check.completedAt ?? stamp(world))
    : null;
  check.output = {
    title: said("title") ?? check.output.title,
    summary: said("summary") ?? check.output.summary,
    text: said("text") ?? check.output.text,
  };
  for (const annotation of annotations) {
    const path = String(annotation.path ?? "");
    check.annotations.push({
      start_column: null,
      end_column: null,
      title: null,
      raw_details: null,
      ...annotation,
      blob_href: `${pageOf(world, repository)}/blob/${check.sha}/${path}`,
    });
  }
}

function found(call: RepositoryCall): CheckRun {
  const check = call.repository.checks.find(({ id }) => id === numberParam(call, "check_run_id"));
  if (!check) throw notFound();
  return check;
}

async function tell(call: RepositoryCall, check: CheckRun, action: string): Promise<void> {
  const view = checkView(call.world, call.repository, check);
  await tellOnDefault(call, call.repository, "check_run", { action, check_run: view });
  await inTurn(call.world, call.repository, () => settleQueue(call, call.repository));
}

const READ = [{ checks: "read" }] as const;

/** Check runs. Only apps write them, each its own. */
export const checkRoutes: readonly Route[] = [
  on("POST /repos/{owner}/{repo}/check-runs", [{ checks: "write" }], async (call) => {
    const { world, repository, who } = call;
    if (!who.app) throw forbidden("You must authenticate via a GitHub App.");
    const asked = text(call, "head_sha") ?? "";
    const sha = /^[0-9a-f]{40}$/.test(asked) ? await commitOf(repository.folder, asked) : undefined;
    if (!sha) throw unprocessable(`No commit found for SHA: ${asked}`);
    const app = who.app;
    const check: CheckRun = {
      id: nextId(world),
      suite: repository.checks.find((one) => one.sha === sha && one.app === app)?.suite ?? nextId(world),
      app,
      sha,
      name: "",
      status: "queued",
      conclusion: null,
      startedAt: stamp(world),
      completedAt: null,
      details: null,
      externalId: "",
      output: { title: null, summary: null, text: null },
      annotations: [],
    };
    write(call, check);
    repository.checks.push(check);
    await tell(call, check, check.conclusion ? "completed" : "created");
    return created(checkView(world, repository, check));
  }),
  on("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", [{ checks: "write" }], async (call) => {
    const check = found(call);
    if (!call.who.app) throw forbidden("You must authenticate via a GitHub App.");
    if (call.who.app !== check.app) {
      throw forbidden(
        `Invalid app_id \`${call.who.app.id}\` - check run can only be modified by the GitHub App that created it.`,
      );
    }
    const before = check.conclusion;
    write(call, check);
    if (check.conclusion && check.conclusion !== before) await tell(call, check, "completed");
    return ok(checkView(call.world, call.repository, check));
  }),
  on("GET /repos/{owner}/{repo}/check-runs/{check_run_id}", READ, (call) =>
    ok(checkView(call.world, call.repository, found(call))),
  ),
  on("GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", READ, (call) =>
    listed(call, found(call).annotations, (annotation) => annotation),
  ),
  on("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", READ, async (call) => {
    const { world, repository, query } = call;
    const sha = await commitOf(repository.folder, param(call, "ref"));
    if (!sha) throw unprocessable(`No commit found for SHA: ${param(call, "ref")}`);
    const all =
      query.get("filter") === "all"
        ? repository.checks.filter((check) => check.sha === sha)
        : latestChecks(repository, sha);
    const wanted = all.filter(
      (check) =>
        check.name === (query.get("check_name") ?? check.name) &&
        check.status === (query.get("status") ?? check.status) &&
        check.app.id === Number(query.get("app_id") ?? check.app.id),
    );
    return counted(call, "check_runs", [...wanted].reverse(), (check) => checkView(world, repository, check));
  }),
];
