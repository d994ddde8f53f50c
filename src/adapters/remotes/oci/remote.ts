import { buffer } from "node:stream/consumers";
import { digitsOf, isDirectory, isLegacy } from "../../../core/artifacts/digest.ts";
import { digestRows } from "../../../core/artifacts/digest-table.ts";
import { directoryContent, type ManifestFile, parseManifest } from "../../../core/artifacts/manifest.ts";
import { isGitHubs, type RegistryAddress } from "../../../core/artifacts/registry-address.ts";
import { UserError } from "../../../errors.ts";
import type { Remote } from "../../../ports/remote.ts";
import type { Environment } from "../open.ts";
import { objectsIn } from "../volumes/objects.ts";
import { shelf } from "../volumes/shelf.ts";
import { type DeletePush, removeAll } from "./collect.ts";
import { loginFor } from "./credentials.ts";
import { type Exchange, exchange } from "./exchange.ts";
import { deletePackageVersion } from "./packages.ts";
import { SIZES, type Sizes } from "./packing.ts";
import { readingFrom } from "./patience.ts";
import { type Push, pushesOf } from "./pushes.ts";
import { type Registry, registryOf } from "./registry.ts";
import { sendAll } from "./send.ts";
import { openSession } from "./session.ts";

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

  const { locate, read, receive } = objectsIn(pushes, readingFrom(registry), url);

  const remote: Remote = {
    url,
    read,
    receive,

    async has(name) {
      return (await locate([name])).has(name);
    },

    async present(names) {
      return new Set((await locate(names)).keys());
    },

    send: (objects, sent = () => {}) => sendAll(registry, pushes, objects, sent, environment, sizes),

    async *list() {
      await pushes.refresh();
      for (const { volume, entry } of pushes.all())
        yield { name: entry.name, size: entry.size, modified: volume.time };
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

  return remote;
}
