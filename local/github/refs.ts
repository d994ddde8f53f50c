import { created, notFound, nothing, ok, unprocessable } from "./answers.ts";
import { git, gitOr, moveRef, refOf, refsOf } from "./git.ts";
import { moved } from "./moved.ts";
import { listed } from "./pages-of-lists.ts";
import { apiOf, pageOf } from "./repositories.ts";
import { on, param, type RepositoryCall, type Route, text } from "./routes.ts";
import { needsPull } from "./rules.ts";
import { inTurn, nodeId, type Repository, type World } from "./world.ts";

function view(
  world: World,
  repository: Repository,
  ref: string,
  sha: string,
  type = "commit",
): Record<string, unknown> {
  const api = apiOf(world, repository);
  return {
    ref,
    node_id: nodeId("Ref", `${repository.id}:${ref}`),
    url: `${api}/git/${encodeURI(ref).replaceAll("#", "%23")}`,
    object: { sha, type, url: `${api}/git/${type}s/${sha}` },
  };
}

const typeOf = (repository: Repository, sha: string): Promise<string | undefined> =>
  gitOr(repository.folder, ["cat-file", "-t", sha]);

/** Refuses to move or delete a branch whose rules want a pull request. */
function checkRules(call: RepositoryCall, ref: string): void {
  const rules = call.repository.rules.get(ref.replace(/^refs\/heads\//, ""));
  if (rules && needsPull(rules)) {
    throw unprocessable(
      "Repository rule violations found\n\nChanges must be made through a pull request.\n\n",
    );
  }
}

const READ = [{ contents: "read" }] as const;
const WRITE = [{ contents: "write" }] as const;

/** Refs, branches and tags. */
export const refRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/git/ref/{ref}", READ, async (call) => {
    const ref = `refs/${param(call, "ref")}`;
    const sha = await refOf(call.repository.folder, ref);
    if (!sha) throw notFound();
    return ok(view(call.world, call.repository, ref, sha, await typeOf(call.repository, sha)));
  }),
  on("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", READ, async (call) => {
    const start = `refs/${param(call, "ref")}`;
    const all = [...(await refsOf(call.repository.folder))].filter(([ref]) => ref.startsWith(start));
    return listed(call, all, async ([ref, sha]) =>
      view(call.world, call.repository, ref, sha, await typeOf(call.repository, sha)),
    );
  }),
  on("POST /repos/{owner}/{repo}/git/refs", WRITE, (call) =>
    inTurn(call.world, call.repository, async () => {
      const { repository } = call;
      const [ref, sha] = [text(call, "ref") ?? "", text(call, "sha") ?? ""];
      const good =
        /^refs\/(heads|tags)\//.test(ref) && (await gitOr(repository.folder, ["check-ref-format", ref]));
      if (good === undefined || good === false) throw unprocessable("Reference name is not valid");
      const type = /^[0-9a-f]{40}$/.test(sha) ? await typeOf(repository, sha) : undefined;
      if (!type) throw unprocessable("Object does not exist");
      if (await refOf(repository.folder, ref)) throw unprocessable("Reference already exists");
      const others = [...(await refsOf(repository.folder)).keys()];
      if (others.some((other) => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`))) {
        throw unprocessable("Reference update failed"); // a name is a file or a folder, not both
      }
      await moveRef(repository.folder, ref, sha);
      await moved(call, repository, [{ ref, before: undefined, after: sha }]);
      return created(view(call.world, repository, ref, sha, type));
    }),
  ),
  on("PATCH /repos/{owner}/{repo}/git/refs/{ref}", WRITE, (call) =>
    inTurn(call.world, call.repository, async () => {
      const { repository } = call;
      const [ref, sha] = [`refs/${param(call, "ref")}`, text(call, "sha") ?? ""];
      const before = await refOf(repository.folder, ref);
      if (!before) throw unprocessable("Reference does not exist");
      if (!(await typeOf(repository, sha))) throw unprocessable("Object does not exist");
      checkRules(call, ref);
      const ahead = await gitOr(repository.folder, ["merge-base", "--is-ancestor", before, sha]);
      if (ahead === undefined && call.body.force !== true)
        throw unprocessable("Update is not a fast forward");
      await moveRef(repository.folder, ref, sha, before);
      if (before !== sha) await moved(call, repository, [{ ref, before, after: sha }]);
      return ok(view(call.world, repository, ref, sha));
    }),
  ),
  on("DELETE /repos/{owner}/{repo}/git/refs/{ref}", WRITE, (call) =>
    inTurn(call.world, call.repository, async () => {
      const { repository } = call;
      const ref = `refs/${param(call, "ref")}`;
      const before = await refOf(repository.folder, ref);
      if (!before) throw unprocessable("Reference does not exist");
      checkRules(call, ref);
      await moveRef(repository.folder, ref, undefined, before);
      await moved(call, repository, [{ ref, before, after: undefined }]);
      return nothing;
    }),
  ),
  on("GET /repos/{owner}/{repo}/branches", READ, async (call) => {
    const { world, repository } = call;
    const branches = [...(await refsOf(repository.folder))].filter(([ref]) => ref.startsWith("refs/heads/"));
    const shown = branches.map(([ref, sha]) => ({ name: ref.slice("refs/heads/".length), sha }));
    const guarded = call.query.get("protected");
    const wanted = shown.filter(
      ({ name }) => guarded === null || String(repository.rules.has(name)) === guarded,
    );
    return listed(call, wanted, ({ name, sha }) => ({
      name,
      commit: { sha, url: `${apiOf(world, repository)}/commits/${sha}` },
      protected: repository.rules.has(name),
    }));
  }),
  on("GET /repos/{owner}/{repo}/tags", READ, async (call) => {
    const { world, repository } = call;
    const tags = [...(await refsOf(repository.folder))].filter(([ref]) => ref.startsWith("refs/tags/"));
    return listed(call, tags.reverse(), async ([ref, object]) => {
      const name = ref.slice("refs/tags/".length);
      const sha = await git(repository.folder, ["rev-parse", `${object}^{commit}`]);
      return {
        name,
        commit: { sha, url: `${apiOf(world, repository)}/commits/${sha}` },
        zipball_url: `${pageOf(world, repository)}/zipball/${ref}`,
        tarball_url: `${pageOf(world, repository)}/tarball/${ref}`,
        node_id: nodeId("Ref", `${repository.id}:${ref}`),
      };
    });
  }),
];
