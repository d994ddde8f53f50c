import { buffer } from "node:stream/consumers";
import type { Sha256 } from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import { again } from "../retrying.ts";
import { type Catalogue, catalogueOf, type Label } from "../volumes/catalogue.ts";
import type { Shelf } from "../volumes/shelf.ts";
import { parseIndex } from "../volumes/table.ts";
import { type Blob, BlobGone, sha256Of, type Volume } from "../volumes/volume.ts";
import { parsePush, parseTag } from "./manifest.ts";
import type { Registry } from "./registry.ts";

/** One manifest and its index. */
export interface Push extends Volume {
  readonly tag: string;
  readonly index: Blob;
}

/** All that a repository holds, as far as it was asked. */
export interface Pushes extends Omit<Catalogue<Push>, "made"> {
  /** Counts one in that this process has just made. */
  made(push: Push, manifest: Uint8Array, index: Uint8Array): void;
}

interface Tag extends Label {
  readonly tag: string;
  readonly time: Date;
}

export function pushesOf(registry: Registry, shelf: Shelf): Pushes {
  const { url } = registry.address;

  /** A push, from the shelf or the registry; undefined where it was deleted meanwhile, or is another's. */
  const load = async ({ digest, tag, time }: Tag): Promise<Push | undefined> => {
    const kept = shelf.get(digest);
    const bytes = kept ?? (await registry.manifest(digest));
    if (bytes === undefined) return undefined;
    const where = `${url}:${tag}`;
    const manifest = parsePush(bytes, where);
    if (manifest === undefined) return undefined;
    const { index, layers } = manifest;
    const text = manifest.inline ?? shelf.get(index.sha256) ?? (await indexOf(index));
    if (text === undefined) return undefined;
    const records = parseIndex(text, layers, where);
    if (kept === undefined) {
      if (manifest.inline === undefined) shelf.put(index.sha256, text);
      shelf.put(digest, bytes);
    }
    return { digest, tag, time, layers, index, records };
  };

  const indexOf = async (index: Blob): Promise<Buffer | undefined> => {
    try {
      const text = await again(() => buffer(registry.readBlob(index.sha256, 0, index.size)));
      if (sha256Of(text) === index.sha256) return text;
    } catch (error) {
      if (error instanceof BlobGone) return undefined;
      throw error;
    }
    throw new UserError(`${url} answers with another index than sha256:${index.sha256}`);
  };

  const catalogue = catalogueOf<Push, Tag>({
    url,
    async *labels() {
      for await (const tag of registry.tags()) {
        const said = parseTag(tag);
        if (said !== undefined) yield { tag, ...said };
      }
    },
    load,
    isStill: async ({ digest }) => (await registry.manifest(digest)) !== undefined,
    known(pushes) {
      shelf.keep(new Set<Sha256>(pushes.flatMap(({ digest, index }) => [digest, index.sha256])));
    },
  });

  return {
    ...catalogue,
    made(push, manifest, index) {
      catalogue.made(push);
      shelf.put(push.digest, manifest);
      shelf.put(push.index.sha256, index);
    },
  };
}
