import { after, before, describe } from "node:test";
import { createEmulator } from "emulate";
import { bucketRemote } from "../../../../src/adapters/remotes/bucket-remote.ts";
import { openS3 } from "../../../../src/adapters/remotes/buckets/s3.ts";
import { bucketContract } from "../../../contracts/bucket.ts";
import { remoteContract } from "../../../contracts/remote.ts";
import { settingOf } from "../../../interop/remotes/servers/setting.ts";
import { freePort } from "../../../interop/remotes/servers/start.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };

describe("S3, on a server that npm brings", () => {
  let emulator: { close(): Promise<void> } | undefined;
  let origin = "";
  let buckets = 0;
  before(async () => {
    const port = await freePort();
    emulator = await createEmulator({ service: "aws", port });
    origin = `http://127.0.0.1:${port}`;
  });
  after(() => emulator?.close());

  const open = async () => {
    const name = `bucket-${buckets++}`;
    await fetch(`${origin}/${name}`, { method: "PUT" });
    return openS3(settingOf(`s3://${name}/below`, { endpointurl: origin, region: "us-east-1" }), KEYS, "/");
  };

  bucketContract("an S3 bucket", open);
  remoteContract("a remote in S3", async () => bucketRemote(await open()));
});
