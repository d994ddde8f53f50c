import { eachRemote } from "../artifacts/chosen.ts";
import type { Version } from "../artifacts/version.ts";
import type { ObjectName } from "../core/artifacts/digest.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { UserError } from "../errors.ts";
import type { Cache } from "../ports/cache.ts";
import { type Incoming, ObjectMissing } from "../ports/remote.ts";
import type { Scene } from "./judge-scene.ts";

/** A file of this machine, or why there is none with these bytes. */
export type Held = { readonly path: string; readonly size: number } | { readonly why: string };

/** Finds the bytes of either side of a change. */
export type BytesOf = (name: ObjectName) => Promise<Held>;

/**
 * Has the bytes of versions at hand: those that the base or the change has here, and what the base's remotes
 * have of the others, up to a bound.
 *
 * @param wanted the more important first
 * @param most so many bytes are brought at most, whatever pointer files say of sizes
 */
export async function bytesAtHand(
  { head, base }: Pick<Scene, "head" | "base">,
  wanted: readonly Version[],
  most: number,
): Promise<BytesOf> {
  const caches = [base.workspace.cache, head.workspace.cache];
  const why = new Map<ObjectName, string>();
  const absent = await affordable(caches, wanted, most, why);
  const left = { bytes: most };
  for (const own of new Set(absent.map(({ remote }) => remote))) {
    const group = absent.filter(({ remote }) => remote === own);
    try {
      // the base's remotes; the change's cache, since it is the change that is not believed
      await eachRemote(base.workspace, group, {}, (from) =>
        from.receive(
          group.map(({ name }) => name),
          async (name, incoming) => {
            try {
              await head.workspace.cache.receive(name, bounded(incoming, left));
            } catch (error) {
              why.set(name, reasonOf(error));
            }
          },
        ),
      );
    } catch (error) {
      for (const { name } of group) why.set(name, reasonOf(error));
    }
  }
  return async (name) => {
    const cache = await holding(caches, name);
    const { path, size } = cache?.open(name) ?? {};
    if (path !== undefined && size !== undefined) return { path, size };
    return { why: why.get(name) ?? "its bytes are not on the runner" };
  };
}

/** Those that are not here, as far as they fit into the bound by what is said of their sizes. */
async function affordable(
  caches: readonly Cache[],
  wanted: readonly Version[],
  most: number,
  why: Map<ObjectName, string>,
): Promise<readonly Version[]> {
  const absent = new Map<ObjectName, Version>();
  let total = 0;
  for (const version of wanted) {
    const { name, size = 0 } = version;
    if (absent.has(name) || (await holding(caches, name)) !== undefined) continue;
    if (total + size > most) {
      why.set(name, `it has ${formatBytes(size)}, and ${formatBytes(most)} are fetched for this at most`);
      continue;
    }
    total += size;
    absent.set(name, version);
  }
  return [...absent.values()];
}

async function holding(caches: readonly Cache[], name: ObjectName): Promise<Cache | undefined> {
  for (const cache of caches) if (await cache.has(name)) return cache;
  return undefined;
}

/** An object may have more bytes than a pointer file says. */
function bounded(incoming: Incoming, left: { bytes: number }): Incoming {
  return async function* (from) {
    for await (const part of incoming(from)) {
      left.bytes -= part.length;
      if (left.bytes < 0) throw new UserError("it has more bytes than its pointer file says");
      yield part;
    }
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof ObjectMissing) return "the remote has not its bytes";
  if (error instanceof UserError) return error.message;
  throw error;
}
