import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { DeleteObjectCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { openElsewhere } from "../../../src/adapters/repo/elsewhere.ts";
import { type OpenWorkspace, openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { cloudStatus } from "../../../src/artifacts/cloud.ts";
import { fetchVersions } from "../../../src/artifacts/fetch.ts";
import { deleteUnused, findUnused } from "../../../src/artifacts/gc.ts";
import { importFrom } from "../../../src/artifacts/import.ts";
import { checkout, pull } from "../../../src/artifacts/pull.ts";
import { push } from "../../../src/artifacts/push.ts";
import { verify } from "../../../src/artifacts/verify.ts";
import { git, silent, temporaryFolder, write } from "../../artifacts/temporary.ts";
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

  const client = () =>
    new S3Client({
      endpoint: server.origin,
      region: S3_REGION,
      forcePathStyle: true,
      credentials: { accessKeyId: S3_KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: S3_KEYS.AWS_SECRET_ACCESS_KEY },
    });

  const tell = async (): Promise<Told> => {
    const name = `versions-${buckets++}`;
    server.bucket(name);
    const asking = client();
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await asking.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }));
    asking.destroy();
    const options = { endpointurl: server.origin, region: S3_REGION, version_aware: "true" };
    return { url: `s3://${name}/below`, options, environment: S3_KEYS };
  };

  const removeVersion = async ({ url }: Told, Key: string, VersionId: string | undefined): Promise<void> => {
    const asking = client();
    const Bucket = new URL(url).host;
    await asking.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    asking.destroy();
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

  it("keep what DVC and we know of the files of a directory that are what they were", async () => {
    const told = await tell();
    const folder = repository(told, FIRST);
    dvc(folder, "add", ...TARGETS);
    dvc(folder, "push");
    const [ours, theirs] = [cloneOf(folder), join(temporaryFolder(), "theirs")];
    git(folder, "clone", "-q", folder, theirs);
    dvc(theirs, "pull");
    const workspace = await opened(ours);
    await pull(workspace);
    for (const clone of [ours, theirs]) write(clone, SECOND);
    await add(workspace, "data/images");
    dvc(theirs, "add", "data/images");
    const pointer = (clone: string) => readFileSync(join(clone, "data/images.dvc"), "utf8");
    assert.equal(pointer(ours), pointer(theirs), "as DVC writes it, before it is pushed");
    assert.equal((await push(workspace)).objects, 1, "only what has changed");
    assert.equal((await add(workspace, "data/images")).changed, false);
    dvc(theirs, "push");
    git(ours, "checkout", "-q", "data/images.dvc");
    await add(workspace, "data/images");
    assert.equal(
      (await push(workspace)).objects,
      0,
      "what is there is found again after a push that broke off",
    );
    assert.equal(pointer(ours), pointer(theirs));
    await workspace.close();
  });

  it("are asked for version by version, verified, put right, and brought to other repositories", async () => {
    const told = await tell();
    const folder = repository(told, FIRST);
    const workspace = await opened(folder);
    for (const path of TARGETS) await add(workspace, path);
    const states = async (at: OpenWorkspace) =>
      (await cloudStatus(at)).versions.map(({ path, state }) => `${path} ${state}`);
    assert.deepEqual(
      await states(workspace),
      TARGETS.map((path) => `${path} new`),
    );
    await push(workspace);
    assert.deepEqual(
      await states(workspace),
      TARGETS.map((path) => `${path} in sync`),
    );
    const clone = cloneOf(folder);

    const there = await opened(clone);
    assert.deepEqual(
      await states(there),
      TARGETS.map((path) => `${path} deleted`),
    );
    const gc = await findUnused(there, { ...GC, before: new Date() });
    assert.deepEqual(gc.blind, [], "pointer files list the files of directories");
    assert.equal((await fetchVersions(there)).objects, 4, "three files and a manifest");
    assert.equal((await checkout(there)).written.length, 2);
    assertHas(clone, FIRST);
    await there.close();

    rmSync(join(clone, ".dvc/cache"), { recursive: true });
    const other = repository(await tell(), {});
    const importing = await opened(other);
    const elsewhere = await openElsewhere({ url: clone, from: other }, silent(), S3_KEYS);
    await importFrom(importing, elsewhere, IMPORT(clone, join(other, "x")));
    assertHas(other, { "x/日本.txt": "b" });
    await elsewhere.close();
    await importing.close();

    const remote = await workspace.remote();
    assert.equal((await verify(workspace, remote, { repair: false })).findings.length, 0);
    const key = "below/data/images/a b.txt";
    await removeVersion(
      told,
      key,
      /a b\.txt[\s\S]*?version_id: (\S+)/.exec(read(folder, "data/images.dvc"))?.[1],
    );
    assert.deepEqual(await states(workspace), ["data/cps.csv in sync", "data/images new"]);
    const broken = await verify(workspace, remote, { repair: false });
    assert.deepEqual(
      broken.findings.map(({ kind, path }) => `${kind} ${path}`),
      ["missing data/images"],
    );
    assert.ok((await verify(workspace, remote, { repair: true })).findings.every(({ repaired }) => repaired));
    assert.deepEqual(
      await states(workspace),
      TARGETS.map((path) => `${path} in sync`),
    );
    await workspace.close();
    const mended = cloneOf(folder);
    dvc(mended, "pull");
    assertHas(mended, FIRST);
  });

  it("are not collected, nor pushed for other commits, by DVC or by us", async () => {
    const folder = repository(await tell(), FIRST);
    const workspace = await opened(folder);
    for (const path of TARGETS) await add(workspace, path);
    await push(workspace);
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "versions");
    const said = (error: { stderr?: string }) => error.stderr ?? "";
    const refuses = (...args: readonly string[]) =>
      assert.throws(
        () => dvc(folder, ...args),
        (error) => /unsupported for cloud versioned/.test(said(error as object)),
      );
    refuses("gc", "--cloud", "--workspace", "--force");
    refuses("gc", "--not-in-remote", "--workspace", "--force");
    refuses("push", "--all-branches");
    const remote = await workspace.remote();
    for (const place of [{ cloud: remote }, { notIn: remote }]) {
      await assert.rejects(
        deleteUnused(workspace, { ...GC, before: new Date(), ...place }),
        /which gc does not collect/,
      );
    }
    await assert.rejects(
      push(workspace, { allBranches: true }),
      /only pointer files that are here can say which/,
    );
    await workspace.close();
    assert.equal(git(folder, "status", "--porcelain"), "");
  });
});

const GC = { keep: { all: true }, others: [], blindly: false, forget: false };
const IMPORT = (url: string, to: string) => ({ url, path: "data/images/x", to, force: false });
const read = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");
