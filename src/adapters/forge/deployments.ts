import type { Deployment, DeploymentStatus, Forge } from "../../ports/forge.ts";
import { cut, DESCRIPTION } from "./cut.ts";
import { equal } from "./equal.ts";
import { PAGE, type Repository } from "./repository.ts";
import { isBy } from "./speaker.ts";

/** What GitHub calls the deployments that are made here. */
const TASK = "deploy:model";
/** Statuses that are asked for at the same time. */
const AT_ONCE = 8;

/** Deployments: which model was put where, and how it went. */
export function deployments({ client, at, speaker }: Repository): Forge["deployments"] {
  const newest = async (environment: string) => {
    const all = await client.paginate("GET /repos/{owner}/{repo}/deployments", {
      ...at,
      ...PAGE,
      environment,
    });
    return all.sort((a, b) => Number(b.id) - Number(a.id));
  };
  const statusOf = async (id: number) => {
    const { data } = await client.request("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
      ...at,
      deployment_id: id,
      per_page: 1,
    });
    return data[0];
  };
  const withState = async (deployment: Kept): Promise<Deployment> =>
    deploymentOf(deployment, (await statusOf(Number(deployment.id)))?.state);

  return {
    async newest(environment, wanted, states) {
      for (let page = 1; ; page++) {
        const { data } = await client.request("GET /repos/{owner}/{repo}/deployments", {
          ...at,
          ...PAGE,
          page,
          environment,
        });
        for (const kept of data.sort((a, b) => Number(b.id) - Number(a.id))) {
          if (!wanted(deploymentOf(kept, undefined))) continue;
          const deployment = await withState(kept);
          if (deployment.state !== undefined && states.includes(deployment.state)) return deployment;
        }
        if (data.length < PAGE.per_page) return undefined;
      }
    },

    async list(environment) {
      const all = await newest(environment);
      const found: Deployment[] = [];
      for (let i = 0; i < all.length; i += AT_ONCE) {
        found.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map(withState))));
      }
      return found;
    },

    async create({ ref, environment, production, description, payload }) {
      const me = await speaker();
      return client.once(
        async () => {
          // Only the newest: what served before it may be deployed again, and that is a new deployment.
          const [last] = await newest(environment);
          const same =
            last !== undefined &&
            [last.ref, last.sha].includes(ref) &&
            isBy(last.creator, me) &&
            equal(payloadOf(last.payload), payload);
          return same ? withState(last) : undefined;
        },
        async () => {
          const { data } = await client.request("POST /repos/{owner}/{repo}/deployments", {
            ...at,
            ref,
            task: TASK,
            auto_merge: false,
            required_contexts: [],
            payload,
            environment,
            description: cut(description, DESCRIPTION),
            production_environment: production,
          });
          return deploymentOf(data as Kept, undefined);
        },
      );
    },

    async status(id, given) {
      const status = { ...given, description: cut(given.description, DESCRIPTION) };
      const { state, description, environmentUrl, logUrl } = status;
      await client.once(
        async () => {
          const last = await statusOf(id);
          const said: DeploymentStatus | undefined = last && {
            state: last.state as DeploymentStatus["state"],
            description: last.description,
            ...(last.environment_url ? { environmentUrl: last.environment_url } : {}),
            ...(last.log_url ? { logUrl: last.log_url } : {}),
          };
          return equal(said, status) || undefined;
        },
        async () => {
          await client.request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
            ...at,
            deployment_id: id,
            state,
            description,
            ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
            ...(logUrl === undefined ? {} : { log_url: logUrl }),
            auto_inactive: false, // one environment serves several models, of which GitHub knows nothing
          });
          return true;
        },
      );
    },
  };
}

interface Kept {
  readonly id: number | bigint;
  readonly sha: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly created_at: string;
  readonly creator: { readonly login: string } | null;
}

const deploymentOf = (kept: Kept, state: string | undefined): Deployment => ({
  id: Number(kept.id),
  sha: kept.sha,
  environment: kept.environment,
  payload: payloadOf(kept.payload),
  createdAt: kept.created_at,
  creator: kept.creator?.login ?? "ghost",
  state: state as Deployment["state"],
});

/** GitHub gives a payload back as it came: as an object, or as the text of one. */
function payloadOf(payload: unknown): unknown {
  if (typeof payload !== "string") return payload;
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
