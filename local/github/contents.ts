import { notFound, ok } from "./answers.ts";
import { commitOf, git, gitBytes } from "./git.ts";
import { apiOf, pageOf } from "./repositories.ts";
import { on, param, type RepositoryCall, type Route } from "./routes.ts";

interface Entry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

async function entries(folder: string, args: readonly string[]): Promise<readonly Entry[]> {
  const out = await git(folder, ["ls-tree", "-z", "--long", "--full-tree", ...args]);
  return out
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const [, mode = "", type = "", sha = "", size = "", path = ""] =
        /^(\d+) (\w+) ([0-9a-f]+) +(\S+)\t([\s\S]*)$/.exec(line) ?? [];
      return { mode, type, sha, size: Number(size) || 0, path };
    });
}

const kindOf = ({ mode, type }: Entry): string =>
  type === "tree" ? "dir" : mode === "120000" ? "symlink" : type === "commit" ? "submodule" : "file";

function view(call: RepositoryCall, ref: string, entry: Entry): Record<string, unknown> {
  const { world, repository } = call;
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const url = `${apiOf(world, repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const page = pageOf(world, repository);
  const kind = kindOf(entry);
  const gitUrl = `${apiOf(world, repository)}/git/${kind === "dir" ? "trees" : "blobs"}/${entry.sha}`;
  const html = `${page}/${kind === "dir" ? "tree" : "blob"}/${ref}/${path}`;
  return {
    name: entry.path.split("/").at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url,
    html_url: html,
    git_url: gitUrl,
    download_url: kind === "dir" ? null : `${page}/raw/${ref}/${path}`,
    type: kind,
    _links: { self: url, git: gitUrl, html },
  };
}

/** More than this is not sent within JSON. */
const MOST_WITHIN_JSON = 1024 * 1024;

/** Files and folders at a commit. */
export const contentRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/contents/{path}", [{ contents: "read" }], async (call) => {
    const { repository, headers } = call;
    const { folder } = repository;
    const ref = call.query.get("ref") ?? repository.defaultBranch;
    const path = param(call, "path").replace(/^\/+|\/+$/g, "");
    const sha = await commitOf(folder, ref);
    if (!sha) throw notFound(`No commit found for the ref ${ref}`);
    if (path.split("/").some((part) => part === ".." || part === ".")) throw notFound();
    const [entry] = path === "" ? [] : await entries(folder, [sha, "--", path]);
    if (path !== "" && !entry) throw notFound();
    if (!entry || entry.type === "tree") {
      const within = await entries(folder, [sha, "--", ...(path === "" ? [] : [`${path}/`])]);
      return ok(within.map((one) => view(call, ref, one)));
    }
    const bytes = await gitBytes(folder, ["cat-file", "blob", entry.sha]);
    if (/application\/vnd\.github\.(v3\.)?raw/.test(headers.accept ?? "")) {
      return { status: 200, bytes, type: "application/vnd.github.raw+json; charset=utf-8" };
    }
    const small = bytes.length <= MOST_WITHIN_JSON;
    const encoded = bytes.toString("base64").replace(/.{60}/g, "$&\n");
    return ok({
      ...view(call, ref, entry),
      content: small ? (encoded.endsWith("\n") || encoded === "" ? encoded : `${encoded}\n`) : "",
      encoding: small ? "base64" : "none",
    });
  }),
  on("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", [{ contents: "read" }], async (call) => {
    const { repository, world } = call;
    const name = param(call, "tree_sha");
    const root = (await commitOf(repository.folder, name)) ?? name;
    const deep = call.query.get("recursive") ? ["-r", "-t"] : [];
    const found = await entries(repository.folder, [...deep, root]).catch(() => {
      throw notFound();
    });
    const api = apiOf(world, repository);
    const sha = await git(repository.folder, ["rev-parse", `${root}^{tree}`]);
    return ok({
      sha,
      url: `${api}/git/trees/${sha}`,
      tree: found.map(({ path, mode, type, sha: own, size }) => ({
        path,
        mode,
        type,
        sha: own,
        ...(type === "blob" ? { size } : {}),
        url: `${api}/git/${type === "tree" ? "trees" : "blobs"}/${own}`,
      })),
      truncated: false,
    });
  }),
  on("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", [{ contents: "read" }], async (call) => {
    const { repository, world } = call;
    const sha = param(call, "file_sha");
    if (!/^[0-9a-f]{40}$/.test(sha)) throw notFound();
    const bytes = await gitBytes(repository.folder, ["cat-file", "blob", sha]).catch(() => {
      throw notFound();
    });
    return ok({
      sha,
      node_id: sha,
      size: bytes.length,
      url: `${apiOf(world, repository)}/git/blobs/${sha}`,
      content: bytes.toString("base64"),
      encoding: "base64",
    });
  }),
];
