import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { sshConfig } from "../../../../src/adapters/remotes/sftp/config.ts";
import { temporaryFolder, write } from "../../../artifacts/temporary.ts";

test("the first word on a host counts, of keys all, also from included files", () => {
  const home = temporaryFolder();
  write(home, {
    ".ssh/config": `# ours
Include conf.d/*.conf
Host models *.models !old.models
    HostName=%h.example.com
    User "ada lovelace"
    IdentityFile ~/.ssh/one
    ProxyJump none
Match exec "touch /tmp/x"
    User mallory
Match host gone
    User nobody
Host *
    User someone
    Port 2200
    IdentityFile %d/two
    IdentitiesOnly yes
    ProxyJump ada@jump:22
    ProxyCommand nc %h %p
`,
    ".ssh/conf.d/a.conf": "Host models\n  Port 2222\n",
    ".ssh/conf.d/b.txt": "Host models\n  Port 1\n",
  });
  const config = (host: string) => sshConfig([join(home, ".ssh/config")], host, home);
  assert.deepEqual(config("models"), {
    hostName: "models.example.com",
    user: "ada lovelace",
    port: 2222,
    identityFiles: [join(home, ".ssh/one"), join(home, "two")],
    identitiesOnly: true,
    proxyCommand: "nc %h %p",
  });
  assert.equal(config("a.models").port, 2200);
  const old = config("old.models");
  assert.deepEqual([old.user, old.hostName, old.proxyJump], ["someone", undefined, "ada@jump:22"]);
  assert.equal(config("gone").user, "nobody");
});

test("a file that includes itself ends, and one that is not there says nothing", () => {
  const home = temporaryFolder();
  write(home, { ".ssh/config": "Include config\nUser ada\n" });
  assert.equal(sshConfig([join(home, ".ssh/config")], "x", home).user, "ada");
  assert.deepEqual(sshConfig([join(home, "none")], "x", home), { identityFiles: [], identitiesOnly: false });
});
