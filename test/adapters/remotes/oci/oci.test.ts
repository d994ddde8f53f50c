import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, it } from "node:test";
import { registryRemote } from "../../../../src/adapters/remotes/oci/remote.ts";
import { digestOf } from "../../../../src/core/artifacts/digest.ts";
import { registryAddress } from "../../../../src/core/artifacts/registry-address.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../../../../src/ports/remote.ts";
import { temporaryFolder } from "../../../artifacts/temporary.ts";
import { remoteContract, sendingOf } from "../../../contracts/remote.ts";
import { digestIn, type Interfere, type StandIn, standIn } from "./stand-in.ts";

const NAME = "acme/wages";
const object = Buffer.from("age,income\n42,50000\n");
const { md5 } = digestOf(object);
const basic = `Basic ${Buffer.from("train:secret").toString("base64")}`;

let registry: StandIn;
let other: StandIn;
let remotes: Remote[] = [];
beforeEach(async () => {
  [registry, other] = [await standIn(), await standIn()];
});
afterEach(async () => {
  await Promise.all(remotes.map((remote) => remote.close()));
  remotes = [];
  await Promise.all([registry.close(), other.close()]);
});

/** The remote of a process that knows the login of the registry, and nothing of it yet. */
function open(folder?: string): Remote {
  const remote = registryRemote(
    registryAddress(`oci://${registry.host}/${NAME}`),
    {
      TRAINYARD_REGISTRY: registry.host,
      TRAINYARD_REGISTRY_USER: "train",
      TRAINYARD_REGISTRY_PASSWORD: "secret",
    },
    folder,
  );
  remotes.push(remote);
  return remote;
}

/** Has the registry ask for a login, given in this way. */
const locked =
  (challenge: string, due: string): Interfere =>
  ({ headers, url }, response) => {
    if (url?.startsWith("/token") || headers.authorization === due) return false;
    response.writeHead(401, { "www-authenticate": challenge });
    response.end();
    return true;
  };

/** Answers one kind of question with a text, and leaves the others to the registry. */
const saying =
  (pattern: RegExp, text: string | Buffer, status = 200, headers: Record<string, string> = {}): Interfere =>
  ({ method, url }, response) => {
    if (!pattern.test(`${method} ${url}`)) return false;
    response.writeHead(status, headers);
    response.end(text);
    return true;
  };

describe("objects in a registry", () => {
  remoteContract("a registry in memory", async () => {
    registry.tags.clear();
    return open();
  });

  it("are found again by asking for new tags alone", async () => {
    const folder = temporaryFolder();
    await open(folder).send([sendingOf(object)]);
    registry.asked.length = 0;
    assert.equal(await open(folder).has(md5), true);
    assert.deepEqual(
      registry.asked.map((line) => line.split(" ").slice(0, 2).join(" ")),
      [`GET /v2/${NAME}/tags/list?n=1000`],
    );
  });

  it("are read by range, and where a server knows none, too", async () => {
    const remote = open();
    const many = Array.from({ length: 50 }, (_, index) => sendingOf(Buffer.from(`${index}\n`.repeat(1000))));
    await remote.send(many);
    const wanted = many[17]?.name ?? md5;
    const ranges: (string | undefined)[] = [];
    registry.interfere = ({ url, headers }) => {
      if (url?.includes("/blobs/")) ranges.push(headers.range);
      return false;
    };
    await remote.receive([wanted], async (name, read) => {
      assert.equal(digestOf(await buffer(read())).md5, name);
    });
    assert.equal(ranges.length, 1);
    assert.match(ranges[0] ?? "", /^bytes=[1-9]\d*-\d+$/);
    registry.interfere = (request) => {
      delete request.headers.range;
      return false;
    };
    assert.equal(digestOf(await buffer(remote.read(wanted))).md5, wanted);
  });

  it("are asked for again where a server is busy, or breaks off", async () => {
    const remote = open();
    const large = Buffer.alloc(300_000, "0123456789");
    await remote.send([sendingOf(large)]);
    let failures = 0;
    registry.interfere = ({ url, method }, response) => {
      if (method !== "GET" || !url?.includes("/blobs/") || failures === 3) return false;
      failures++;
      if (failures === 1) {
        response.writeHead(503, { "retry-after": "0" });
        response.end();
      } else {
        response.writeHead(206, {
          "content-range": `bytes ${(failures - 2) * 70_000}-299999/300000`,
          "content-length": "230000",
        });
        response.write(large.subarray((failures - 2) * 70_000, (failures - 1) * 70_000), () =>
          response.destroy(),
        );
      }
      return true;
    };
    assert.ok(large.equals(await buffer(remote.read(digestOf(large).md5))));
    assert.equal(failures, 3);
  });

  it("are given back where the registry has lost the bytes of another", async () => {
    const others = ["lost", "kept", "kept, too"].map((text) => Buffer.from(text));
    for (const bytes of others) await open().send([sendingOf(bytes)]);
    assert.ok(registry.blobs.delete(digestIn(Buffer.from("lost"))));
    const became = new Map<string, string>();
    await open().receive(
      others.map((bytes) => digestOf(bytes).md5),
      async (name, read) => {
        const told = buffer(read()).then(String, (error: unknown) => {
          if (error instanceof ObjectMissing && error.object === name) return "missing";
          throw error;
        });
        became.set(name, await told);
      },
    );
    const expected = others.map((bytes) => [digestOf(bytes).md5, bytes.toString()] as const);
    assert.deepEqual(became, new Map<string, string>([...expected, [digestOf("lost").md5, "missing"]]));
  });

  it("are sent whole a second time where the registry has collected a layer", async () => {
    const remote = open();
    let refused = 0;
    registry.interfere = ({ method, url }, response) => {
      if (method !== "PUT" || !url?.includes("/manifests/") || refused > 0) return false;
      refused++;
      registry.blobs.clear();
      response.writeHead(404);
      response.end('{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}');
      return true;
    };
    await remote.send([sendingOf(object)]);
    assert.deepEqual(await buffer(open().read(md5)), object);
  });
});

describe("a login of a registry", () => {
  it("is given as Basic, and as a token that its issuer gives for it", async () => {
    registry.interfere = locked('Basic realm="x"', basic);
    await open().send([sendingOf(object)]);
    const token: Interfere = ({ url, headers }, response) => {
      if (!url?.startsWith("/token")) return false;
      assert.equal(headers.authorization, basic);
      const { searchParams } = new URL(url, "http://x");
      assert.equal(searchParams.get("service"), "here");
      assert.match(searchParams.get("scope") ?? "", /^repository:acme\/wages:(pull|pull,push)$/);
      response.end('{"token":"short-lived"}');
      return true;
    };
    const guard = locked(`Bearer realm="http://${registry.host}/token",service="here"`, "Bearer short-lived");
    registry.interfere = (...asked) => token(...asked) || guard(...asked);
    const remote = open();
    assert.equal(await remote.has(md5), true);
    await remote.send([sendingOf(Buffer.from("more"))]);
  });

  it("goes to no issuer elsewhere", async () => {
    registry.interfere = locked(`Bearer realm="http://${other.host}/token",service="x"`, "never");
    await assert.rejects(
      open().has(md5),
      /sends for tokens to .*, which is not 127\.0\.0\.1.*nothing was sent there/,
    );
    assert.deepEqual(other.asked, []);
  });

  it("goes nowhere with a redirect: blobs are fetched from there by nobody", async () => {
    registry.interfere = locked('Basic realm="x"', basic);
    const remote = open();
    await remote.send([sendingOf(object)]);
    for (const [digest, bytes] of registry.blobs) other.blobs.set(digest, bytes);
    const guard = registry.interfere;
    registry.interfere = (...asked) => {
      if (guard(...asked)) return true;
      const [{ method, url }, response] = asked;
      if (method !== "GET" || !url?.includes("/blobs/")) return false;
      response.writeHead(307, { location: `https://${other.host}${url}` });
      response.end();
      return true;
    };
    // Over TLS, which the other does not speak: what matters is that it is asked, and not in our name.
    await assert.rejects(buffer(remote.read(md5)), /cannot be reached/);
    registry.interfere = (...asked) => {
      const [{ method, url, headers }, response] = asked;
      if (method !== "GET" || !url?.includes("/blobs/")) return guard(...asked);
      if (url.includes("moved")) {
        assert.equal(headers.authorization, undefined);
        return false;
      }
      if (guard(...asked)) return true;
      response.writeHead(302, { location: `${url}?moved=1` });
      response.end();
      return true;
    };
    assert.deepEqual(await buffer(remote.read(md5)), object);
  });

  it("goes to no upload, no page of tags and no plain address elsewhere", async () => {
    registry.interfere = saying(/^POST/, "", 202, {
      location: `http://${other.host}/v2/${NAME}/blobs/uploads/1`,
    });
    await assert.rejects(open().send([sendingOf(object)]), /gets no login of ours/);
    registry.interfere = saying(/tags/, '{"tags":["a"]}', 200, {
      link: `<http://${other.host}/v2/x>; rel="next"`,
    });
    await assert.rejects(open().has(md5), /continues its list of tags at/);
    registry.interfere = () => false;
    const remote = open();
    await remote.send([sendingOf(object)]);
    registry.interfere = saying(/^GET.*blobs/, "", 307, { location: `http://${other.host}/x` });
    await assert.rejects(buffer(remote.read(md5)), /which is not safe to ask/);
    assert.deepEqual(other.asked, []);
  });
});

describe("a registry that lies", () => {
  /** A push as an attacker writes it. */
  const plant = (
    index: string,
    layers: readonly { digest: string; size: number }[],
    change: Readonly<Record<string, unknown>> = {},
  ): void => {
    const bytes = Buffer.from(index);
    registry.blobs.set(digestIn(bytes), bytes);
    const manifest = {
      schemaVersion: 2,
      artifactType: "application/vnd.trainyard.objects.v1",
      layers: [
        {
          mediaType: "application/vnd.trainyard.objects.index.v1+text",
          digest: digestIn(bytes),
          size: bytes.length,
        },
        ...layers,
      ],
    };
    const text = Buffer.from(JSON.stringify({ ...manifest, ...change }));
    registry.manifests.set(digestIn(text), text);
    registry.tags.set(`push-20261121T120000Z-${digestIn(text).slice(7)}`, digestIn(text));
  };
  const layer = { digest: digestIn(object), size: object.length };
  const { sha256 } = digestOf(object);
  const head = "trainyard-objects 1\n";
  beforeEach(() => {
    registry.blobs.set(digestIn(object), object);
  });

  it("is believed where it tells the truth", async () => {
    plant(`${head}${md5} ${sha256} ${object.length} 0 0\n`, [layer]);
    assert.deepEqual(await buffer(open().read(md5)), object);
  });

  for (const [what, line] of [
    ["a name that is a path", `../../etc/passwd ${sha256} 3 0 0`],
    ["a name in upper case", `${md5.toUpperCase()} ${sha256} 3 0 0`],
    ["no sha256", `${md5} ../x 3 0 0`],
    ["bytes that no layer has", `${md5} ${sha256} ${object.length + 1} 0 0`],
    ["an offset behind the end", `${md5} ${sha256} 1 0 ${object.length}`],
    ["a layer that is not there", `${md5} ${sha256} 1 7 0`],
    ["a negative size", `${md5} ${sha256} -1 0 0`],
    ["a size that is no number", `${md5} ${sha256} 1e3 0 0`],
    ["a size beyond all", `${md5} ${sha256} 9999999999999999 0 0`],
    ["a word too much", `${md5} ${sha256} 1 0 0 0`],
    ["an endless line", "x".repeat(1000)],
  ] as const) {
    it(`is refused with an index of ${what}`, async () => {
      plant(`${head}${line}\n`, [layer]);
      await assert.rejects(
        open().has(md5),
        /line 2 of the index of .* (is none|names bytes|does not end).*; delete that push/,
      );
    });
  }

  it("is refused with manifests that are none", async () => {
    for (const layers of [[], [{ digest: "sha256:../x", size: 1 }], "many"]) {
      registry.tags.clear();
      plant(head, [layer], { layers });
      await assert.rejects(open().has(md5), /is no push of Trainyard's, although it says so/);
    }
    registry.tags.clear();
    plant(head, [{ ...layer, size: -4 }]);
    await assert.rejects(open().has(md5), /is no push/);
  });

  it("is passed by where a tag names something else", async () => {
    plant(head, [layer], { artifactType: "application/vnd.other" });
    registry.tags.set("latest", [...registry.manifests.keys()][0] ?? "");
    assert.equal(await open().has(md5), false);
  });

  it("is caught with other bytes, fewer bytes, another index and another manifest", async () => {
    plant(`${head}${md5} ${sha256} ${object.length} 0 0\n`, [layer]);
    registry.blobs.set(digestIn(object), Buffer.from("AGE,INCOME\n42,50000\n"));
    await assert.rejects(buffer(open().read(md5)), ObjectDamaged);
    registry.blobs.delete(digestIn(object));
    await assert.rejects(buffer(open().read(md5)), ObjectMissing);
    const [manifest = ""] = registry.manifests.keys();
    const bytes = registry.manifests.get(manifest) ?? Buffer.alloc(0);
    registry.interfere = saying(/blobs/, "trainyard-objects 1\nx", 206, { "content-range": "bytes 0-20/21" });
    await assert.rejects(open().has(md5), /another index|ended/);
    registry.interfere = saying(
      /manifests/,
      bytes.toString().replace('"schemaVersion":2', '"schemaVersion":3'),
    );
    await assert.rejects(open().has(md5), /another manifest than/);
  });

  it("cannot fill the memory, nor list for ever", async () => {
    registry.interfere = saying(/tags/, `{"tags":["${"x".repeat(5 << 20)}"]}`);
    await assert.rejects(open().has(md5), /sends more than \d+ bytes/);
    registry.interfere = ({ url }, response) => {
      if (!url?.includes("/tags/")) return false;
      response.writeHead(200, { link: `<${url}>; rel="next"` });
      response.end('{"tags":["a","b"]}');
      return true;
    };
    await assert.rejects(open().has(md5), /lists tags without end/);
    registry.interfere = () => false;
    plant(head, [layer], { filler: "x".repeat(5 << 20) });
    await assert.rejects(open().has(md5), /sends more than/);
    registry.tags.clear();
    const index = { mediaType: "application/vnd.trainyard.objects.index.v1+text", digest: layer.digest };
    plant(head, [], { layers: [{ ...index, size: 2 ** 40 }] });
    await assert.rejects(open().has(md5), /is no push/);
  });

  it("is not believed with a page for people", async () => {
    registry.interfere = saying(/tags/, "<html>please log in</html>");
    await assert.rejects(open().has(md5), /no list of tags, but with "<html>/);
  });
});
