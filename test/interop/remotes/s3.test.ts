import { after, before, describe } from "node:test";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { openS3 } from "../../../src/adapters/remotes/buckets/s3.ts";
import { bucketContract } from "../../contracts/bucket.ts";
import { remoteContract } from "../../contracts/remote.ts";
import { largeObjects } from "./large.ts";
import { S3_KEYS, S3_REGION, type S3Server, startS3, versity } from "./servers/s3.ts";
import { settingOf } from "./servers/setting.ts";
import { worksWithDvc } from "./with-dvc.ts";

const program = versity();

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

  worksWithDvc("S3", async () => {
    const name = `with-dvc-${buckets++}`;
    server.bucket(name);
    const options = { endpointurl: server.origin, region: S3_REGION };
    return { url: `s3://${name}/below/here`, options, environment: S3_KEYS };
  });
});
