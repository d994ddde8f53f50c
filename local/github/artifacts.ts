import { readFile } from "node:fs/promises";
import { gone, notFound, nothing, ok } from "./answers.ts";
import { link } from "./blobs.ts";
import { counted } from "./pages-of-lists.ts";
import { apiOf } from "./repositories.ts";
import { numberParam, on, param, type RepositoryCall, type Route } from "./routes.ts";
import type { Run } from "./runs.ts";
import { nodeId, type Repository, type World } from "./world.ts";

/** What a run left behind. */
export interface Artifact {
  readonly id: number;
  readonly run: Run;
  readonly attempt: number;
  readonly name: string;
  readonly type: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly file: string;
  /** Undefined until the upload was finalized. */
  size: number | undefined;
  digest: string | null;
}

const READ = [{ actions: "read" }] as const;

/** Artifacts whose upload came to its end, newest first. */
export const finished = (repository: Repository): readonly Artifact[] =>
  [...repository.artifacts.values()].filter(({ size }) => size !== undefined).reverse();

const isOld = (world: World, { expiresAt }: Artifact): boolean =>
  Date.parse(expiresAt) < world.now().getTime();

function view(world: World, repository: Repository, artifact: Artifact): Record<string, unknown> {
  const url = `${apiOf(world, repository)}/actions/artifacts/${artifact.id}`;
  const { run } = artifact;
  return {
    id: artifact.id,
    node_id: nodeId("Artifact", artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.size ?? 0,
    url,
    archive_download_url: `${url}/zip`,
    expired: isOld(world, artifact),
    digest: artifact.digest,
    created_at: artifact.createdAt,
    updated_at: artifact.createdAt,
    expires_at: artifact.expiresAt,
    workflow_run: {
      id: run.id,
      repository_id: repository.id,
      head_repository_id: run.headRepository?.id ?? 0,
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}

function named(call: RepositoryCall, artifacts: readonly Artifact[]): readonly Artifact[] {
  const name = call.query.get("name");
  return name === null ? artifacts : artifacts.filter((artifact) => artifact.name === name);
}

function found(call: RepositoryCall): Artifact {
  const artifact = call.repository.artifacts.get(numberParam(call, "artifact_id"));
  if (artifact?.size === undefined) throw notFound();
  return artifact;
}

/** The bytes of an artifact. */
export const bytesOf = (artifact: Artifact): Promise<Buffer> => readFile(artifact.file);

/** Artifacts of runs. */
export const artifactRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/actions/artifacts", READ, (call) =>
    counted(call, "artifacts", named(call, finished(call.repository)), (artifact) =>
      view(call.world, call.repository, artifact),
    ),
  ),
  on("GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", READ, (call) => {
    const run = call.repository.runs.get(numberParam(call, "run_id"));
    if (!run) throw notFound();
    const own = finished(call.repository).filter((artifact) => artifact.run === run);
    return counted(call, "artifacts", named(call, own), (artifact) =>
      view(call.world, call.repository, artifact),
    );
  }),
  on("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}", READ, (call) =>
    ok(view(call.world, call.repository, found(call))),
  ),
  on("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}", READ, (call) => {
    if (param(call, "archive_format") !== "zip") throw notFound();
    if (call.who.kind === "nobody") throw notFound();
    const artifact = found(call);
    if (isOld(call.world, artifact)) throw gone("Artifact has expired");
    return { status: 302, headers: { location: link(call.world, artifact.id, "r") } };
  }),
  on("DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}", [{ actions: "write" }], (call) => {
    call.repository.artifacts.delete(found(call).id);
    return nothing;
  }),
];
