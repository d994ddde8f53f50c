import { UserError } from "../../../errors.ts";
import { type Check, type Forge, type Release, type Speaker, TagTaken } from "../../../ports/forge.ts";
import { cut, DESCRIPTION, SUMMARY, SUMMARY_NOTE } from "../cut.ts";
import { equal } from "../equal.ts";
import { sameTag } from "../tags.ts";
import { commitAt } from "./history.ts";
import { type MemoryWorld, urlOf } from "./world.ts";

/** Numbers of the two integrations that there are here: the workflows' own, and the App. */
const appOf = (author: string): number | undefined =>
  author === "github-actions[bot]" ? 15368 : author.endsWith("[bot]") ? 1 : undefined;

/** What is written down about commits: checks, statuses, tags, releases and deployments. */
export function memoryRecord(
  world: MemoryWorld,
  speaker: Speaker,
): Pick<Forge, "checks" | "statuses" | "tags" | "releases" | "deployments"> {
  const newest = (commit: string) =>
    new Map(
      world.statuses.filter((one) => one.commit === commit).map(({ status }) => [status.context, status]),
    );

  const releaseOf = (kept: MemoryWorld["releases"][number]): Release => ({
    id: kept.id,
    tag: kept.tag,
    name: kept.name,
    draft: kept.draft,
    url: urlOf(world, `releases/tag/${kept.tag}`),
    assets: kept.assets.map(({ name, bytes }) => ({ name, size: bytes.length })),
  });

  const deploymentOf = ({ statuses, ...kept }: MemoryWorld["deployments"][number]) => ({
    ...kept,
    state: statuses.at(-1)?.state,
  });

  return {
    checks: {
      async put(given) {
        const check: Check = { ...given, summary: cut(given.summary, SUMMARY, SUMMARY_NOTE) };
        const there = world.checks.find(
          (one) =>
            one.author === speaker.login &&
            one.check.name === check.name &&
            one.check.commit === check.commit,
        );
        if (there === undefined) {
          const id = world.next();
          world.checks.push({ id, author: speaker.login, check });
          return { id, url: urlOf(world, `runs/${id}`), outcome: "created" };
        }
        const outcome = equal(there.check, check) ? "unchanged" : "updated";
        there.check = check;
        return { id: there.id, url: urlOf(world, `runs/${there.id}`), outcome };
      },
      async of(commit) {
        return [
          ...world.checks
            .filter(({ check }) => check.commit === commit)
            .map(({ check, author }) => ({
              name: check.name,
              conclusion: check.conclusion,
              app: appOf(author),
            })),
          ...[...newest(commit).values()].map(({ context, state }) => ({
            name: context,
            conclusion: state === "pending" ? undefined : state,
            app: undefined,
          })),
        ];
      },
    },

    statuses: {
      async put(commit, given) {
        const status = { ...given, description: cut(given.description, DESCRIPTION) };
        if (!equal(newest(commit).get(status.context), status)) world.statuses.push({ commit, status });
      },
      async of(commit) {
        return [...newest(commit).values()];
      },
    },

    tags: {
      names: async (prefix) => world.tags.map(({ name }) => name).filter((name) => name.startsWith(prefix)),
      async list(prefix) {
        return world.tags
          .filter(({ name }) => name.startsWith(prefix))
          .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
      },
      async create(wanted) {
        const there = world.tags.find(({ name }) => name === wanted.name);
        if (there !== undefined) {
          if (sameTag(there, wanted)) return there;
          throw new TagTaken(wanted.name, there.commit, there);
        }
        if (!world.commits.has(wanted.commit)) throw new UserError(`there is no commit ${wanted.commit}`);
        const kept = { ...wanted, tagger: speaker.login, at: new Date().toISOString() };
        world.tags.push(kept);
        return kept;
      },
    },

    releases: {
      async find(tag) {
        const kept = world.releases.find((release) => release.tag === tag);
        return kept && releaseOf(kept);
      },
      async publish(release) {
        let kept = world.releases.find(({ tag }) => tag === release.tag);
        if (kept === undefined) {
          kept = { ...release, id: world.next(), draft: false };
          world.releases.push(kept);
        } else if (kept.draft) {
          Object.assign(kept, release, { draft: false });
        }
        return releaseOf(kept);
      },
    },

    deployments: {
      async list(environment) {
        return world.deployments
          .filter((one) => one.environment === environment)
          .map(deploymentOf)
          .reverse();
      },
      async newest(environment, wanted, states) {
        return world.deployments
          .filter((one) => one.environment === environment)
          .map(deploymentOf)
          .findLast((one) => wanted(one) && one.state !== undefined && states.includes(one.state));
      },
      async create({ ref, environment, payload }) {
        const sha = commitAt(world, ref)?.sha;
        if (sha === undefined) throw new UserError(`there is no commit or branch "${ref}" to deploy`);
        const last = world.deployments.findLast((one) => one.environment === environment);
        if (last?.sha === sha && last.creator === speaker.login && equal(last.payload, payload)) {
          return deploymentOf(last);
        }
        const kept = {
          id: world.next(),
          sha,
          environment,
          payload,
          createdAt: new Date().toISOString(),
          creator: speaker.login,
          statuses: [],
        };
        world.deployments.push(kept);
        return deploymentOf(kept);
      },
      async status(id, given) {
        const status = { ...given, description: cut(given.description, DESCRIPTION) };
        const kept = world.deployments.find((one) => one.id === id);
        if (kept === undefined) throw new UserError(`there is no deployment ${id}`);
        if (!equal(kept.statuses.at(-1), status)) kept.statuses.push(status);
      },
    },
  };
}
