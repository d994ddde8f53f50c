import type { RepositoryInfo } from "../../ports/forge.ts";
import { refused } from "./failure.ts";
import type { Repository } from "./repository.ts";

/** What GitHub says of the repository as a whole. */
export async function information({ client, at, speaker }: Repository): Promise<RepositoryInfo> {
  const { data } = await client.request("GET /repos/{owner}/{repo}", at);
  const ownerType = data.owner.type === "Organization" ? "Organization" : "User";

  /** An organisation tells its plan to its members, a person to themselves. */
  const plan = async (): Promise<string | undefined> => {
    try {
      if (ownerType === "Organization") {
        return (await client.request("GET /orgs/{org}", { org: at.owner })).data.plan?.name;
      }
      const me = await speaker();
      if (me.login !== data.owner.login) return undefined;
      return (await client.request("GET /user")).data.plan?.name;
    } catch (error) {
      if (refused(error, 403, 404)) return undefined;
      throw error;
    }
  };

  return {
    id: Number(data.id),
    owner: data.owner.login,
    name: data.name,
    private: data.private,
    defaultBranch: data.default_branch,
    ownerType,
    plan: await plan(),
  };
}
