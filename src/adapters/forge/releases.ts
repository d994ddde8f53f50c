import { createHash } from "node:crypto";
import type { Forge, NewRelease, Release } from "../../ports/forge.ts";
import { orNothing } from "./failure.ts";
import { PAGE, type Repository } from "./repository.ts";

interface Asset {
  readonly id: number | bigint;
  readonly name: string;
  readonly size: number;
  /** `starter` where the upload did not end. */
  readonly state: string;
  readonly digest?: string | null;
}

/** Releases: drafts until all of their assets are there, so that nobody sees half of one. */
export function releases({ client, at }: Repository): Forge["releases"] {
  /** Drafts have no tag that could be asked for: only the list shows them. What is published comes first. */
  const byTag = async (tag: string) => {
    const all = await client.paginate("GET /repos/{owner}/{repo}/releases", { ...at, ...PAGE });
    return all
      .filter((release) => release.tag_name === tag)
      .sort((a, b) => Number(a.draft) - Number(b.draft) || Number(a.id) - Number(b.id))[0];
  };
  const assetsOf = async (release: number): Promise<readonly Asset[]> =>
    client.paginate("GET /repos/{owner}/{repo}/releases/{release_id}/assets", {
      ...at,
      ...PAGE,
      release_id: release,
    });

  /** One draft: where somebody made another at the same moment, the older one stays. */
  const draft = async (content: { readonly tag_name: string }) => {
    const made = await client.once(
      () => byTag(content.tag_name),
      async () => {
        const route = "POST /repos/{owner}/{repo}/releases";
        const { data } = await client.request(route, { ...at, ...content, draft: true });
        return data;
      },
    );
    const kept = (await byTag(content.tag_name)) ?? made;
    if (kept.id !== made.id && made.draft) {
      const route = "DELETE /repos/{owner}/{repo}/releases/{release_id}";
      await orNothing(client.request(route, { ...at, release_id: Number(made.id) }));
    }
    return kept;
  };

  const upload = async (
    release: { readonly id: number; readonly upload_url: string },
    { name, bytes, type }: NewRelease["assets"][number],
  ): Promise<void> => {
    await client.once(
      async () => {
        const there = (await assetsOf(release.id)).find((asset) => asset.name === name);
        if (there === undefined || isWhole(there, bytes)) return there;
        await orNothing(
          client.request("DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}", {
            ...at,
            asset_id: Number(there.id),
          }),
        );
        return undefined;
      },
      async () => {
        const url = `${release.upload_url.replace(/\{.*$/, "")}?name=${encodeURIComponent(name)}`;
        const { data } = await client.request(`POST ${url}`, {
          headers: { "content-type": type },
          data: bytes,
          request: { signal: AbortSignal.timeout(UPLOAD) },
        });
        return data as Asset;
      },
    );
  };

  return {
    async find(tag) {
      const found = await byTag(tag);
      return found && releaseOf(found, await assetsOf(Number(found.id)));
    },

    async publish(release) {
      const { tag, commit, name, body, prerelease } = release;
      const content = { tag_name: tag, target_commitish: commit, name, body, prerelease };
      const there = (await byTag(tag)) ?? (await draft(content));
      const id = Number(there.id);
      for (const asset of release.assets) await upload({ id, upload_url: there.upload_url }, asset);
      const assets = await assetsOf(id);
      if (!there.draft) return releaseOf(there, assets);
      const { data } = await client.request("PATCH /repos/{owner}/{repo}/releases/{release_id}", {
        ...at,
        ...content,
        release_id: id,
        draft: false,
      });
      return releaseOf(data, assets);
    },
  };
}

/** Milliseconds for one asset: two gigabytes, GitHub's most, at 1 MB a second. */
const UPLOAD = 2_000_000;

function isWhole({ state, size, digest }: Asset, bytes: Uint8Array): boolean {
  if (state !== "uploaded" || size !== bytes.length) return false;
  return !digest?.startsWith("sha256:") || digest === sha256(bytes);
}

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

const releaseOf = (
  release: {
    readonly id: number | bigint;
    readonly tag_name: string;
    readonly name: string | null;
    readonly draft: boolean;
    readonly html_url: string;
  },
  assets: readonly Asset[],
): Release => ({
  id: Number(release.id),
  tag: release.tag_name,
  name: release.name ?? release.tag_name,
  draft: release.draft,
  url: release.html_url,
  assets: assets.map(({ name, size }) => ({ name, size })),
});
