import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { openHttp } from "../../../src/adapters/remotes/buckets/http.ts";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { add } from "../../../src/artifacts/add.ts";
import { push } from "../../../src/artifacts/push.ts";
import type { Bucket } from "../../../src/ports/bucket.ts";
import { silent, temporaryFolder } from "../../artifacts/temporary.ts";
import { bucketContract, outgoing } from "../../contracts/bucket.ts";
import { remoteContract } from "../../contracts/remote.ts";
import { type Nginx, noNginx, startNginx } from "./servers/nginx.ts";
import { startProxy } from "./servers/proxy.ts";
import { settingOf } from "./servers/setting.ts";
import { cloneOf, dvcAside, noDvc, repository, worksWithDvc } from "./with-dvc.ts";

describe("a remote of nginx", { skip: noNginx }, () => {
  let nginx: Nginx;
  let count = 0;
  before(async () => {
    nginx = await startNginx();
  });
  after(() => nginx.stop());

  const opened = (place: string, options: Record<string, string> = {}): Promise<Bucket> =>
    openHttp(settingOf(place, { method: "PUT", ...options }), {}, "/");
  const fresh = (): Promise<Bucket> => opened(`http://${nginx.host}/put/http-${count++}`);

  bucketContract("http", fresh);
  remoteContract("http", async () => bucketRemote(await fresh()), false);
  bucketContract("https with a password", () =>
    opened(`https://${nginx.secure}/private/https-${count++}`, {
      auth: "basic",
      user: "ada",
      password: "l0ve:lace",
      ssl_verify: nginx.certificate,
    }),
  );

  worksWithDvc("HTTP with PUT and a password", async () => ({
    url: `https://${nginx.secure}/private/with-dvc-${count++}`,
    options: {
      auth: "basic",
      user: "ada",
      password: "l0ve:lace",
      method: "PUT",
      ssl_verify: nginx.certificate,
    },
    environment: {},
  }));

  it("is reached by the proxy that the environment names, with what .netrc says of its host, as by DVC", async () => {
    const proxy = await startProxy();
    try {
      const netrc = join(temporaryFolder(), "netrc");
      writeFileSync(
        netrc,
        "machine 127.0.0.1 login ada password l0ve:lace\nmachine other login eve password x\n",
      );
      const by = (who: string) => ({
        HTTPS_PROXY: `http://${who}@${proxy.host}`,
        http_proxy: `http://${who}@${proxy.host}`,
      });
      const environment = { ...by("bob:p%3Aw"), NETRC: netrc };
      const from = (url: string, more: Readonly<Record<string, string>>) =>
        openHttp(settingOf(url, { method: "PUT", ssl_verify: nginx.certificate }), more, "/");
      const [safe, plain] = [`https://${nginx.secure}/private`, `http://${nginx.host}/private`];
      for (const url of [safe, plain]) {
        const bucket = await from(`${url}/by-proxy-${count++}`, environment);
        await Promise.all(["a", "b", "c"].map((key) => bucket.write(key, outgoing(Buffer.from(key)))));
        assert.equal((await buffer(bucket.read("b"))).toString(), "b");
        await bucket.close();
        const last = proxy.asked.at(-1) ?? "";
        assert.equal(
          last.replace(/by-proxy.*/, ""),
          url === safe ? `CONNECT ${nginx.secure}` : `GET ${plain}/`,
        );
        assert.ok(
          !proxy.asked.some((one) => one.includes("CONNECT") && one.includes("private")),
          "it sees no path",
        );
      }

      const told = {
        url: `${safe}/dvc-${count++}`,
        options: { method: "PUT", ssl_verify: nginx.certificate },
        environment,
      };
      if (!noDvc) {
        const folder = repository(told, { "data/cps.csv": "42\n" });
        const workspace = await openWorkspace(folder, silent(), environment);
        await add(workspace, "data/cps.csv");
        await push(workspace);
        await workspace.close();
        const clone = cloneOf(folder);
        const before = proxy.asked.length;
        await dvcAside(environment, clone, "pull");
        assert.equal(readFileSync(join(clone, "data/cps.csv"), "utf8"), "42\n");
        assert.ok(proxy.asked.length > before, "DVC asked by the same proxy");
      }

      const count0 = proxy.asked.length;
      const past = await from(`${safe}/past`, { ...environment, NO_PROXY: "example.org,127.0.0.1" });
      assert.equal(await past.size("x"), undefined);
      assert.equal(proxy.asked.length, count0, "not by the proxy");
      for (const url of [safe, plain]) {
        const stranger = await from(`${url}/x`, { ...by("eve:wrong"), NETRC: netrc });
        await assert.rejects(
          stranger.size("x"),
          /does not know who asks; write its user and password into the variable/,
        );
      }
      const nobody = await from(`${safe}/x`, { NETRC: "/dev/null" });
      await assert.rejects(nobody.size("x"), /answers 401/);
    } finally {
      await proxy.stop();
    }
  });
});
