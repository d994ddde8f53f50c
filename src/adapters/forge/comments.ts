import type { Comment, Forge, Written } from "../../ports/forge.ts";
import { orNothing } from "./failure.ts";
import { sameBody, withMarker } from "./marker.ts";
import { PAGE, type Repository } from "./repository.ts";
import { isBy } from "./speaker.ts";

/** Comments of this speaker on pull requests and issues, known by a marker within them. */
export function comments({ client, at, speaker }: Repository): Forge["comments"] {
  /** The oldest first. Anybody can paste a marker, so that the author counts as well. */
  const ours = async (issue: number, marker: string): Promise<readonly Comment[]> => {
    const me = await speaker();
    const all = await client.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      ...at,
      ...PAGE,
      issue_number: issue,
    });
    return all
      .filter(({ user, body }) => isBy(user, me) && body?.includes(marker))
      .map(({ id, body = "", html_url }) => ({ id: Number(id), body, url: html_url }))
      .sort((a, b) => a.id - b.id);
  };

  return {
    async find(issue, marker) {
      return (await ours(issue, marker))[0];
    },

    async upsert(issue, marker, text): Promise<Written> {
      const body = withMarker(text, marker);
      const before = await ours(issue, marker);
      const made =
        before[0] ??
        (await client.once(
          async () => (await ours(issue, marker))[0],
          async () => {
            const { data } = await client.request(
              "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
              { ...at, issue_number: issue, body },
            );
            return { id: Number(data.id), body, url: data.html_url };
          },
        ));
      // Somebody else may have spoken in our name at the same moment: the older comment stays.
      const now = before.length > 0 ? before : await ours(issue, marker);
      const [kept = made, ...newer] = now;
      for (const { id } of newer) {
        await orNothing(
          client.request("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", {
            ...at,
            comment_id: id,
          }),
        );
      }
      const { id, url } = kept;
      if (before.length === 0 && id === made.id) return { id, url, outcome: "created" };
      if (sameBody(kept.body, body)) return { id, url, outcome: "unchanged" };
      await client.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
        ...at,
        comment_id: id,
        body,
      });
      return { id, url, outcome: "updated" };
    },

    async react(comment, reaction) {
      // The same reaction twice is one reaction.
      await client.once(
        async () => undefined,
        () =>
          client.request("POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", {
            ...at,
            comment_id: comment,
            content: reaction,
          }),
      );
    },
  };
}
