import type { Sha256 } from "../../../core/artifacts/digest.ts";
import { isGitHubs } from "../../../core/artifacts/registry-address.ts";
import type { Outgoing } from "../../../ports/bucket.ts";
import type { Sending } from "../../../ports/remote.ts";
import { inLanes } from "../lanes.ts";
import type { Environment } from "../open.ts";
import { type Packed, type Parcel, packSmall } from "../volumes/packing.ts";
import { parseIndex, printIndex } from "../volumes/table.ts";
import { type Blob, sha256Of } from "../volumes/volume.ts";
import { EMPTY, printPush, tagOf } from "./manifest.ts";
import { joinPacked, layersOf, packLarge, planPushes, type Sizes } from "./packing.ts";
import type { Push, Pushes } from "./pushes.ts";
import { BlobUnknown, type Registry } from "./registry.ts";

const LANES = 4;
/** How often objects are sent that were there when they were looked for, and are gone. */
const ROUNDS = 3;

/**
 * Sends what is not there, in as few pushes as it fits into. Each becomes visible as a whole with its
 * tag; before that nothing of it is, and after it nothing of it changes.
 */
export async function sendAll(
  registry: Registry,
  pushes: Pushes,
  objects: readonly Sending[],
  sent: (object: Sending) => void,
  environment: Environment,
  sizes: Sizes,
): Promise<void> {
  const byName = new Map(objects.map((one) => [one.name, one]));
  for (let round = 1; ; round++) {
    await pushes.refresh();
    // In the second round: whether somebody collected meanwhile what was counted as there in the first.
    const missing = [...byName.values()].filter(({ name }) => pushes.find(name) === undefined);
    if (missing.length === 0 || round > ROUNDS) return;
    for (const parcels of planPushes(missing, sizes)) {
      const tell = round === 1 ? sent : () => {};
      try {
        await sendPush(registry, pushes, parcels, tell, environment, sizes, "ask first");
      } catch (error) {
        if (!(error instanceof BlobUnknown)) throw error;
        // A layer that an earlier, interrupted push left was collected between our look and our manifest.
        await sendPush(registry, pushes, parcels, () => {}, environment, sizes, "send all");
      }
    }
  }
}

type Caution = "ask first" | "send all";

async function sendPush(
  registry: Registry,
  pushes: Pushes,
  parcels: readonly Parcel[],
  sent: (object: Sending) => void,
  environment: Environment,
  sizes: Sizes,
  caution: Caution,
): Promise<void> {
  const packed: Packed[] = new Array(parcels.length);
  await inLanes(LANES, [...parcels.keys()], async (place) => {
    const parcel = parcels[place] as Parcel;
    packed[place] = parcel.large
      ? await sendLarge(registry, parcel.objects[0] as Sending, sizes, caution)
      : await sendSmall(registry, parcel, caution);
    for (const one of parcel.objects) sent(one);
  });
  await commit(registry, pushes, joinPacked(packed), environment);
}

async function sendSmall(registry: Registry, parcel: Parcel, caution: Caution): Promise<Packed> {
  const { bytes, entries } = await packSmall(parcel);
  const layers = layersOf(bytes);
  for (const layer of layers) await put(registry, layer, () => once(bytes), caution);
  return { layers, entries };
}

async function sendLarge(
  registry: Registry,
  sending: Sending,
  sizes: Sizes,
  caution: Caution,
): Promise<Packed> {
  const { object } = sending;
  const running = new Set<Promise<void>>();
  let failed: { readonly error: unknown } | undefined;
  const start = async (layer: Blob, from: number): Promise<void> => {
    const one: Promise<void> = put(registry, layer, () => slice(object, from, layer.size), caution)
      .catch((error) => {
        failed ??= { error };
      })
      .finally(() => running.delete(one));
    running.add(one);
    if (running.size >= LANES) await Promise.race(running);
    if (failed !== undefined) throw failed.error;
  };
  const packed = await Promise.allSettled([packLarge(sending, sizes, start)]);
  await Promise.all(running);
  if (failed !== undefined) throw failed.error;
  const [only] = packed;
  if (only.status === "rejected") throw only.reason;
  return only.value;
}

const slice = (object: Outgoing, from: number, size: number): AsyncIterable<Uint8Array> =>
  object.bytes(from, from + size);

async function put(
  registry: Registry,
  { sha256, size }: Blob,
  bytes: () => AsyncIterable<Uint8Array>,
  caution: Caution,
): Promise<void> {
  if (caution === "ask first" && (await registry.hasBlob(sha256, size))) return;
  await registry.putBlob(sha256, size, bytes);
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/** Gives a push its manifest and tag: with that everything in it is there, at once. */
export async function commit(
  registry: Registry,
  pushes: Pushes,
  { layers, entries }: Packed,
  environment: Environment,
): Promise<Push> {
  const index = printIndex(entries);
  const time = new Date(Math.floor(Date.now() / 1000) * 1000);
  const manifest = printPush(index, layers, {
    "org.opencontainers.image.created": time.toISOString(),
    "org.opencontainers.image.description": `${entries.length} versioned objects of Trainyard`,
    ...sourceOf(registry, environment),
  });
  const digest = sha256Of(manifest);
  const tag = tagOf(time, digest);
  for (const bytes of [EMPTY, index]) {
    await put(registry, { sha256: sha256Of(bytes), size: bytes.length }, () => once(bytes), "ask first");
  }
  await registry.putManifest(tag, manifest);
  const push: Push = {
    digest,
    tag,
    time,
    layers,
    index: { sha256: sha256Of(index) as Sha256, size: index.length },
    records: parseIndex(index, layers, tag),
  };
  pushes.made(push, manifest, index);
  return push;
}

/** GitHub shows a package at the repository that its newest version names. */
function sourceOf({ address }: Registry, environment: Environment): Record<string, string> {
  const {
    GITHUB_REPOSITORY,
    GITHUB_REPOSITORY_OWNER,
    GITHUB_SERVER_URL = "https://github.com",
  } = environment;
  const owner = GITHUB_REPOSITORY_OWNER?.toLowerCase();
  if (!isGitHubs(address) || GITHUB_REPOSITORY === undefined || address.name.split("/")[0] !== owner)
    return {};
  return { "org.opencontainers.image.source": `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` };
}
