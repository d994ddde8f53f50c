import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { bucketRemote } from "../../../src/adapters/remotes/bucket-remote.ts";
import { openSsh } from "../../../src/adapters/remotes/buckets/ssh.ts";
import { UserError } from "../../../src/errors.ts";
import { type Bucket, Unreachable } from "../../../src/ports/bucket.ts";
import { git, temporaryFolder, temporaryRepository, write } from "../../artifacts/temporary.ts";
import { bucketContract, outgoing } from "../../contracts/bucket.ts";
import { remoteContract, sendingOf } from "../../contracts/remote.ts";
import { sweepsDrafts } from "./drafts.ts";
import { until } from "./servers/programs.ts";
import { settingOf } from "./servers/setting.ts";
import { makeKey, noSshd, type Sshd, startSshd } from "./servers/sshd.ts";
import { worksWithDvc } from "./with-dvc.ts";

const isRoot = process.getuid?.() === 0 && "the superuser may write everywhere";

describe("an SSH remote of OpenSSH", { skip: noSshd }, () => {
  let sshd: Sshd;
  let count = 0;
  before(async () => {
    sshd = await startSshd();
  });
  after(() => sshd.stop());

  const opened = (options: Record<string, string> = {}, home = sshd.home): Promise<Bucket> =>
    openSsh(
      settingOf(`ssh://127.0.0.1:${sshd.port}${sshd.folder}/team/store-${count++}`, options),
      { HOME: home },
      "/",
    );

  bucketContract("ssh", () => opened());
  remoteContract("ssh", async () => bucketRemote(await opened()));
  bucketContract("ssh with one channel", () => opened({ max_sessions: "1" }));

  it("is swept of what killed pushes of ours left a day ago, and of nothing else", () =>
    sweepsDrafts(join(sshd.folder, "swept"), () =>
      openSsh(settingOf(`ssh://127.0.0.1:${sshd.port}${sshd.folder}/swept`), { HOME: sshd.home }, "/"),
    ));

  const store = (): string => `ssh://127.0.0.1:${sshd.port}${sshd.folder}/store-${count++}`;
  const at = async (home: string, options: Record<string, string> = {}, url = store(), more = {}) =>
    openSsh(settingOf(url, options), { HOME: home, ...more }, home);
  const says = async (opening: Promise<Bucket>, expected: RegExp): Promise<void> => {
    const bucket = await opening;
    await assert.rejects(bucket.size("a"), (error: Error) => {
      assert.ok(error instanceof UserError && !(error instanceof Unreachable), String(error.stack));
      assert.match(error.message, expected);
      return true;
    });
    await bucket.close();
  };
  const homeWith = (files: Record<string, string>): string => {
    const home = temporaryFolder();
    write(home, Object.fromEntries(Object.entries(files).map(([name, text]) => [`.ssh/${name}`, text])));
    return home;
  };
  const known = (): string => readFileSync(join(sshd.home, ".ssh/known_hosts"), "utf8");

  it("trusts no host that it does not know, or that has another key", async () => {
    const key = { keyfile: sshd.key };
    await says(
      at(homeWith({}), key),
      /ssh-ed25519 SHA256:\S+\) is not in ~\/.ssh\/known_hosts; compare it .*ssh-keyscan -p/,
    );
    const other = join(temporaryFolder(), "other");
    makeKey(other);
    const [type, text] = readFileSync(`${other}.pub`, "utf8").split(" ");
    const line = `[127.0.0.1]:${sshd.port} ${type} ${text}\n`;
    await says(
      at(homeWith({ known_hosts: line }), key),
      /is not the one in \S+known_hosts:1: .*ssh-keygen -R/,
    );
    await says(at(homeWith({ known_hosts: `${known()}@revoked ${known()}` }), key), /is revoked in/);
    const hashed = homeWith({ known_hosts: known() });
    execFileSync("ssh-keygen", ["-q", "-H", "-f", join(hashed, ".ssh/known_hosts")], { stdio: "ignore" });
    const bucket = await at(hashed, key);
    assert.equal(await bucket.size("a"), undefined);
    await bucket.close();
  });

  it("says who is not let in, and which key needs its passphrase", async () => {
    const home = homeWith({ known_hosts: known() });
    await says(at(home), /127\.0\.0\.1 does not let \S+ in \(nothing was there to show\)/);
    makeKey(join(home, ".ssh/id_ed25519"), "l0ve lace");
    await says(at(home), /id_ed25519 needs its passphrase/);
    await says(at(home, { passphrase: "l0ve lace" }), /tried: 1 keys/);
    await says(at(home, { password: "secret" }), /^((?!secret).)*tried: the password((?!secret).)*$/);
    await assert.rejects(
      at(home, { keyfile: "nowhere" }),
      /"keyfile" of remote "store" is \S+nowhere, which is not there/,
    );
    await assert.rejects(at(home, { ask_password: "true" }), /nobody is there to answer/);
  });

  it("goes by ~/.ssh/config, an agent and a jump host", async () => {
    const home = homeWith({
      known_hosts: known(),
      config: `Host models\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${sshd.user}\n  IdentityFile ${sshd.key}\n  IdentitiesOnly yes\nHost far\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  IdentityFile ${sshd.key}\n  ProxyJump models\n`,
    });
    for (const host of ["models", "far"]) {
      const bucket = await at(home, {}, `ssh://${host}${sshd.folder}/by-${host}`);
      await bucket.write("a", outgoing(Buffer.from("1")));
      assert.equal(await bucket.size("a"), 1);
      await bucket.close();
    }
    const socket = join(home, "agent");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
    try {
      await until("ssh-agent", async () => existsSync(socket));
      execFileSync("ssh-add", ["-q", sshd.key], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
        stdio: "ignore",
      });
      const alone = homeWith({ known_hosts: known() });
      const bucket = await at(alone, {}, store(), { SSH_AUTH_SOCK: socket });
      assert.equal(await bucket.size("a"), undefined);
      await bucket.close();
      await says(at(alone, { allow_agent: "false" }, store(), { SSH_AUTH_SOCK: socket }), /does not let/);
    } finally {
      agent.kill();
    }
  });

  it("goes on after the connection broke", async () => {
    const bucket = await opened();
    const large = Buffer.alloc(40 << 20, "abcdefg");
    const remote = bucketRemote(bucket);
    const sending = sendingOf(large);
    await remote.send([sending]);
    let read = 0;
    const parts: Uint8Array[] = [];
    for await (const part of remote.read(sending.name)) {
      if (read < 20 << 20 && read + part.length >= 20 << 20) sshd.cut();
      read += part.length;
      parts.push(part);
    }
    assert.ok(large.equals(Buffer.concat(parts)));
    await remote.close();
  });

  it("says that a folder may not be written, and leaves nothing behind", { skip: isRoot }, async () => {
    const folder = join(sshd.folder, "closed");
    mkdirSync(folder, { mode: 0o500 });
    const bucket = await at(sshd.home, {}, `ssh://127.0.0.1:${sshd.port}${folder}`);
    await assert.rejects(
      bucket.write("a", outgoing(Buffer.from("1"))),
      /does not let you write a: permission denied/,
    );
    await bucket.close();
  });

  it("works from the bundle, which has no native parts", () => {
    const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));
    const url = `ssh://127.0.0.1:${sshd.port}${sshd.folder}/bundled`;
    const folder = temporaryRepository({ "data/a.csv": "a\n1\n" });
    git(folder, "rm", "-q", "--cached", "data/a.csv");
    write(folder, { ".dvc/config": `[core]\n    remote = store\n['remote "store"']\n    url = ${url}\n` });
    const trainyard = (...args: readonly string[]): string =>
      execFileSync(process.execPath, [cli, ...args], {
        cwd: folder,
        env: { ...process.env, HOME: sshd.home },
        encoding: "utf8",
      });
    trainyard("add", "data/a.csv");
    assert.match(trainyard("push"), /sent 1 object,/);
    for (const path of [".dvc/cache", "data/a.csv"]) rmSync(join(folder, path), { recursive: true });
    trainyard("pull");
    assert.equal(readFileSync(join(folder, "data/a.csv"), "utf8"), "a\n1\n");
  });

  worksWithDvc("SSH", async () => ({
    url: `ssh://${sshd.user}@127.0.0.1:${sshd.port}${sshd.folder}/with-dvc-${count++}`,
    options: {},
    environment: { HOME: sshd.home },
  }));
});
