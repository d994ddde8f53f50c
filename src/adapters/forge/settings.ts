import type { Forge } from "../../ports/forge.ts";
import type { RepositorySettings } from "../../ports/settings.ts";
import { refused } from "./failure.ts";
import { PAGE, type Repository } from "./repository.ts";

/** Rules without which a tag could be moved to another commit. */
const KEEPS: ReadonlySet<string> = new Set(["update", "deletion", "non_fast_forward"]);

/** Settings of the repository. Most of them only administrators may see; the others are left out. */
export function settings({ client, at }: Repository): Pick<Required<Forge>, "settings"> {
  /** Undefined where the token may not know, or the plan has no such thing. */
  const asked = async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await question();
    } catch (error) {
      if (refused(error, 403, 404)) return undefined;
      throw error;
    }
  };

  const defaultPermissions = () =>
    asked(async () => {
      const { data } = await client.request("GET /repos/{owner}/{repo}/actions/permissions/workflow", at);
      return data.default_workflow_permissions;
    });

  const disabled = () =>
    asked(async () => {
      const route = "GET /repos/{owner}/{repo}/actions/workflows";
      const all = await client.paginate(route, { ...at, ...PAGE });
      const stopped = all.filter(({ state }) => state.startsWith("disabled"));
      return new Map(stopped.map(({ path, state }) => [path, state as string]));
    });

  const tagsProtected = () =>
    asked(async () => {
      const route = "GET /repos/{owner}/{repo}/rulesets";
      const all = await client.paginate(route, { ...at, ...PAGE, targets: "tag" });
      for (const { id, target, enforcement } of all) {
        if (target !== "tag" || enforcement !== "active") continue;
        const one = "GET /repos/{owner}/{repo}/rulesets/{ruleset_id}";
        const { data } = await client.request(one, { ...at, ruleset_id: id });
        if (data.rules?.some(({ type }) => KEEPS.has(type))) return true;
      }
      return false;
    });

  /** The repository's own, else the one that its organisation shares with it; null where there is none. */
  const variable = (name: string) =>
    asked(async () => {
      const own = await client.paginate("GET /repos/{owner}/{repo}/actions/variables", { ...at, ...PAGE });
      const shared = async () => {
        const route = "GET /repos/{owner}/{repo}/actions/organization-variables";
        return (await asked(() => client.paginate(route, { ...at, ...PAGE }))) ?? [];
      };
      const of = (all: readonly { readonly name: string; readonly value: string }[]) =>
        all.find((one) => one.name.toUpperCase() === name.toUpperCase())?.value;
      return of(own) ?? of(await shared()) ?? null;
    });

  const environment = (name: string) =>
    asked(async () => {
      const all = await client.paginate("GET /repos/{owner}/{repo}/environments", { ...at, ...PAGE });
      const found = all.find((one) => one.name.toLowerCase() === name.toLowerCase());
      const policy = found?.deployment_branch_policy ?? null;
      return { exists: found !== undefined, restricted: policy !== null };
    });

  return {
    async settings(names) {
      const found = {
        defaultPermissions: await defaultPermissions(),
        disabled: await disabled(),
        tagsProtected: await tagsProtected(),
        variable: await variable(names.variable),
        environment: await environment(names.environment),
      };
      const told = Object.entries(found).filter(([, value]) => value !== undefined);
      return Object.fromEntries(told) as RepositorySettings;
    },
  };
}
