import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { dvcConfig } from "../../src/adapters/dvc-config.ts";
import { temporaryFolder, write } from "../artifacts/temporary.ts";

describe("DVC's configuration in force", () => {
  it("is the machine's, the person's, the repository's and this copy's, the later ones first", () => {
    const folder = temporaryFolder();
    write(folder, {
      "system/config": '[core]\nremote = a\nautostage = true\n[remote "a"]\nurl = store\n',
      "home/config": "[core]\nremote = b\n[cache]\ndir = cache\n",
      "repo/.dvc/config": '[core]\nremote = c\n[remote "c"]\nurl = ../../c\nuser = x\n',
      "repo/.dvc/config.local": '[remote "c"]\nuser = me\n',
    });
    const config = dvcConfig(join(folder, "repo"), {
      DVC_SYSTEM_CONFIG_DIR: join(folder, "system"),
      DVC_GLOBAL_CONFIG_DIR: join(folder, "home"),
    });
    const value = (section: string, key: string) => config.get(section)?.get(key)?.value;
    assert.equal(value("core", "remote"), "c");
    assert.equal(value("core", "autostage"), "true");
    assert.equal(value("remote a", "url"), join(folder, "system", "store"));
    assert.equal(value("cache", "dir"), join(folder, "home", "cache"));
    assert.equal(value("remote c", "url"), "../../c");
    assert.equal(value("remote c", "user"), "me");
    assert.equal(config.get("core")?.get("remote")?.at.file, ".dvc/config");
  });

  it("of a person stands where XDG says, or in the home folder", {
    skip: process.platform !== "linux",
  }, () => {
    const folder = temporaryFolder();
    write(folder, {
      "home/.config/dvc/config": "[core]\nremote = h\n",
      "xdg/dvc/config": "[core]\nremote = x\n",
    });
    const remote = (environment: Record<string, string>) =>
      dvcConfig(folder, { DVC_SYSTEM_CONFIG_DIR: folder, ...environment })
        .get("core")
        ?.get("remote")?.value;
    const home = join(folder, "home");
    assert.equal(remote({ HOME: home }), "h");
    assert.equal(remote({ HOME: home, XDG_CONFIG_HOME: join(folder, "xdg") }), "x");
    assert.equal(remote({ HOME: folder }), undefined);
  });
});
