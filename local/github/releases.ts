import { createHash } from "node:crypto";
import { accountView } from "./accounts.ts";
import { created, invalid, notFound, nothing, ok } from "./answers.ts";
import { tell } from "./events.ts";
import { commitOf, gitOr, moveRef, refOf } from "./git.ts";
import { moved } from "./moved.ts";
import { listed } from "./pages-of-lists.ts";
import { may } from "./permissions.ts";
import { apiOf, pageOf } from "./repositories.ts";
import { numberParam, on, param, type RepositoryCall, type Route, text } from "./routes.ts";
import { type Account, inTurn, nextId, nodeId, type Repository, stamp, type World } from "./world.ts";

/** A file of a release. */
export interface Asset {
  readonly id: number;
  readonly name: string;
  readonly label: string | null;
  readonly type: string;
  readonly bytes: Buffer;
  readonly uploader: Account;
  readonly at: string;
}

/** A release; a draft is seen by those who may push, and has no tag of its own yet. */
export interface Release {
  readonly id: number;
  readonly author: Account;
  readonly createdAt: string;
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  publishedAt: string | null;
  readonly assets: Asset[];
}

function assetView(
  world: World,
  repository: Repository,
  release: Release,
  asset: Asset,
): Record<string, unknown> {
  const { id, name, label, type, bytes, uploader, at } = asset;
  return {
    url: `${apiOf(world, repository)}/releases/assets/${id}`,
    browser_download_url: `${pageOf(world, repository)}/releases/download/${release.tag}/${encodeURIComponent(name)}`,
    id,
    node_id: nodeId("ReleaseAsset", id),
    name,
    label,
    state: "uploaded",
    content_type: type,
    size: bytes.length,
    digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
    download_count: 0,
    created_at: at,
    updated_at: at,
    uploader: accountView(world, uploader),
  };
}

function view(world: World, repository: Repository, release: Release): Record<string, unknown> {
  const api = apiOf(world, repository);
  const url = `${api}/releases/${release.id}`;
  const page = pageOf(world, repository);
  const tag = release.draft ? `untagged-${release.id}` : release.tag;
  return {
    url,
    html_url: `${page}/releases/tag/${tag}`,
    assets_url: `${url}/assets`,
    upload_url: `${world.url}/api/uploads/repos/${repository.fullName}/releases/${release.id}/assets{?name,label}`,
    tarball_url: release.draft ? null : `${api}/tarball/${release.tag}`,
    zipball_url: release.draft ? null : `${api}/zipball/${release.tag}`,
    id: release.id,
    node_id: nodeId("Release", release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: false,
    created_at: release.createdAt,
    updated_at: release.publishedAt ?? release.createdAt,
    published_at: release.publishedAt,
    author: accountView(world, release.author),
    assets: release.assets.map((asset) => assetView(world, repository, release, asset)),
  };
}

const READ = [{ contents: "read" }] as const;
const WRITE = [{ contents: "write" }] as const;

function found(call: RepositoryCall): Release {
  const release = call.repository.releases.get(numberParam(call, "release_id"));
  if (!release || (release.draft && !may(call.who, call.repository, WRITE))) throw notFound();
  return release;
}

const wrong = (field: string, code: "already_exists" | "invalid" | "missing_field"): Error =>
  invalid([{ resource: "Release", code, field }]);

/** Makes the tag, where there is none, and tells of the release. */
async function publish(call: RepositoryCall, release: Release): Promise<void> {
  const { world, repository } = call;
  const ref = `refs/tags/${release.tag}`;
  const target = await commitOf(repository.folder, release.target);
  if (!target) throw wrong("target_commitish", "invalid");
  if (!(await refOf(repository.folder, ref))) {
    await moveRef(repository.folder, ref, target);
    await moved(call, repository, [{ ref, before: undefined, after: target }]);
  }
  release.draft = false;
  release.publishedAt = stamp(world);
  const payload = { action: "published", release: view(world, repository, release) };
  tell(call, repository, {
    name: "release",
    payload,
    sha: (await commitOf(repository.folder, release.tag)) ?? target,
    ref,
  });
}

async function change(call: RepositoryCall, release: Release): Promise<void> {
  const { repository, body } = call;
  const tag = text(call, "tag_name") ?? release.tag;
  const taken = [...repository.releases.values()].some(
    (other) => other !== release && !other.draft && other.tag === tag,
  );
  const publishing = release.draft && body.draft === false;
  if (taken && (publishing || !release.draft)) throw wrong("tag_name", "already_exists");
  if ((await gitOr(repository.folder, ["check-ref-format", `refs/tags/${tag}`])) === undefined) {
    throw wrong("tag_name", "invalid");
  }
  release.tag = tag;
  release.target = text(call, "target_commitish") ?? release.target;
  if (body.name !== undefined) release.name = text(call, "name") ?? null;
  if (body.body !== undefined) release.body = text(call, "body") ?? null;
  if (typeof body.prerelease === "boolean") release.prerelease = body.prerelease;
  if (publishing) await publish(call, release);
}

/** Releases and their files. */
export const releaseRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/releases", READ, (call) => {
    const all = [...call.repository.releases.values()].reverse();
    const seen = may(call.who, call.repository, WRITE) ? all : all.filter(({ draft }) => !draft);
    return listed(call, seen, (release) => view(call.world, call.repository, release));
  }),
  on("POST /repos/{owner}/{repo}/releases", WRITE, (call) =>
    inTurn(call.world, call.repository, async () => {
      const { world, repository } = call;
      const release: Release = {
        id: nextId(world),
        author: call.who.account,
        createdAt: stamp(world),
        tag: text(call, "tag_name") ?? "",
        target: repository.defaultBranch,
        name: null,
        body: null,
        draft: true,
        prerelease: false,
        publishedAt: null,
        assets: [],
      };
      await change({ ...call, body: { ...call.body, draft: call.body.draft === true } }, release);
      repository.releases.set(release.id, release);
      return created(view(world, repository, release));
    }),
  ),
  on("GET /repos/{owner}/{repo}/releases/latest", READ, (call) => {
    const latest = [...call.repository.releases.values()].findLast(
      ({ draft, prerelease }) => !draft && !prerelease,
    );
    if (!latest) throw notFound();
    return ok(view(call.world, call.repository, latest));
  }),
  on("GET /repos/{owner}/{repo}/releases/tags/{tag}", READ, (call) => {
    const tagged = [...call.repository.releases.values()].find(
      ({ tag, draft }) => !draft && tag === param(call, "tag"),
    );
    if (!tagged) throw notFound();
    return ok(view(call.world, call.repository, tagged));
  }),
  on("GET /repos/{owner}/{repo}/releases/{release_id}", READ, (call) =>
    ok(view(call.world, call.repository, found(call))),
  ),
  on("PATCH /repos/{owner}/{repo}/releases/{release_id}", WRITE, (call) =>
    inTurn(call.world, call.repository, async () => {
      const release = found(call);
      await change(call, release);
      return ok(view(call.world, call.repository, release));
    }),
  ),
  on("DELETE /repos/{owner}/{repo}/releases/{release_id}", WRITE, (call) => {
    call.repository.releases.delete(found(call).id);
    return nothing;
  }),
  on("GET /repos/{owner}/{repo}/releases/{release_id}/assets", READ, (call) => {
    const release = found(call);
    return listed(call, release.assets, (asset) => assetView(call.world, call.repository, release, asset));
  }),
  on("POST /repos/{owner}/{repo}/releases/{release_id}/assets", WRITE, (call) => {
    const { world, repository } = call;
    const release = found(call);
    const name = (call.query.get("name") ?? "").replace(/[^\w.+-]+/g, ".");
    if (name === "") throw invalid([{ resource: "ReleaseAsset", code: "missing_field", field: "name" }]);
    if (release.assets.some((asset) => asset.name === name)) {
      throw invalid([{ resource: "ReleaseAsset", code: "already_exists", field: "name" }]);
    }
    const asset: Asset = {
      id: nextId(world),
      name,
      label: call.query.get("label"),
      type: call.headers["content-type"] ?? "application/octet-stream",
      bytes: call.bytes,
      uploader: call.who.account,
      at: stamp(world),
    };
    release.assets.push(asset);
    return created(assetView(world, repository, release, asset));
  }),
  on("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", READ, (call) => {
    const { release, asset } = assetOf(call);
    if (!(call.headers.accept ?? "").includes("application/octet-stream")) {
      return ok(assetView(call.world, call.repository, release, asset));
    }
    return { status: 200, bytes: asset.bytes, type: asset.type };
  }),
  on("DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}", WRITE, (call) => {
    const { release, asset } = assetOf(call);
    release.assets.splice(release.assets.indexOf(asset), 1);
    return nothing;
  }),
];

function assetOf(call: RepositoryCall): { readonly release: Release; readonly asset: Asset } {
  for (const release of call.repository.releases.values()) {
    if (release.draft && !may(call.who, call.repository, WRITE)) continue;
    const asset = release.assets.find(({ id }) => id === numberParam(call, "asset_id"));
    if (asset) return { release, asset };
  }
  throw notFound();
}
