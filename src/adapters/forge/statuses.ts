import type { Forge, Status } from "../../ports/forge.ts";
import { cut, DESCRIPTION } from "./cut.ts";
import { equal } from "./equal.ts";
import { PAGE, type Repository } from "./repository.ts";

/** Statuses of commits. GitHub keeps them all; the newest of a context is the one that counts. */
export function statuses({ client, at }: Repository): Forge["statuses"] {
  const of = async (commit: string): Promise<readonly Status[]> => {
    const all = await client.paginate("GET /repos/{owner}/{repo}/commits/{ref}/statuses", {
      ...at,
      ...PAGE,
      ref: commit,
    });
    const newest = new Map<string, Status>();
    for (const { context, state, description, target_url: url } of all) {
      if (newest.has(context)) continue;
      newest.set(context, {
        context,
        state: state as Status["state"],
        description: description ?? "",
        ...(url ? { url } : {}),
      });
    }
    return [...newest.values()];
  };

  return {
    of,
    async put(commit, given) {
      const status: Status = { ...given, description: cut(given.description, DESCRIPTION) };
      const { context, state, description, url } = status;
      await client.once(
        async () => (await of(commit)).find((there) => equal(there, status)),
        async () => {
          await client.request("POST /repos/{owner}/{repo}/statuses/{sha}", {
            ...at,
            sha: commit,
            context,
            state,
            description,
            ...(url === undefined ? {} : { target_url: url }),
          });
          return status;
        },
      );
    },
  };
}
