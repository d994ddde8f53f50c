import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { digitsOf, isDirectory, isLegacy, type ObjectName } from "../../../core/artifacts/digest.ts";
import { digestRows } from "../../../core/artifacts/digest-table.ts";
import { directoryContent, type ManifestFile, parseManifest } from "../../../core/artifacts/manifest.ts";
import { isGitHubs, type RegistryAddress } from "../../../core/artifacts/registry-address.ts";
import { UserError } from "../../../errors.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../../../ports/remote.ts";
import type { Environment } from "../open.ts";
import { type DeletePush, removeAll } from "./collect.ts";
import { loginFor } from "./credentials.ts";
import { type Exchange, exchange } from "./exchange.ts";
import { deletePackageVersion } from "./packages.ts";
import { SIZES, type Sizes } from "./packing.ts";
import { type Found, type Push, pushesOf } from "./pushes.ts";
import { readObject } from "./reading.ts";
import { receiveAll } from "./receive.ts";
import { BlobGone, type Registry, registryOf } from "./registry.ts";
import { sendAll } from "./send.ts";
import { openSession } from "./session.ts";
import { shelf } from "./shelf.ts";

/**
 * A remote in a container registry: see docs/decisions/0012-objects-in-a-registry.md. Nothing is asked
 * before it is used.
 *
 * @param folder where indexes are kept for the next time; it need not be there
 */
export function registryRemote(address: RegistryAddress, environment: Environment, folder?: string): Remote {
  const connections = exchange();
  const login = loginFor(address, environment);
  const registry = registryOf(address, openSession(address, login, connections), connections);
  const deletePush = isGitHubs(address)
    ? deletePackageVersion(address, login, connections)
    : deleteManifest(registry);
  return remoteIn(registry, deletePush, connections, environment, folder);
}

function deleteManifest(registry: Registry): DeletePush {
  return async ({ digest }: Push) => {
    if (await registry.deleteManifest(digest)) return;
    throw new UserError(
      `${registry.address.host} does not let manifests be deleted; whoever runs it has to allow that`,
    );
  };
}

/** @param deletePush the way of this registry */
export function remoteIn(
  registry: Registry,
  deletePush: DeletePush,
  connections: Exchange,
  environment: Environment,
  folder?: string,
  sizes: Sizes = SIZES,
): Remote {
  const { url } = registry.address;
  const pushes = pushesOf(registry, shelf(folder));

  /** Names are asked for anew only where something is missing: what was there stays there, but for gc. */
  const locate = async (names: readonly ObjectName[]): Promise<Map<ObjectName, Found | undefined>> => {
    await pushes.known();
    let found = new Map(names.map((name) => [name, pushes.find(name)]));
    if ([...found.values()].includes(undefined)) {
      await pushes.refresh();
      found = new Map(names.map((name) => [name, pushes.find(name)]));
    }
    return found;
  };

  const found = async (name: ObjectName): Promise<Found> => {
    const one = (await locate([name])).get(name);
    if (one === undefined) throw new ObjectMissing(name, url);
    return one;
  };

  const remote: Remote = {
    url,

    async has(name) {
      return (await locate([name])).get(name) !== undefined;
    },

    async present(names) {
      const located = await locate(names);
      return new Set(names.filter((name) => located.get(name) !== undefined));
    },

    async *read(name, from = 0) {
      let at = from;
      let one = await found(name);
      const hash = from === 0 ? createHash("md5") : undefined;
      const long = createHash("sha256");
      for (let tries = 1; ; tries++) {
        try {
          for await (const chunk of readObject(registry, one, at)) {
            at += chunk.length;
            hash?.update(chunk);
            long.update(chunk);
            yield chunk;
          }
          break;
        } catch (error) {
          if (!(error instanceof BlobGone) || tries === 2) throw missing(error, name);
          await pushes.refresh(); // a collection has moved it meanwhile
          one = await found(name);
        }
      }
      if (hash === undefined) return;
      const short = hash.digest("hex");
      if (!isLegacy(name) && short !== digitsOf(name).slice(0, 32)) throw new ObjectDamaged(name, short, url);
      if (long.digest("hex") !== one.entry.sha256) throw new ObjectDamaged(name, short, url);
    },

    async receive(names, take) {
      const due = new Set((await locate(names)).keys());
      for (let tries = 1; tries <= 2; tries++) {
        const there = [...due].map((name) => pushes.find(name)).filter((one) => one !== undefined);
        try {
          await receiveAll(registry, there, async ({ entry: { name } }, read) => {
            await take(name, read);
            due.delete(name);
          });
          break;
        } catch (error) {
          if (!(error instanceof BlobGone)) throw error;
          await pushes.refresh(); // a collection has moved them meanwhile
        }
      }
      // What is due yet is missing: each reader hears so of its own object alone.
      for (const name of due) {
        const known = pushes.find(name) !== undefined;
        await take(name, (from) => (known ? remote.read(name, from) : nothing(name)));
      }
    },

    send: (objects, sent = () => {}) => sendAll(registry, pushes, objects, sent, environment, sizes),

    async *list() {
      await pushes.refresh();
      for (const { push, entry } of pushes.all())
        yield { name: entry.name, size: entry.size, modified: push.time };
    },

    remove: (names) => removeAll(registry, pushes, names, deletePush, environment, sizes),

    async vouched(name) {
      const one = (await locate([name])).get(name);
      if (one === undefined) return undefined;
      if (!isDirectory(name) || isLegacy(name)) return { sha256: one.entry.sha256 };
      const text = (await buffer(remote.read(name))).toString("utf8");
      const files: ManifestFile[] = [];
      const rows = digestRows();
      for (const file of parseManifest(text, `${digitsOf(name)} in ${url}`)) {
        const entry = pushes.find(file.md5)?.entry;
        if (entry === undefined) return undefined;
        files.push({ ...file, sha256: entry.sha256, size: entry.size });
        rows.add(file.md5, entry.sha256);
      }
      return { sha256: directoryContent(files).sha256, files: rows.table() };
    },

    async vouch(name, { sha256 }) {
      // The index has said it since the push: all that is left is to hold one to the other.
      const known = await remote.vouched(name);
      if (known === undefined || known.sha256 === sha256) return;
      throw new UserError(
        `${digitsOf(name)} in ${url} has sha256 ${known.sha256}, and ${sha256} is vouched for; one of the two was made to look like the other`,
      );
    },

    async close() {
      connections.close();
    },
  };

  const nothing = (name: ObjectName): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new ObjectMissing(name, url)) }),
  });

  const missing = (error: unknown, name: ObjectName): unknown =>
    error instanceof BlobGone ? new ObjectMissing(name, url) : error;

  return remote;
}
