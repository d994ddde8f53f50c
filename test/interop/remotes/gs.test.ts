import { after, before, describe } from "node:test";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { openGs } from "../../../src/adapters/remotes/buckets/gs.ts";
import { bucketContract } from "../../contracts/bucket.ts";
import { remoteContract } from "../../contracts/remote.ts";
import { largeObjects } from "./large.ts";
import { fakeGcs, type GcsServer, startGcs } from "./servers/gcs.ts";
import { settingOf } from "./servers/setting.ts";
import { worksWithDvc } from "./with-dvc.ts";

const program = fakeGcs();

describe("Google Cloud Storage, on fake-gcs-server", { skip: program.skip }, () => {
  let server: GcsServer;
  let buckets = 0;
  before(async () => {
    server = await startGcs(program);
  });
  after(() => server?.stop());

  const open = async () => {
    const name = `bucket-${buckets++}`;
    await server.bucket(name);
    return openGs(settingOf(`gs://${name}/below/here`, { endpointurl: server.origin }), {}, "/");
  };

  bucketContract("a bucket of Google's", open);
  largeObjects("a bucket of Google's", open);
  remoteContract("a remote in a bucket of Google's", async () => bucketRemote(await open()));

  worksWithDvc("Google Cloud Storage", async () => {
    const name = `with-dvc-${buckets++}`;
    await server.bucket(name);
    const options = { endpointurl: server.origin, allow_anonymous_login: "true" };
    // Otherwise DVC's library asks over gRPC what kind of bucket it is, which the server does not speak.
    const environment = { GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT: "false" };
    return { url: `gs://${name}/below/here`, options, environment };
  });
});
