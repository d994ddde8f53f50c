import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { remoteVariables } from "../../../../src/action/remote-variables.ts";
import { loginFor } from "../../../../src/adapters/remotes/oci/credentials.ts";
import { exchange } from "../../../../src/adapters/remotes/oci/exchange.ts";
import { deletePackageVersion } from "../../../../src/adapters/remotes/oci/packages.ts";
import type { Push } from "../../../../src/adapters/remotes/oci/pushes.ts";
import { registryAddress } from "../../../../src/core/artifacts/registry-address.ts";
import { withoutSecrets } from "../../../../src/core/training/environment.ts";
import { temporaryFolder, write } from "../../../artifacts/temporary.ts";

const HOME = temporaryFolder();
const workflow = {
  HOME,
  GITHUB_TOKEN: "ghs_secret",
  GITHUB_ACTOR: "octocat",
  GITHUB_REPOSITORY_OWNER: "Acme",
};
const who = (url: string, environment: Readonly<Record<string, string>>) =>
  loginFor(registryAddress(url), environment);

describe("who asks a registry", () => {
  it("is the workflow's token on ghcr.io, for the workflow's owner alone", () => {
    assert.deepEqual(who("oci://ghcr.io/acme/wages", workflow), { user: "octocat", password: "ghs_secret" });
    for (const url of [
      "oci://ghcr.io/evil/wages",
      "oci://ghcr.io/acme-evil/wages",
      "oci://evil.io/acme/wages",
      "oci://ghcr.io.evil.io/acme/wages",
      "oci://ghcr.io:444/acme/wages",
      "oci://127.0.0.1:5000/acme/wages",
    ]) {
      assert.equal(who(url, workflow), undefined, url);
    }
    const { GITHUB_REPOSITORY_OWNER: _, ...laptop } = workflow;
    assert.equal(who("oci://ghcr.io/acme/wages", laptop), undefined);
  });

  it("is what the environment says of that very host", () => {
    const environment = {
      HOME,
      TRAINYARD_REGISTRY: "quay.io",
      TRAINYARD_REGISTRY_USER: "u",
      TRAINYARD_REGISTRY_PASSWORD: "p",
    };
    assert.deepEqual(who("oci://quay.io/acme/wages", environment), { user: "u", password: "p" });
    for (const url of ["oci://evil.quay.io/a/b", "oci://quay.io:5000/a/b", "oci://ghcr.io/a/b"])
      assert.equal(who(url, environment), undefined, url);
  });

  it("is what docker login left for that very host", () => {
    const home = temporaryFolder();
    const auth = Buffer.from("u:p:q").toString("base64");
    write(home, {
      ".docker/config.json": JSON.stringify({ auths: { "quay.io": { auth }, "empty.io": {} } }),
    });
    assert.deepEqual(who("oci://quay.io/acme/wages", { HOME: home }), { user: "u", password: "p:q" });
    assert.equal(who("oci://empty.io/acme/wages", { HOME: home }), undefined);
    assert.equal(who("oci://evil.io/acme/wages", { HOME: home }), undefined);
    for (const text of ["{", "[]", "null", '{"auths":7}', '{"auths":{"quay.io":null}}']) {
      write(home, { ".docker/config.json": text });
      assert.equal(who("oci://quay.io/a/b", { HOME: home }), undefined);
    }
  });

  it("can be told to a workflow, and is not told to a training command", () => {
    const lines = "TRAINYARD_REGISTRY=quay.io\nTRAINYARD_REGISTRY_USER=u\nTRAINYARD_REGISTRY_PASSWORD=p";
    const told = remoteVariables(lines);
    assert.equal(told.TRAINYARD_REGISTRY_PASSWORD, "p");
    assert.throws(() => remoteVariables("TRAINYARD_KEEP_ENV=X"), /steers other/);
    assert.throws(() => remoteVariables("TRAINYARD_REGISTRY_X=X"), /steers other/);
    const kept = withoutSecrets({ ...told, TRAINYARD_KEEP_ENV: "TRAINYARD_REGISTRY_PASSWORD" });
    assert.equal(kept.TRAINYARD_REGISTRY_PASSWORD, undefined);
  });
});

describe("a push on ghcr.io", () => {
  const digest = "a".repeat(64);
  const push = { digest, tag: "t" } as Push;

  /** GitHub's API as far as it is documented: versions in pages, deletion by number. */
  async function packages(kind: "orgs" | "users", answer = 204) {
    const asked: string[] = [];
    const all = Array.from({ length: 150 }, (_, id) => ({ id, name: `sha256:${id === 130 ? digest : id}` }));
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      const url = new URL(request.url ?? "", "http://x");
      if (!url.pathname.startsWith(`/${kind}/acme/packages/container/wages%2Fdata/versions`)) {
        response.writeHead(404).end("{}");
      } else if (request.method === "DELETE") {
        response.writeHead(answer).end(answer === 204 ? undefined : '{"message":"no role"}');
      } else {
        const page = Number(url.searchParams.get("page"));
        response.end(JSON.stringify(all.slice((page - 1) * 100, page * 100)));
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connections = exchange();
    const login = { user: "octocat", password: "ghs_secret" };
    return {
      asked,
      delete: deletePackageVersion(registryAddress("oci://ghcr.io/acme/wages/data"), login, connections, api),
      close() {
        connections.close();
        server.close();
      },
    };
  }

  for (const kind of ["orgs", "users"] as const) {
    it(`is deleted as a version of a package of ${kind}`, async () => {
      const github = await packages(kind);
      await github.delete(push);
      assert.equal(
        github.asked.at(-1),
        `DELETE /${kind}/acme/packages/container/wages%2Fdata/versions/130 Bearer ghs_secret`,
      );
      github.close();
    });
  }

  it("may be gone already", async () => {
    const github = await packages("orgs");
    await github.delete({ ...push, digest: "b".repeat(64) } as Push);
    assert.ok(github.asked.every((line) => line.startsWith("GET ")));
    github.close();
  });

  it("stays where the token may not delete it, which is said", async () => {
    const github = await packages("orgs", 403);
    await assert.rejects(
      github.delete(push),
      /does not let .* delete a version \(403, "no role"\); the repository needs the role Admin/,
    );
    github.close();
  });
});
