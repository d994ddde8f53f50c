import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, it } from "node:test";
import ssh2, { type SFTPWrapper } from "ssh2";
import { openSsh } from "../../../../src/adapters/remotes/buckets/ssh.ts";
import { UserError } from "../../../../src/errors.ts";
import { type Bucket, Unreachable } from "../../../../src/ports/bucket.ts";
import { temporaryFolder, write } from "../../../artifacts/temporary.ts";
import { all, outgoing } from "../../../contracts/bucket.ts";
import { setting } from "../web/server.ts";

const { STATUS_CODE } = ssh2.utils.sftp;
const password = "l0ve:lace";
const hostKey = ssh2.utils.generateKeyPairSync("ed25519");

/** A server of SFTP that answers as a test says; it knows no extension, as an old one. */
async function withSftp(
  answer: (sftp: SFTPWrapper) => void,
  work: (bucket: Bucket) => Promise<void>,
): Promise<void> {
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    client.on("authentication", (context) =>
      context.method === "password" && context.password === password
        ? context.accept()
        : context.reject(["password"]),
    );
    client.on("session", (accept) =>
      accept().on("sftp", (acceptSftp) => answer(acceptSftp() as SFTPWrapper)),
    );
    client.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const home = temporaryFolder();
  write(home, { ".ssh/known_hosts": `[127.0.0.1]:${port} ${hostKey.public}\n` });
  const url = `ssh://ada@127.0.0.1:${port}/store`;
  const bucket = await openSsh(setting(url, { password, max_sessions: "1" }), { HOME: home }, "/");
  try {
    await work(bucket);
  } finally {
    await bucket.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const folder = { mode: 0o40755, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };
const file = { ...folder, mode: 0o100644, size: 20 };

function userError(expected: RegExp) {
  return (error: Error): boolean => {
    assert.ok(error instanceof UserError && !(error instanceof Unreachable), String(error.stack));
    assert.match(error.message, expected);
    assert.ok(!error.message.includes(password));
    return true;
  };
}

/** A server whose every folder lists the same. */
function listing(names: readonly string[], attrs: typeof file, endless = false) {
  return (sftp: SFTPWrapper): void => {
    let asked = 0;
    sftp.on("OPENDIR", (id: number) => {
      asked = 0;
      sftp.handle(id, Buffer.from("h"));
    });
    sftp.on("READDIR", (id: number) => {
      if (asked++ > 0 && !endless) sftp.status(id, STATUS_CODE.EOF);
      else
        sftp.name(
          id,
          names.map((filename) => ({ filename, longname: filename, attrs: attrs as never })),
        );
    });
    sftp.on("CLOSE", (id: number) => sftp.status(id, STATUS_CODE.OK));
  };
}

describe("a hostile SFTP server", () => {
  it("lists no names of elsewhere", async () => {
    for (const name of ["../x", "/etc/passwd", "a\0b", "a\\b", ""])
      await withSftp(listing([".", "..", "good", name], file), (bucket) =>
        assert.rejects(all(bucket.list("")), userError(/lists ".*", which is no name of a file/)),
      );
  });

  it("lists no folders in folders forever", () =>
    withSftp(listing(["a"], folder), (bucket) =>
      assert.rejects(all(bucket.list("")), userError(/folders lie in folders without an end/)),
    ));

  it("leaves out links, and what is neither file nor folder", () =>
    withSftp(listing(["link"], { ...file, mode: 0o120777 }), async (bucket) =>
      assert.deepEqual(await all(bucket.list("")), []),
    ));

  it("says no in words", () =>
    withSftp(
      (sftp) => {
        sftp.on("MKDIR", (id: number) => sftp.status(id, STATUS_CODE.OK));
        sftp.on("OPEN", (id: number, path: string) =>
          path.endsWith("denied")
            ? sftp.status(id, STATUS_CODE.PERMISSION_DENIED)
            : sftp.handle(id, Buffer.from("h")),
        );
        sftp.on("FSTAT", (id: number) => sftp.attrs(id, { ...file, size: 3 } as never));
        sftp.on("READ", (id: number) => sftp.status(id, STATUS_CODE.EOF));
        sftp.on("WRITE", (id: number) => sftp.status(id, STATUS_CODE.FAILURE));
        sftp.on("CLOSE", (id: number) => sftp.status(id, STATUS_CODE.OK));
        sftp.on("REMOVE", (id: number) => sftp.status(id, STATUS_CODE.OK));
      },
      async (bucket) => {
        await assert.rejects(
          buffer(bucket.read("denied")),
          userError(/does not let you read denied: permission/),
        );
        await assert.rejects(
          bucket.write("a", outgoing(Buffer.from("x"))),
          userError(/cannot write a: no space is left/),
        );
        assert.equal((await buffer(bucket.read("short"))).length, 0);
      },
    ));

  it("may be an old one that moves over nothing", async () => {
    const did: string[] = [];
    await withSftp(
      (sftp) => {
        const ok = (id: number): void => sftp.status(id, STATUS_CODE.OK);
        sftp.on("MKDIR", ok).on("WRITE", ok).on("CLOSE", ok);
        sftp.on("OPEN", (id: number) => sftp.handle(id, Buffer.from("h")));
        sftp.on("REMOVE", (id: number, path: string) => {
          did.push(`remove ${path}`);
          sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
        });
        sftp.on("RENAME", (id: number, from: string, to: string) => {
          did.push(`${from.replace(/trainyard-[0-9a-f]{24}/, "DRAFT")} to ${to}`);
          ok(id);
        });
      },
      (bucket) => bucket.write("a", outgoing(Buffer.from("x"))),
    );
    assert.deepEqual(did, ["remove /store/a", "/store/tmp/DRAFT to /store/a"]);
  });

  it("that goes away in the middle can be asked again", () =>
    withSftp(
      (sftp) => sftp.on("STAT", () => sftp.end()),
      (bucket) => assert.rejects(bucket.size("a"), (error: unknown) => error instanceof Unreachable),
    ));
});
