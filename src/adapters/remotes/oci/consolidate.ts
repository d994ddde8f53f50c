import type { ObjectName } from "../../../core/artifacts/digest.ts";
import type { Environment } from "../open.ts";
import type { Packed } from "../volumes/packing.ts";
import { countOf } from "../volumes/table.ts";
import { entriesOf } from "../volumes/volume.ts";
import type { DeletePush } from "./collect.ts";
import { MOST_LAYERS } from "./manifest.ts";
import { joinPacked, type Sizes } from "./packing.ts";
import type { Push, Pushes } from "./pushes.ts";
import type { Registry } from "./registry.ts";
import { commit } from "./send.ts";

/**
 * Makes few pushes of many, without moving a byte: a new one names the layers of several old ones, which
 * are deleted then. Each push is a question to a machine that has never asked.
 */
export async function consolidate(
  registry: Registry,
  pushes: Pushes,
  deletePush: DeletePush,
  environment: Environment,
  sizes: Sizes,
): Promise<void> {
  if (pushes.current().length <= sizes.pushes) return;
  for (const group of groupsOf(pushes.current(), sizes)) {
    const seen = new Set<ObjectName>();
    await commit(registry, pushes, joinPacked(group.map((push) => once(push, seen))), environment);
    for (const push of group) {
      await deletePush(push);
      pushes.gone(push);
    }
  }
}

/** What fits together into one manifest; a push that stays alone stays as it is. */
function groupsOf(pushes: readonly Push[], sizes: Sizes): Push[][] {
  const groups: Push[][] = [];
  let [objects, layers] = [Number.POSITIVE_INFINITY, 0];
  for (const push of pushes) {
    objects += countOf(push.records);
    layers += push.layers.length;
    if (objects > sizes.objects || layers > MOST_LAYERS) {
      groups.push([]);
      [objects, layers] = [countOf(push.records), push.layers.length];
    }
    groups.at(-1)?.push(push);
  }
  return groups.filter(({ length }) => length > 1);
}

/** A push without what another of the group has, too. */
function once(push: Push, seen: Set<ObjectName>): Packed {
  const entries = [...entriesOf(push)].filter(({ name }) => !seen.has(name));
  for (const { name } of entries) seen.add(name);
  return { layers: push.layers, entries };
}
