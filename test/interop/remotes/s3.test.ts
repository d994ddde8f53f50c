import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { openS3 } from "../../../src/adapters/remotes/buckets/s3.ts";
import { withPacks } from "../../../src/adapters/remotes/packs/remote.ts";
import { Unreachable } from "../../../src/ports/bucket.ts";
import { temporaryFolder } from "../../artifacts/temporary.ts";
import { bucketContract, outgoing } from "../../contracts/bucket.ts";
import { remoteContract } from "../../contracts/remote.ts";
import { largeObjects } from "./large.ts";
import { S3_KEYS, S3_REGION, type S3Server, startS3, versity } from "./servers/s3.ts";
import { settingOf } from "./servers/setting.ts";
import { worksWithDvc } from "./with-dvc.ts";

const program = versity();
const KEY = "files/md5/60/b725f10c9c85c70d97880dfe8191b3";

describe("S3, on a server of Versity", { skip: program.skip }, () => {
  let server: S3Server;
  let buckets = 0;
  before(async () => {
    server = await startS3(program);
  });
  after(() => server?.stop());

  const open = async () => {
    const name = `bucket-${buckets++}`;
    server.bucket(name);
    const options = { endpointurl: server.origin, region: S3_REGION };
    return openS3(settingOf(`s3://${name}/below/here`, options), S3_KEYS, "/");
  };

  bucketContract("an S3 bucket", open);
  largeObjects("an S3 bucket", open);
  remoteContract("a remote in S3", async () => bucketRemote(await open()));
  remoteContract("a remote in S3 with packs", async () => {
    const bucket = await open();
    const remote = withPacks(bucketRemote(bucket), bucket, { limit: async () => 1 << 20 });
    return (await remote.toSend?.()) ?? remote;
  });

  it("goes on with a large upload that an ended process left", async () => {
    const name = `left-${buckets++}`;
    server.bucket(name);
    const base = temporaryFolder();
    const setting = settingOf(`s3://${name}/below`, { endpointurl: server.origin, region: S3_REGION });
    const bytes = Buffer.alloc(40 << 20, "x");
    const broken = {
      size: bytes.length,
      async *bytes() {
        yield bytes.subarray(0, 35 << 20);
        throw new Unreachable("the line is dead");
      },
    };
    const first = await openS3(setting, S3_KEYS, base);
    await assert.rejects(first.write(KEY, broken), /the line is dead/);
    await first.close();
    const client = new S3Client({
      endpoint: server.origin,
      region: S3_REGION,
      forcePathStyle: true,
      credentials: {
        accessKeyId: S3_KEYS.AWS_ACCESS_KEY_ID,
        secretAccessKey: S3_KEYS.AWS_SECRET_ACCESS_KEY,
      },
    });
    const uploads = async () =>
      (await client.send(new ListMultipartUploadsCommand({ Bucket: name }))).Uploads ?? [];
    assert.equal((await uploads()).length, 1);
    const [note = ""] = readdirSync(join(base, "tmp/uploads"));
    const { pid } = spawnSync(process.execPath, ["--version"]);
    renameSync(
      join(base, "tmp/uploads", note),
      join(base, "tmp/uploads", note.replace(`${process.pid}-`, `${pid}-`)),
    );
    const second = await openS3(setting, S3_KEYS, base);
    await second.write(KEY, outgoing(bytes));
    assert.equal(await second.size(KEY), bytes.length);
    assert.deepEqual(await uploads(), []); // the one of before was put together
    assert.deepEqual(readdirSync(join(base, "tmp/uploads")), []);
    await second.close();
    client.destroy();
  });

  worksWithDvc("S3", async () => {
    const name = `with-dvc-${buckets++}`;
    server.bucket(name);
    const options = { endpointurl: server.origin, region: S3_REGION };
    return { url: `s3://${name}/below/here`, options, environment: S3_KEYS };
  });
});
