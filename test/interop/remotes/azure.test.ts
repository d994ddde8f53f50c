import { after, before, describe } from "node:test";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { openAzure } from "../../../src/adapters/remotes/buckets/azure.ts";
import { bucketContract } from "../../contracts/bucket.ts";
import { remoteContract } from "../../contracts/remote.ts";
import { largeObjects } from "./large.ts";
import { type AzureServer, azurite, startAzurite } from "./servers/azurite.ts";
import { settingOf } from "./servers/setting.ts";
import { worksWithDvc } from "./with-dvc.ts";

const program = azurite();

describe("Azure Blob Storage, on Azurite", { skip: program.skip }, () => {
  let server: AzureServer;
  let containers = 0;
  before(async () => {
    server = await startAzurite(program);
  });
  after(() => server?.stop());

  const open = async () => {
    const name = `container-${containers++}`;
    await server.container(name);
    const options = { connection_string: server.connection };
    return openAzure(settingOf(`azure://${name}/below/here`, options), {}, "/");
  };

  bucketContract("a container of Azure", open);
  largeObjects("a container of Azure", open);
  remoteContract("a remote in a container of Azure", async () => bucketRemote(await open()));

  worksWithDvc("Azure Blob Storage", async () => {
    const name = `with-dvc-${containers++}`;
    await server.container(name);
    const options = { connection_string: server.connection };
    return { url: `azure://${name}/below/here`, options, environment: {} };
  });
});
