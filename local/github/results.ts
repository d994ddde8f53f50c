import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Answer, ok, Refused } from "./answers.ts";
import type { Artifact } from "./artifacts.ts";
import { link } from "./blobs.ts";
import { findRun, type Run } from "./runs.ts";
import { runOf, tokenOf } from "./tokens.ts";
import { nextId, type Repository, stamp, type World } from "./world.ts";

type Fields = Readonly<Record<string, unknown>>;

const refused = (status: number, code: string, msg: string): Refused =>
  new Refused({ status, body: { code, msg } });

interface Asking {
  readonly world: World;
  readonly repository: Repository;
  readonly run: Run;
  readonly fields: Fields;
}

/** A field by either of the spellings that protocol buffers allow. */
const field = ({ fields }: Asking, name: string): string | undefined => {
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const value = fields[name] ?? fields[camel];
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
};

const ofRun = ({ repository, run }: Asking): readonly Artifact[] =>
  [...repository.artifacts.values()].filter((artifact) => artifact.run === run);

const named = (asking: Asking): Artifact => {
  const found = ofRun(asking).findLast(({ name }) => name === field(asking, "name"));
  if (!found) throw refused(404, "not_found", "artifact not found");
  return found;
};

const CALLS: Readonly<Record<string, (asking: Asking) => unknown>> = {
  async CreateArtifact(asking) {
    const { world, repository, run } = asking;
    const name = field(asking, "name") ?? "";
    if (name === "") throw refused(400, "invalid_argument", "name is required");
    const same = ofRun(asking).find((artifact) => artifact.name === name && artifact.attempt === run.attempt);
    if (same?.size !== undefined) {
      throw refused(409, "already_exists", "an artifact with this name already exists on the workflow run");
    }
    if (same) repository.artifacts.delete(same.id);
    const id = nextId(world);
    const expires =
      field(asking, "expires_at") ?? new Date(world.now().getTime() + 90 * 86_400_000).toISOString();
    const artifact: Artifact = {
      id,
      run,
      attempt: run.attempt,
      name,
      type: field(asking, "mime_type") ?? "application/zip",
      createdAt: stamp(world),
      expiresAt: expires.replace(/\.\d+Z$/, "Z"),
      file: join(world.folder, "artifacts", String(id)),
      size: undefined,
      digest: null,
    };
    await mkdir(dirname(artifact.file), { recursive: true });
    repository.artifacts.set(id, artifact);
    return { ok: true, signed_upload_url: link(world, id, "w") };
  },
  async FinalizeArtifact(asking) {
    const artifact = named(asking);
    const bytes = await readFile(artifact.file).catch(() => {
      throw refused(400, "failed_precondition", "nothing was uploaded");
    });
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    if ((field(asking, "hash") ?? digest) !== digest || Number(field(asking, "size")) !== bytes.length) {
      throw refused(400, "invalid_argument", "size or hash are not those of what was uploaded");
    }
    artifact.size = bytes.length;
    artifact.digest = digest;
    return { ok: true, artifact_id: String(artifact.id) };
  },
  ListArtifacts(asking) {
    const [name, id] = [field(asking, "name_filter"), field(asking, "id_filter")];
    const found = ofRun(asking).filter(
      (artifact) =>
        artifact.size !== undefined &&
        artifact.name === (name ?? artifact.name) &&
        String(artifact.id) === (id ?? String(artifact.id)),
    );
    return {
      artifacts: found.map((artifact) => ({
        workflow_run_backend_id: field(asking, "workflow_run_backend_id"),
        workflow_job_run_backend_id: field(asking, "workflow_job_run_backend_id"),
        database_id: String(artifact.id),
        name: artifact.name,
        size: String(artifact.size),
        created_at: artifact.createdAt,
        digest: artifact.digest,
      })),
    };
  },
  GetSignedArtifactURL: (asking) => ({ signed_url: link(asking.world, named(asking).id, "r") }),
  DeleteArtifact(asking) {
    const artifact = named(asking);
    asking.repository.artifacts.delete(artifact.id);
    return { ok: true, artifact_id: String(artifact.id) };
  },
};

/** What the results service answers: artifacts of the run that the token is for, as @actions/artifact asks. */
export async function answerResults(
  world: World,
  path: string,
  authorization: string | undefined,
  bytes: Buffer,
): Promise<Answer> {
  const call =
    CALLS[/^\/twirp\/github\.actions\.results\.api\.v1\.ArtifactService\/(\w+)$/.exec(path)?.[1] ?? ""];
  if (!call) throw refused(404, "bad_route", `no handler for path ${path}`);
  const backend = runOf(world, tokenOf(authorization));
  const fields = JSON.parse(bytes.toString("utf8") || "{}") as Fields;
  const found = findRun(world, Number(backend.split(".")[0]));
  const asking = { world, fields };
  if (!found || found.run.status === "completed") throw refused(401, "unauthenticated", "the run is over");
  if (field({ ...asking, ...found }, "workflow_run_backend_id") !== backend) {
    throw refused(403, "permission_denied", "the token is for another run");
  }
  return ok(await call({ ...asking, ...found }));
}
