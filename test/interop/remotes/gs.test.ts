import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { openGs } from "../../../src/adapters/remotes/buckets/gs.ts";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { bucketContract, outgoing } from "../../contracts/bucket.ts";
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

  it("keeps versions of files under their real names, and says which of them are there", async () => {
    const name = `versions-${buckets++}`;
    await server.bucket(name, true);
    const bucket = await openGs(settingOf(`gs://${name}/below`, { endpointurl: server.origin }), {}, "/");
    const write = (text: string) => bucket.writeVersion?.("data/a b.csv", outgoing(Buffer.from(text)));
    const [first, second] = [await write("one"), await write("two!")];
    assert.equal(await bucket.size("data/a b.csv", first?.version), 3);
    assert.equal(await bucket.size("data/a b.csv", second?.version), 4);
    assert.equal(await bucket.size("data/a b.csv", "12345"), undefined);
    assert.equal((await buffer(bucket.read("data/a b.csv", 0, first?.version))).toString(), "one");
    const md5 = digestOf("two!").md5;
    assert.deepEqual(await bucket.lastVersion?.("data/a b.csv"), { ...second, size: 4, md5 });
    assert.equal(await bucket.lastVersion?.("data/none"), undefined);
    await bucket.close();
  });

  worksWithDvc("Google Cloud Storage", async () => {
    const name = `with-dvc-${buckets++}`;
    await server.bucket(name);
    const options = { endpointurl: server.origin, allow_anonymous_login: "true" };
    // Otherwise DVC's library asks over gRPC what kind of bucket it is, which the server does not speak.
    const environment = { GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT: "false" };
    return { url: `gs://${name}/below/here`, options, environment };
  });
});
