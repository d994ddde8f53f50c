import { after, before, describe } from "node:test";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { openHttp } from "../../../src/adapters/remotes/buckets/http.ts";
import type { Bucket } from "../../../src/ports/bucket.ts";
import { bucketContract } from "../../contracts/bucket.ts";
import { remoteContract } from "../../contracts/remote.ts";
import { type Nginx, noNginx, startNginx } from "./servers/nginx.ts";
import { settingOf } from "./servers/setting.ts";
import { worksWithDvc } from "./with-dvc.ts";

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
});
