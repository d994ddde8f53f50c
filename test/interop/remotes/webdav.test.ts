import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { openWebdav } from "../../../src/adapters/remotes/buckets/webdav.ts";
import type { Bucket } from "../../../src/ports/bucket.ts";
import { bucketContract } from "../../contracts/bucket.ts";
import { remoteContract } from "../../contracts/remote.ts";
import { sweepsDrafts } from "./drafts.ts";
import { type Nginx, noNginx, startNginx } from "./servers/nginx.ts";
import { settingOf } from "./servers/setting.ts";
import { worksWithDvc } from "./with-dvc.ts";

describe("a WebDAV remote of nginx", { skip: noNginx }, () => {
  let nginx: Nginx;
  let count = 0;
  before(async () => {
    nginx = await startNginx();
  });
  after(() => nginx.stop());

  const fresh = (): Promise<Bucket> =>
    openWebdav(settingOf(`webdav://${nginx.host}/dav/team/store-${count++}`), {}, "/");

  bucketContract("webdav", fresh);
  remoteContract("webdav", async () => bucketRemote(await fresh()));
  bucketContract("webdavs with a password", () => {
    const options = { user: "ada", password: "l0ve:lace", ssl_verify: nginx.certificate };
    return openWebdav(settingOf(`webdavs://${nginx.secure}/private/dav-${count++}`, options), {}, "/");
  });

  it("is swept of what killed pushes of ours left a day ago, and of nothing else", () =>
    sweepsDrafts(join(nginx.folder, "dav", "swept"), () =>
      openWebdav(settingOf(`webdav://${nginx.host}/dav/swept`), {}, "/"),
    ));

  worksWithDvc("WebDAV", async () => {
    const name = `with-dvc-${count++}`;
    mkdirSync(join(nginx.folder, "dav", name)); // DVC makes every folder but the first
    return { url: `webdav://${nginx.host}/dav/${name}`, options: {}, environment: {} };
  });
});
