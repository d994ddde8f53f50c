import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { exchange } from "../../../src/adapters/remotes/oci/exchange.ts";
import { SIZES } from "../../../src/adapters/remotes/oci/packing.ts";
import { registryOf } from "../../../src/adapters/remotes/oci/registry.ts";
import { registryRemote, remoteIn } from "../../../src/adapters/remotes/oci/remote.ts";
import { openSession } from "../../../src/adapters/remotes/oci/session.ts";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { pull } from "../../../src/artifacts/pull.ts";
import { push } from "../../../src/artifacts/push.ts";
import { digestOf, type ObjectName, type Sha256 } from "../../../src/core/artifacts/digest.ts";
import { registryAddress } from "../../../src/core/artifacts/registry-address.ts";
import type { Remote, Sending } from "../../../src/ports/remote.ts";
import { program } from "../../artifacts/program.ts";
import { git, silent, temporaryFolder, temporaryRepository, write } from "../../artifacts/temporary.ts";
import { all, outgoing } from "../../contracts/bucket.ts";
import { remoteContract, sendingOf } from "../../contracts/remote.ts";
import { openRepository } from "../../journeys/repository.ts";
import { until } from "./servers/programs.ts";
import { LOGIN, type Registry, startRegistry, withoutRegistry } from "./servers/registry.ts";

const COMMAND = new URL("../../artifacts/command.ts", import.meta.url);

describe("a remote in Debian's registry", { skip: withoutRegistry() }, () => {
  let open: Registry;
  let locked: Registry;
  let count = 0;

  before(async () => {
    [open, locked] = await Promise.all([startRegistry(), startRegistry({ login: true })]);
  });
  after(async () => {
    await Promise.all([open.close(), locked.close()]);
  });

  const address = (): string => `oci://${open.host}/acme/wages-${count++}`;
  const remoteAt = (url: string, folder?: string): Remote => registryRemote(registryAddress(url), {}, folder);

  remoteContract("a registry", async () => remoteAt(address(), temporaryFolder()));
  remoteContract("a registry with a login", async () =>
    registryRemote(registryAddress(`oci://${locked.host}/acme/wages-${count++}`), {
      TRAINYARD_REGISTRY: locked.host,
      TRAINYARD_REGISTRY_USER: LOGIN.user,
      TRAINYARD_REGISTRY_PASSWORD: LOGIN.password,
    }),
  );

  /** What all indexes of a repository list, read by nothing of ours: by curl's means. */
  async function listed(url: string): Promise<string[]> {
    const { origin, name } = registryAddress(url);
    const { tags } = (await (await fetch(`${origin}/v2/${name}/tags/list`)).json()) as {
      tags: string[] | null;
    };
    const lines: string[] = [];
    for (const tag of tags ?? []) {
      const answer = await fetch(`${origin}/v2/${name}/manifests/${tag}`, {
        headers: { accept: "application/vnd.oci.image.manifest.v1+json" },
      });
      const { layers } = (await answer.json()) as { layers: { digest: string }[] };
      const index = await (await fetch(`${origin}/v2/${name}/blobs/${layers[0]?.digest}`)).text();
      lines.push(...index.trimEnd().split("\n").slice(1));
    }
    return lines;
  }

  const repositoryWith = (url: string, files: Readonly<Record<string, string | Uint8Array>>): string => {
    const folder = temporaryRepository({ "trainyard.yaml": `model: wages\nartifacts:\n  remote: ${url}\n` });
    write(folder, files);
    return folder;
  };
  const cloneOf = (folder: string): string => {
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "versions");
    const clone = join(temporaryFolder(), "clone");
    git(folder, "clone", "-q", folder, clone);
    return clone;
  };

  it("is all that add, push, clone and pull need", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [
        `data/many/${index % 10}/${index}.txt`,
        `${index}\n`.repeat(9),
      ]),
    );
    const folder = repositoryWith(address(), {
      ...many,
      "data/large.bin": Buffer.alloc(40 << 20, "0123456789abc"),
      "data/empty.csv": "",
    });
    const workspace = await openWorkspace(folder, silent());
    for (const path of ["data/many", "data/large.bin", "data/empty.csv"]) await add(workspace, path);
    const pushed = await push(workspace);
    assert.equal(pushed.missing.length, 0);
    assert.equal((await push(workspace)).objects, 0, "a second push sends nothing");
    assert.ok(existsSync(join(folder, ".trainyard/registry")), "what is known is kept for the next time");

    const clone = cloneOf(folder);
    const pulled = await pull(await openWorkspace(clone, silent()));
    assert.deepEqual(pulled.missing, []);
    for (const path of [...Object.keys(many), "data/empty.csv"]) {
      assert.equal(readFileSync(join(clone, path), "utf8"), readFileSync(join(folder, path), "utf8"));
    }
    assert.equal(
      createHash("md5")
        .update(readFileSync(join(clone, "data/large.bin")))
        .digest("hex"),
      digestOf(readFileSync(join(folder, "data/large.bin"))).md5,
    );
    assert.equal(git(clone, "status", "--short"), "");
  });

  it("loses nothing of two pushes at once", async () => {
    const url = address();
    const one = repositoryWith(url, { "a.bin": Buffer.alloc(3 << 20, "a"), "both.txt": "both" });
    const two = repositoryWith(url, { "b.bin": Buffer.alloc(3 << 20, "b"), "both.txt": "both" });
    const workspaces = await Promise.all([one, two].map((folder) => openWorkspace(folder, silent())));
    const names: ObjectName[] = [];
    for (const [index, workspace] of workspaces.entries()) {
      names.push((await add(workspace, index === 0 ? "a.bin" : "b.bin")).md5);
      names.push((await add(workspace, "both.txt")).md5);
    }
    await Promise.all(workspaces.map((workspace) => push(workspace)));
    const remote = remoteAt(url);
    assert.deepEqual(await remote.present(names), new Set(names));
    await assertSound(remote);
    await remote.close();
  });

  it("loses and doubles nothing of pushes that are killed at any moment", async () => {
    const url = address();
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`d/${index}.bin`, `${index} `.repeat(400_000)]),
    );
    const folder = repositoryWith(url, files);
    const workspace = await openWorkspace(folder, silent());
    const { md5 } = await add(workspace, "d");
    const command = program(COMMAND);
    const remote = remoteAt(url);
    for (let tries = 0; tries < 8; tries++) {
      const child = spawn(process.execPath, [command, folder, "push"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise((resolve) => child.once("close", resolve));
      await new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
      await setTimeout(Math.random() * 400);
      child.kill("SIGKILL");
      await ended;
      const there = await all(remote.list());
      // Two parts, each there as a whole or not: the files, and then the directory, which relies on them.
      const without = there.length === 40 && there.every(({ name }) => name !== md5);
      assert.ok(there.length === 0 || without || there.length === 41, `${there.length} of 41 objects`);
      if (there.length > 0) break;
    }
    await push(workspace);
    assert.equal(await remote.has(md5), true);
    await assertSound(remote);
    const lines = await listed(url);
    assert.equal(lines.length, 41);
    assert.equal(new Set(lines.map((line) => line.split(" ")[0])).size, 41);
    await remote.close();
  });

  it("cuts large objects, and one push into several, and reads them back", async () => {
    const url = address();
    const connections = exchange();
    const to = registryAddress(url);
    const sizes = { pack: 1 << 20, part: 1 << 20, bytes: 4 << 20, objects: 100, pushes: 100 };
    const registry = registryOf(to, openSession(to, undefined, connections), connections);
    const small = remoteIn(registry, async () => {}, connections, {}, undefined, sizes);
    const large = Buffer.alloc(5 * (1 << 20) + 7, "0123456789abcdefg");
    const sendings: Sending[] = [
      sendingOf(large),
      ...Array.from({ length: 250 }, (_, index) => sendingOf(Buffer.from(`${index}`.repeat(9)))),
    ];
    await small.send(sendings);
    assert.ok(large.equals(await buffer(small.read(digestOf(large).md5))));
    const at = (3 << 20) - 3;
    assert.ok(large.subarray(at).equals(await buffer(small.read(digestOf(large).md5, at))));
    await small.close();

    const other = remoteAt(url);
    const taken = new Map<ObjectName, Buffer>();
    await other.receive(
      sendings.map(({ name }) => name),
      async (name, read) => void taken.set(name, await buffer(read())),
    );
    for (const { name } of sendings) assert.equal(digestOf(taken.get(name) as Buffer).md5, name);
    assert.equal((await listed(url)).length, 251);
    const { tags } = (await (await fetch(`${to.origin}/v2/${to.name}/tags/list`)).json()) as {
      tags: string[];
    };
    assert.ok(tags.length >= 4, `${tags.length} pushes`);
    await other.close();
  });

  it("keeps what is wanted of a push of which the rest is removed", async () => {
    const url = address();
    const remote = remoteAt(url);
    const sendings = Array.from({ length: 30 }, (_, index) =>
      sendingOf(Buffer.from(`${index}\n`.repeat(2000))),
    );
    const large = sendingOf(Buffer.alloc(9 << 20, "xyz"));
    const gone = sendingOf(Buffer.alloc(9 << 20, "uvw"));
    await remote.send([...sendings, large, gone]);
    await remote.send([sendingOf(Buffer.from("another push"))]);
    const reader = remoteAt(url);
    assert.equal(await reader.has(large.name), true); // it knows the push that is about to go

    await remote.remove([gone.name, ...sendings.slice(0, 25).map(({ name }) => name)]);
    const kept = [...sendings.slice(25), large];
    for (const one of [remote, reader]) {
      for (const { name } of kept) assert.equal(digestOf(await buffer(one.read(name))).md5, name);
    }
    const there = (await all(remote.list())).map(({ name }) => name);
    assert.deepEqual(there.sort(), [...kept.map(({ name }) => name), digestOf("another push").md5].sort());
    assert.equal((await listed(url)).length, 7, "nothing is there twice");

    await remote.remove(there);
    assert.deepEqual(await all(reader.list()), []);
    await Promise.all([remote.close(), reader.close()]);
  });

  it("makes few pushes of many when it collects, and moves no byte for that", async () => {
    const url = address();
    const to = registryAddress(url);
    const connections = exchange();
    const registry = registryOf(to, openSession(to, undefined, connections), connections);
    const drop = async ({ digest }: { readonly digest: Sha256 }): Promise<void> =>
      assert.ok(await registry.deleteManifest(digest));
    const remote = remoteIn(registry, drop, connections, {}, undefined, { ...SIZES, pushes: 5, objects: 8 });
    const sendings = Array.from({ length: 12 }, (_, index) => sendingOf(Buffer.from(`push ${index}`)));
    for (const sending of sendings) await remote.send([sending]);
    const reader = remoteAt(url);
    assert.equal(await reader.has(sendings[3]?.name as ObjectName), true);
    await remote.remove([sendings[0]?.name as ObjectName]);
    const { tags } = (await (await fetch(`${to.origin}/v2/${to.name}/tags/list`)).json()) as {
      tags: string[];
    };
    assert.equal(tags.length, 2);
    assert.equal((await listed(url)).length, 11);
    for (const { name } of sendings.slice(1))
      assert.equal(digestOf(await buffer(reader.read(name))).md5, name);
    await Promise.all([remote.close(), reader.close()]);
  });

  it("sends again what a collection took between the question and the push", async () => {
    const url = address();
    const [first, second] = [remoteAt(url), remoteAt(url)];
    const shared = sendingOf(Buffer.from("shared"));
    await first.send([shared]);
    const late: Sending = {
      name: digestOf("late").md5,
      object: {
        size: 4,
        async *bytes() {
          await second.remove([shared.name]); // while the push is under way
          yield Buffer.from("late");
        },
      },
    };
    await first.send([shared, late]);
    assert.deepEqual(
      await remoteAt(url).present([shared.name, late.name]),
      new Set([shared.name, late.name]),
    );
    await Promise.all([first.close(), second.close()]);
  });

  it("goes on behind what an interrupted push has left, without sending it again", async () => {
    const url = address();
    const large = Buffer.alloc(9 << 20, "resume");
    const broken: Sending = {
      name: digestOf("broken").md5,
      object: {
        size: 9 << 20,
        async *bytes() {
          const { origin, name } = registryAddress(url);
          const blob = `${origin}/v2/${name}/blobs/sha256:${digestOf(large).sha256}`;
          await until("the other object", async () => (await fetch(blob, { method: "HEAD" })).status === 200);
          yield Buffer.alloc(1);
          throw new Error("the disk is gone");
        },
      },
    };
    const remote = remoteAt(url);
    await assert.rejects(remote.send([sendingOf(large), broken]), /the disk is gone/);
    assert.deepEqual(await all(remote.list()), []);
    let reads = 0;
    await remote.send([
      {
        name: digestOf(large).md5,
        object: {
          ...outgoing(large),
          bytes(from, to) {
            reads++;
            return outgoing(large).bytes(from, to);
          },
        },
      },
    ]);
    assert.equal(reads, 1, "hashed, and not sent");
    assert.equal(await remote.has(digestOf(large).md5), true);
    await remote.close();
  });

  it("gives a model to a clone that runs what was run elsewhere", async (context) => {
    const repository = openRepository(context, "wages");
    repository.write(
      "trainyard.yaml",
      `${repository.read("trainyard.yaml")}artifacts: { remote: "${address()}" }\n`,
    );
    const run = repository.trainyard("run", "--json");
    assert.equal(run.status, 0, run.stderr);
    assert.equal(repository.trainyard("push").status, 0);
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message", "A model");

    const clone = openRepository(context);
    clone.git("pull", "--quiet", repository.folder, "main");
    const again = clone.trainyard("run", "--json");
    assert.equal(again.status, 0, again.stderr);
    const { contracts } = JSON.parse(again.stdout) as {
      contracts: { stages: { stage: string; outcome: string }[] }[];
    };
    const outcomes = contracts[0]?.stages.map(({ stage, outcome }) => `${stage} ${outcome}`) ?? [];
    assert.ok(!outcomes.includes("train performed"), outcomes.join(", "));
    assert.ok(existsSync(join(clone.folder, "models/wages/model.json")));
  });
});

/** Every object has the bytes that its name promises. */
async function assertSound(remote: Remote): Promise<void> {
  for await (const { name, size } of remote.list()) {
    const bytes = await buffer(remote.read(name));
    assert.equal(bytes.length, size);
    assert.equal(digestOf(bytes).md5, name.slice(0, 32));
  }
}
