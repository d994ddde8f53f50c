import type { Forge } from "../../ports/forge.ts";
import { orNothing, refused } from "./failure.ts";
import { PAGE, type Repository } from "./repository.ts";

/** What a label looks like that nobody has given a colour. */
const COLOUR = "ededed";

/** Makes the labels that the repository lacks. */
export async function makeLabels({ client, at }: Repository, labels: readonly string[]): Promise<void> {
  const get = (name: string) => client.request("GET /repos/{owner}/{repo}/labels/{name}", { ...at, name });
  for (const name of labels) {
    await client.once(
      async () => (await orNothing(get(name))) && name,
      async () => {
        try {
          await client.request("POST /repos/{owner}/{repo}/labels", { ...at, name, color: COLOUR });
        } catch (error) {
          if (!refused(error, 422)) throw error;
          // Made by somebody else in between; any other reason is told by the look-up.
          await get(name);
        }
        return name;
      },
    );
  }
}

/** Labels of pull requests and issues. */
export function labels(repository: Repository): Forge["labels"] {
  const { client, at } = repository;
  return {
    async add(issue, labels) {
      const there = await client.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/labels", {
        ...at,
        ...PAGE,
        issue_number: issue,
      });
      const missing = labels.filter((label) => !there.some(({ name }) => name === label));
      if (missing.length === 0) return;
      await makeLabels(repository, missing);
      // The same label twice is one label.
      await client.once(
        async () => undefined,
        () =>
          client.request("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
            ...at,
            issue_number: issue,
            labels: missing,
          }),
      );
    },
    async remove(issue, label) {
      await orNothing(
        client.request("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", {
          ...at,
          issue_number: issue,
          name: label,
        }),
      );
    },
  };
}
