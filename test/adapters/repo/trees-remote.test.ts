import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { layOut } from "../../../src/adapters/repo/trees.ts";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { digestOf } from "../../../src/core/artifacts/digest.ts";
import { NoRemoteSet } from "../../../src/core/artifacts/dvc-config.ts";
import { git, silent, temporaryFolder, temporaryRepository, write } from "../../artifacts/temporary.ts";
import { type GitServer, gitServer } from "./git-server.ts";

const PACE = { races: 1, outages: 1, first: 1, longest: 2, random: () => 0 };

/** A registry that has nothing, and keeps what it is asked by whom. */
interface Ear {
  readonly host: string;
  readonly heard: string[];
  close(): void;
}

async function listening(): Promise<Ear> {
  const heard: string[] = [];
  const server: Server = createServer((request, response) => {
    const { method, url, headers } = request;
    heard.push(`${method} ${url} ${headers.authorization ?? "nobody"}`);
    const known = headers.authorization !== undefined;
    response.writeHead(known ? 200 : 401, { "www-authenticate": 'Basic realm="x"' });
    response.end(known ? '{"tags":[]}' : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, heard, close: () => server.close() };
}

describe("the remote of a laid-out change", () => {
  let server: GitServer;
  let theirs: Ear;
  let evil: Ear;
  let work: string;

  before(async () => {
    [server, theirs, evil] = [await gitServer(), await listening(), await listening()];
  });
  beforeEach(() => {
    theirs.heard.length = 0;
    evil.heard.length = 0;
    work = temporaryRepository({ "README.md": "hello\n" });
  });
  after(async () => {
    theirs.close();
    evil.close();
    await server.close();
  });

  const commit = (files: Readonly<Record<string, string>>): string => {
    write(work, files);
    git(work, "add", "-A", "-f");
    git(work, "commit", "-q", "--allow-empty", "-m", "next");
    const id = git(work, "rev-parse", "HEAD").trim();
    git(work, "push", "-q", server.repository, `${id}:refs/heads/c-${id}`);
    return id;
  };
  const contract = (host: string): string =>
    `model: wages\nartifacts: { remote: "oci://${host}/acme/wages" }\n`;
  const laidOut = async (base: string, head: string) => {
    const into = temporaryFolder();
    const { notes } = await layOut(
      { into, trees: { head, base }, also: [], remotesOf: "base" },
      server.environment,
      { pace: PACE },
    );
    return { notes, head: join(into, "head"), base: join(into, "base") };
  };
  /** What the environment holds for the registry that the base names, and one of the attacker's. */
  const environment = () => ({
    TRAINYARD_REGISTRY: theirs.host,
    TRAINYARD_REGISTRY_USER: "train",
    TRAINYARD_REGISTRY_PASSWORD: "secret",
    HOME: temporaryFolder(),
  });

  it("is the base's, so that no change sends a token elsewhere", async () => {
    const base = commit({ "trainyard.yaml": contract(theirs.host) });
    const head = commit({
      "trainyard.yaml": contract(evil.host),
      "deep/trainyard.yaml": contract(evil.host),
      ".trainyard/trainyard-remote.json": `{"remote":{"value":"oci://${evil.host}/acme/wages"}}`,
    });
    const { notes, ...folders } = await laidOut(base, head);
    assert.match(notes.join("\n"), /artifacts\.remote is not as in base/);
    for (const folder of [folders.head, folders.base]) {
      const workspace = await openWorkspace(folder, silent(), environment());
      const remote = await workspace.remote();
      assert.equal(remote.url, `oci://${theirs.host}/acme/wages`);
      assert.equal(await remote.has(digestOf("x").md5), false);
      await remote.close();
    }
    const login = `Basic ${Buffer.from("train:secret").toString("base64")}`;
    assert.ok(theirs.heard.some((line) => line.endsWith(login)));
    assert.deepEqual(evil.heard, []);
  });

  it("is none where only the change names one", async () => {
    const base = commit({ "trainyard.yaml": "model: wages\n" });
    const head = commit({ "trainyard.yaml": contract(evil.host) });
    const { head: folder } = await laidOut(base, head);
    const workspace = await openWorkspace(folder, silent(), environment());
    await assert.rejects(workspace.remote(), NoRemoteSet);
    assert.deepEqual(evil.heard, []);
  });

  it("says that the base's contracts differ", async () => {
    const base = commit({ "trainyard.yaml": contract(theirs.host), "b/trainyard.yaml": contract("ghcr.io") });
    const { head: folder } = await laidOut(base, commit({ x: "1" }));
    const workspace = await openWorkspace(folder, silent(), environment());
    await assert.rejects(
      workspace.remote(),
      /trainyard\.yaml:2 artifacts\.remote is .*, and .* in b\/trainyard\.yaml/,
    );
  });

  it("gets no login in a plain checkout either, where it is not the host that the login is for", async () => {
    commit({ "trainyard.yaml": contract(evil.host) });
    const remote = await (await openWorkspace(work, silent(), environment())).remote();
    await assert.rejects(remote.has(digestOf("x").md5), /does not let anybody without a login read it/);
    await remote.close();
    assert.ok(evil.heard.length > 0);
    assert.ok(evil.heard.every((line) => line.endsWith(" nobody")));
  });
});
