import type { Forge } from "../../ports/forge.ts";
import { orNothing } from "./failure.ts";
import type { Repository } from "./repository.ts";

/** Looks at a commit. */
export const commitInfo =
  ({ client, at }: Repository): Forge["commitInfo"] =>
  async (sha) => {
    const route = "GET /repos/{owner}/{repo}/commits/{ref}";
    const answer = await orNothing(client.request(route, { ...at, ref: sha, per_page: 1 }));
    if (answer === undefined) return undefined;
    const { data } = answer;
    return {
      sha: data.sha,
      parents: data.parents.map((parent) => parent.sha),
      message: data.commit.message,
      author: typeof data.author?.login === "string" ? data.author.login : undefined,
    };
  };
