import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { pull } from "../../../src/artifacts/pull.ts";
import { push } from "../../../src/artifacts/push.ts";
import { git, silent, write } from "../../artifacts/temporary.ts";
import { S3_KEYS, S3_REGION, type S3Server, startS3, versity } from "./servers/s3.ts";
import { cloneOf, dvcWith, noDvc, repository, type Told } from "./with-dvc.ts";

const program = versity();
const TARGETS = ["data/cps.csv", "data/images"];
const FIRST = { "data/cps.csv": "42\n", "data/images/a b.txt": "a", "data/images/x/日本.txt": "b" };
const SECOND = { "data/cps.csv": "43\n", "data/images/a b.txt": "a2" };

describe("files under their real names, in versions of S3", { skip: program.skip || noDvc }, () => {
  let server: S3Server;
  let buckets = 0;
  const dvc = dvcWith(S3_KEYS);
  before(async () => {
    server = await startS3(program);
  });
  after(() => server?.stop());

  const tell = async (): Promise<Told> => {
    const name = `versions-${buckets++}`;
    server.bucket(name);
    const client = new S3Client({
      endpoint: server.origin,
      region: S3_REGION,
      forcePathStyle: true,
      credentials: { accessKeyId: S3_KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: S3_KEYS.AWS_SECRET_ACCESS_KEY },
    });
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }));
    client.destroy();
    const options = { endpointurl: server.origin, region: S3_REGION, version_aware: "true" };
    return { url: `s3://${name}/below`, options, environment: S3_KEYS };
  };

  const opened = (folder: string) => openWorkspace(folder, silent(), S3_KEYS);

  function assertHas(folder: string, files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      assert.equal(readFileSync(join(folder, path), "utf8"), text, path);
    }
  }

  it("are pulled as DVC pushed them, each in the version that its pointer file says", async () => {
    const folder = repository(await tell(), FIRST);
    dvc(folder, "add", ...TARGETS);
    dvc(folder, "push");
    const first = cloneOf(folder);
    write(folder, SECOND);
    dvc(folder, "add", ...TARGETS);
    dvc(folder, "push");
    const second = cloneOf(folder);
    for (const [clone, files] of [
      [first, FIRST],
      [second, { ...FIRST, ...SECOND }],
    ] as const) {
      const workspace = await opened(clone);
      await pull(workspace);
      assertHas(clone, files);
      assert.equal((await push(workspace)).objects, 0);
      assert.equal(git(clone, "diff"), "");
      await workspace.close();
    }
  });

  it("are pulled by DVC as we pushed them, which finds nothing to push", async () => {
    const folder = repository(await tell(), FIRST);
    const workspace = await opened(folder);
    for (const path of TARGETS) await add(workspace, path);
    assert.equal((await push(workspace)).objects, 3);
    const first = cloneOf(folder);
    write(folder, SECOND);
    for (const path of TARGETS) await add(workspace, path);
    await push(workspace);
    await workspace.close();
    const second = cloneOf(folder);
    dvc(first, "pull");
    assertHas(first, FIRST);
    dvc(second, "pull");
    assertHas(second, { ...FIRST, ...SECOND });
    dvc(second, "push");
    assert.equal(git(second, "diff"), "", "DVC has nothing to add to what we wrote");
  });
});
