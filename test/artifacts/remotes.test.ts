import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import {
  addRemote,
  defaultRemoteName,
  listRemotes,
  modifyRemote,
  removeRemote,
  renameRemote,
  setDefaultRemote,
} from "../../src/artifacts/remotes.ts";
import type { Workspace } from "../../src/ports/workspace.ts";
import { silent, temporaryFolder, temporaryRepository, write } from "./temporary.ts";

async function open(
  config?: string,
): Promise<{ workspace: Workspace; folder: string; config: () => string }> {
  const folder = temporaryRepository();
  if (config !== undefined) write(folder, { ".dvc/config": config });
  const workspace = await openWorkspace(folder, silent());
  return { workspace, folder, config: () => readFileSync(join(folder, ".dvc/config"), "utf8") };
}
const at = (folder: string, level: "repo" | "local" = "repo") => ({ level, folder });
const store = (more = {}) => ({ name: "store", url: "s3://b/p", force: false, asDefault: false, ...more });

describe("remotes", () => {
  it("are added as DVC writes them, in a repository that is none of DVC's yet", async () => {
    const { workspace, folder, config } = await open();
    await addRemote(workspace, at(folder), store({ name: "Store", asDefault: true }));
    assert.equal(config(), "['remote \"store\"']\n    url = s3://b/p\n[core]\n    remote = store\n");
    assert.equal(readFileSync(join(folder, ".dvc/.gitignore"), "utf8"), "/config.local\n/tmp\n/cache\n");
    assert.deepEqual(await listRemotes(workspace), [
      { name: "store", url: "s3://b/p", default: true, named_by: ".dvc/config" },
    ]);
    await assert.rejects(
      addRemote(workspace, at(folder), store()),
      /there is a remote "store" already; --force/,
    );
    await addRemote(workspace, at(folder), store({ url: "gs://b", force: true }));
    assert.equal((await listRemotes(workspace))[0]?.url, "gs://b");
  });

  it("keep a folder relative to the configuration, wherever it was named from", async () => {
    const { workspace, folder } = await open();
    mkdirSync(join(folder, "deep/er"), { recursive: true });
    const url = async (from: string, text: string) => {
      await addRemote(workspace, at(from), store({ url: text, force: true }));
      return (await listRemotes(workspace))[0]?.url;
    };
    assert.equal(await url(folder, "../store"), "../../store");
    assert.equal(await url(join(folder, "deep/er"), "../../store"), "../store");
    assert.equal(await url(folder, "/mnt/store"), "/mnt/store");
  });

  it("are told with the one that a contract names, which is the default where there is no other", async () => {
    const { workspace, folder } = await open();
    const registry = { name: null, url: "oci://ghcr.io/acme/wages", named_by: "trainyard.yaml:2" };
    assert.deepEqual(await listRemotes(workspace), []);
    write(folder, { "trainyard.yaml": "artifacts:\n  remote: oci://ghcr.io/acme/wages\n" });
    assert.deepEqual(await listRemotes(workspace), [{ ...registry, default: true }]);
    assert.deepEqual(await listRemotes(workspace, "local"), []);
    await addRemote(workspace, at(folder), store({ asDefault: true }));
    assert.deepEqual(
      (await listRemotes(workspace)).map((one) => [one.name, one.default]),
      [
        ["store", true],
        [null, false],
      ],
    );
  });

  it("do not take a registry, which belongs to the contract", async () => {
    const { workspace, folder } = await open();
    await assert.rejects(
      addRemote(workspace, at(folder), store({ url: "oci://ghcr.io/a/b" })),
      /trainyard\.yaml/,
    );
    assert.equal(existsSync(join(folder, ".dvc/config")), false);
  });

  it("do not take a url that DVC would refuse, with all else in the file", async () => {
    const { workspace, folder, config } = await open("['remote \"store\"']\n    url = s3://b\n");
    const before = config();
    await assert.rejects(
      addRemote(workspace, at(folder), store({ name: "other", url: "foo://x" })),
      /"foo:\/\/x" is of no kind that DVC knows/,
    );
    await assert.rejects(
      modifyRemote(workspace, at(folder), { name: "store", option: "url", value: "foo://x" }),
      /is of no kind that DVC knows/,
    );
    assert.equal(config(), before);
    await addRemote(workspace, at(folder), store({ name: "part", url: "remote://store/part" }));
  });

  it("are modified in either file, with options that their kind has", async () => {
    const { workspace, folder, config } = await open("['remote \"store\"']\n    url = s3://b # ours\n");
    await modifyRemote(workspace, at(folder), { name: "store", option: "endpointurl", value: "http://x" });
    await modifyRemote(workspace, at(folder, "local"), {
      name: "store",
      option: "access_key_id",
      value: "k",
    });
    assert.equal(config(), "['remote \"store\"']\n    url = s3://b # ours\n    endpointurl = http://x\n");
    assert.equal(
      readFileSync(join(folder, ".dvc/config.local"), "utf8"),
      "['remote \"store\"']\n    access_key_id = k\n",
    );
    await modifyRemote(workspace, at(folder), { name: "store", option: "endpointurl" });
    assert.doesNotMatch(config(), /endpointurl/);
    const wrong = modifyRemote(workspace, at(folder), { name: "store", option: "endpoint", value: "x" });
    await assert.rejects(wrong, /endpoint/);
    await assert.rejects(
      modifyRemote(workspace, at(folder), { name: "stor", option: "url", value: "x" }),
      /there is no remote "stor"; did you mean "store"\?/,
    );
  });

  it("are removed and renamed with what names them as the default", async () => {
    const { workspace, folder, config } = await open(
      "[core]\n    remote = a\n['remote \"a\"']\n    url = /a\n['remote \"b\"']\n    url = /b\n",
    );
    await renameRemote(workspace, at(folder), { name: "a", to: "c" });
    assert.equal(
      config(),
      "[core]\n    remote = c\n['remote \"c\"']\n    url = /a\n['remote \"b\"']\n    url = /b\n",
    );
    await assert.rejects(
      renameRemote(workspace, at(folder), { name: "c", to: "b" }),
      /there is a remote "b" already/,
    );
    await setDefaultRemote(workspace, at(folder, "local"), "c");
    await removeRemote(workspace, at(folder), "c");
    assert.equal(await defaultRemoteName(workspace), undefined);
    assert.deepEqual(
      (await listRemotes(workspace)).map(({ name }) => name),
      ["b"],
    );
    await assert.rejects(setDefaultRemote(workspace, at(folder), "c"), /there is no remote "c"; there is b/);
  });

  it("are kept outside of Git, too, so that DVC can read them", async () => {
    const folder = temporaryFolder();
    await addRemote(await openWorkspace(folder, silent()), at(folder), store());
    assert.match(readFileSync(join(folder, ".dvc/config"), "utf8"), /no_scm = True/);
  });
});
