import { accountView } from "./accounts.ts";
import { created, notFound, nothing, ok } from "./answers.ts";
import { type Comment, findComment } from "./comments.ts";
import { listed } from "./pages-of-lists.ts";
import { numberParam, on, type RepositoryCall, type Route, text } from "./routes.ts";
import { type Account, nextId, nodeId, stamp, type World } from "./world.ts";

/** What somebody feels about a comment. */
export interface Reaction {
  readonly id: number;
  readonly content: string;
  readonly by: Account;
  readonly createdAt: string;
}

const CONTENTS = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] as const;

/** How many reactions of each kind there are. */
export const reactionsView = (url: string, reactions: readonly Reaction[]): Record<string, unknown> => ({
  url: `${url}/reactions`,
  total_count: reactions.length,
  ...Object.fromEntries(
    CONTENTS.map((content) => [content, reactions.filter((one) => one.content === content).length]),
  ),
});

/** The same for what nobody can react to here. */
export const noReactions = (url: string): Record<string, unknown> => reactionsView(url, []);

const view = (world: World, { id, by, content, createdAt }: Reaction): Record<string, unknown> => ({
  id,
  node_id: nodeId("Reaction", id),
  user: accountView(world, by),
  content,
  created_at: createdAt,
});

const commented = (call: RepositoryCall): Comment =>
  findComment(call, numberParam(call, "comment_id")).comment;

/** Reactions to comments on issues and pull requests. */
export const reactionRoutes: readonly Route[] = [
  on(
    "GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
    [{ issues: "read" }, { pull_requests: "read" }],
    (call) => {
      const content = call.query.get("content");
      const found = commented(call).reactions.filter((one) => content === null || one.content === content);
      return listed(call, found, (reaction) => view(call.world, reaction));
    },
  ),
  on(
    "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
    [{ issues: "write" }, { pull_requests: "write" }],
    (call) => {
      const comment = commented(call);
      const content = text(call, "content") ?? "";
      const by = call.who.account;
      const known = comment.reactions.find((one) => one.by === by && one.content === content);
      if (known) return ok(view(call.world, known));
      const reaction = { id: nextId(call.world), content, by, createdAt: stamp(call.world) };
      comment.reactions.push(reaction);
      return created(view(call.world, reaction));
    },
    "read",
  ),
  on(
    "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}",
    [{ issues: "write" }, { pull_requests: "write" }],
    (call) => {
      const { reactions } = commented(call);
      const at = reactions.findIndex(
        ({ id, by }) => id === numberParam(call, "reaction_id") && by === call.who.account,
      );
      if (at < 0) throw notFound();
      reactions.splice(at, 1);
      return nothing;
    },
    "read",
  ),
];
