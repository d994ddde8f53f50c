import { after, before, describe } from "node:test";
import { registryRemote } from "../../../src/adapters/remotes/oci/remote.ts";
import { registryAddress } from "../../../src/core/artifacts/registry-address.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";
import { remoteContract } from "../../contracts/remote.ts";
import { LOGIN, type Registry, startRegistry, withoutRegistry } from "./servers/registry.ts";

describe("a remote in Debian's registry", { skip: withoutRegistry() }, () => {
  let open: Registry;
  let locked: Registry;
  let count = 0;

  before(async () => {
    [open, locked] = await Promise.all([startRegistry(), startRegistry({ login: true })]);
  });
  after(async () => {
    await Promise.all([open.close(), locked.close()]);
  });

  remoteContract("a registry", async () =>
    registryRemote(registryAddress(`oci://${open.host}/acme/contract-${count++}`), {}, temporaryFolder()),
  );
  remoteContract("a registry with a login", async () =>
    registryRemote(registryAddress(`oci://${locked.host}/acme/contract-${count++}`), {
      TRAINYARD_REGISTRY: locked.host,
      TRAINYARD_REGISTRY_USER: LOGIN.user,
      TRAINYARD_REGISTRY_PASSWORD: LOGIN.password,
    }),
  );
});
