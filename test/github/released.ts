import type { World } from "../../local/world.ts";
import { records } from "./reading.ts";

/** A deployment as the API shows it. */
export interface ShownDeployment {
  readonly id: number;
  readonly environment: string;
  readonly payload: {
    readonly model: string;
    readonly version: string;
    readonly sha256: string;
    readonly reason: string;
  };
}

/** A pull request that a release opened. */
export interface ShownPromotion {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly user: { readonly login: string };
  readonly head: { readonly ref: string; readonly sha: string };
}

/** What a path of the repository's API lists. */
export async function list<T>(world: World, path: string): Promise<readonly T[]> {
  return (await world.ada.api("GET", `/repos/${world.repository}${path}`)) as never;
}

/** Deployments to an environment, newest first. */
export const deployments = (world: World, environment: string): Promise<readonly ShownDeployment[]> =>
  list<ShownDeployment>(world, `/deployments?environment=${environment}&per_page=100`);

/** What GitHub's page says of a deployment. */
export async function deploymentState(world: World, id: number): Promise<string | undefined> {
  return (await list<{ state: string }>(world, `/deployments/${id}/statuses`))[0]?.state;
}

/** Names of the tags of `wages`, sorted. */
export async function tagsOf(world: World): Promise<readonly string[]> {
  const found = await list<{ ref: string }>(world, "/git/matching-refs/tags/wages");
  return found.map(({ ref }) => ref.replace("refs/tags/", "")).sort();
}

/** Open promotions of `wages` to production. */
export const promotions = (world: World): Promise<readonly ShownPromotion[]> =>
  list<ShownPromotion>(world, "/pulls?state=open&head=acme:trainyard-promote-production-wages");

/** A release as the API shows it. */
interface ShownRelease {
  readonly tag_name: string;
  readonly name: string;
  readonly draft: boolean;
  readonly body: string;
  readonly assets: readonly { readonly name: string; readonly state: string }[];
}

/**
 * All that a release may make, in words that are the same for the same thing in two repositories: what
 * is done twice must leave it as it is, and what is interrupted must come to it.
 */
export async function released(world: World): Promise<object> {
  const paths = (await records(world)).filter((path) => path.startsWith("deployments/"));
  const texts = await Promise.all(paths.map((path) => world.checkout.git("show", `FETCH_HEAD:${path}`)));
  const shown = await Promise.all(
    (await list<ShownDeployment>(world, "/deployments?per_page=100")).map(
      async ({ id, environment, payload: { version, sha256, reason } }) =>
        `${environment} ${version} ${sha256} ${reason}: ${await deploymentState(world, id)}`,
    ),
  );
  const opened = await promotions(world);
  const releases = await list<ShownRelease>(world, "/releases");
  return {
    deployments: shown,
    tags: await tagsOf(world),
    releases: releases.map(({ tag_name, name, draft, body, assets }) => ({
      tag: tag_name,
      name,
      draft,
      body: plain(body),
      assets: assets.map((asset) => `${asset.name} ${asset.state}`),
    })),
    records: paths.map((path, index) => `${path}\n${plain(texts[index] ?? "")}`),
    promotions: await Promise.all(
      opened.map(async ({ title, body, user, head }) => ({
        title,
        body: plain(body),
        by: user.login,
        change: plain(await changeOf(world, head.ref)),
      })),
    ),
  };
}

async function changeOf({ checkout }: World, branch: string): Promise<string> {
  await checkout.git("fetch", "--quiet", "origin", branch, "main");
  return checkout.git("log", "--patch", "--format=%an%n%B", `origin/main..origin/${branch}`);
}

/** Without times, commits and numbers of runs. */
const plain = (text: string): string =>
  text
    .replace(/\/actions\/runs\/\d+(\/attempts\/\d+)?/g, "/RUN")
    .replace(/\b\d{4}-\d\d-\d\d([T ][\d:.]+Z?)?/g, "TIME")
    .replace(/\b[0-9a-f]{40}\b/g, "COMMIT")
    .replace(/\b(?=[a-f]*\d)[0-9a-f]{7}\b/g, "COMMIT")
    .replace(/\b(127\.0\.0\.1|github\.localhost):\d+/g, "HOST")
    .replace(/^index [0-9a-f]+\.\.[0-9a-f]+/gm, "index");
