import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { artifactsRemote } from "../../src/core/artifacts/artifacts-remote.ts";
import { placed } from "../../src/stages/init/remote.ts";
import { git, silent, temporaryRepository, write } from "../artifacts/temporary.ts";

const bytes = new TextEncoder().encode("model: wages\ntask: regression\n");
const made = [
  { path: "trainyard.yaml", bytes },
  { path: "data/cps.csv", bytes },
];

/** What the contract that `init` writes says of its remote, and whether other files were left alone. */
async function remoteIn(folder: string): Promise<string | undefined> {
  const [contract, data] = await placed(made, await openWorkspace(folder, silent()));
  assert.equal(data?.bytes, bytes);
  const text = new TextDecoder().decode(contract?.bytes);
  assert.match(text, /^model: wages\ntask: regression\n/);
  return artifactsRemote(text, "trainyard.yaml")?.value;
}

describe("a contract that init writes", () => {
  it("keeps bytes in the repository's own packages", async () => {
    const folder = temporaryRepository();
    git(folder, "remote", "add", "origin", "git@github.com:Acme/Wages.git");
    assert.equal(await remoteIn(folder), "oci://ghcr.io/acme/wages");
  });

  it("says nothing where origin is elsewhere, or .dvc/config names a remote", async () => {
    const folder = temporaryRepository();
    assert.equal(await remoteIn(folder), undefined);
    git(folder, "remote", "add", "origin", "https://git.example.com/acme/wages");
    assert.equal(await remoteIn(folder), undefined);
    git(folder, "remote", "set-url", "origin", "https://github.com/acme/wages");
    write(folder, { ".dvc/config": "[core]\n    remote = s\n['remote \"s\"']\n    url = ../store\n" });
    assert.equal(await remoteIn(folder), undefined);
  });

  it("says what the other contracts say", async () => {
    const folder = temporaryRepository({
      "other/trainyard.yaml": "model: a\nartifacts: { remote: oci://ghcr.io/acme/data }\n",
    });
    git(folder, "remote", "add", "origin", "https://github.com/acme/wages");
    assert.equal(await remoteIn(folder), "oci://ghcr.io/acme/data");
  });
});
