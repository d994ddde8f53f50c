import { UserError } from "../../errors.ts";
import type { Comment, Forge, Written } from "../../ports/forge.ts";
import { orNothing } from "./failure.ts";
import { sameBody, withMarker } from "./marker.ts";
import { PAGE, type Repository } from "./repository.ts";
import { isBy } from "./speaker.ts";

/** How often it is begun anew where other writers are at it. */
const ATTEMPTS = 5;

class Vanished extends UserError {
  constructor(id: number) {
    super(`comment ${id} was removed while it was being edited; run again`);
  }
}

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

  const create = (issue: number, marker: string, body: string): Promise<Comment> =>
    client.once(
      async () => (await ours(issue, marker))[0],
      async () => {
        const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
        const { data } = await client.request(route, { ...at, issue_number: issue, body });
        return { id: Number(data.id), body, url: data.html_url };
      },
    );

  const write = async (issue: number, marker: string, body: string): Promise<Written> => {
    const before = await ours(issue, marker);
    const made = before[0] ?? (await create(issue, marker, body));
    // Somebody else may have spoken in our name at the same moment: the oldest comment stays.
    const [kept = made, ...newer] = before.length > 0 ? before : await ours(issue, marker);
    for (const { id } of newer) {
      const route = "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}";
      await orNothing(client.request(route, { ...at, comment_id: id }));
    }
    const { id, url } = kept;
    if (before.length === 0 && id === made.id) return { id, url, outcome: "created" };
    if (sameBody(kept.body, body)) return { id, url, outcome: "unchanged" };
    const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
    const edited = await orNothing(client.request(route, { ...at, comment_id: id, body }));
    if (edited === undefined) throw new Vanished(id);
    return { id, url, outcome: "updated" };
  };

  return {
    async find(issue, marker) {
      return (await ours(issue, marker))[0];
    },

    async upsert(issue, marker, text): Promise<Written> {
      const body = withMarker(text, marker);
      for (let attempt = 1; ; attempt++) {
        try {
          return await write(issue, marker, body);
        } catch (error) {
          // Another writer found an older one than ours, and took away what was to be edited.
          if (!(error instanceof Vanished) || attempt >= ATTEMPTS) throw error;
        }
      }
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
