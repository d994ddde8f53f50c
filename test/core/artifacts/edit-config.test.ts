import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDvcConfig, remoteSetting, withPaths } from "../../../src/core/artifacts/dvc-config.ts";
import {
  removeSection,
  renameSection,
  setSetting,
  unsetSetting,
} from "../../../src/core/artifacts/edit-config.ts";

const ours = `# who edits this knows why
[core]
    remote = eu # the near one

    autostage = true
# the near one
['remote "eu"']
    url = s3://eu/data
    # asked of operations
    endpointurl = "https://s3.eu#1"
[remote "us"]
    url = s3://us/data
`;

describe("a configuration is changed", () => {
  it("in one line, and everything else stays", () => {
    const changed = setSetting(ours, "core", "remote", "us");
    assert.equal(changed, ours.replace("remote = eu #", "remote = us #"));
    assert.equal(setSetting(changed, "core", "remote", "eu"), ours);
  });

  it("by a line at the end of its section", () => {
    assert.equal(setSetting(ours, "remote eu", "JOBS", "4"), ours.replace('#1"\n', '#1"\n    jobs = 4\n'));
  });

  it("by a section at the end", () => {
    assert.equal(
      setSetting(ours.trimEnd(), "remote a b", "url", "../a, b"),
      `${ours}['remote "a b"']\n    url = "../a, b"\n`,
    );
  });

  it("back again", () => {
    assert.equal(unsetSetting(setSetting(ours, "remote us", "jobs", "4"), "remote us", "Jobs"), ours);
    assert.equal(removeSection(setSetting(ours, "remote x", "url", "/x"), "remote x"), ours);
    assert.equal(unsetSetting(ours, "remote us", "nothing"), ours);
  });

  it("without a section, whose neighbours keep their comments", () => {
    const rest = removeSection(ours, "core");
    assert.equal(rest.slice(0, 65), "# who edits this knows why\n# the near one\n['remote \"eu\"']\n    url");
    assert.deepEqual(
      [...parseDvcConfig(removeSection(ours, "remote eu"), "c").keys()],
      ["core", "remote us"],
    );
  });

  it("with another name for a section", () => {
    const renamed = renameSection(ours, "remote us", "remote asia");
    assert.equal(renamed, ours.replace('[remote "us"]', "['remote \"asia\"']"));
  });

  const values = [
    "",
    " a ",
    "a,b",
    "a#b",
    "'",
    '"',
    "'a",
    'a"b',
    'it\'s "so"',
    "two\nlines",
    "é",
    "a = b",
    "[x]",
    "%x",
  ];
  for (const value of values) {
    it(`to a value that is read back: ${JSON.stringify(value)}`, () => {
      const text = setSetting(ours, "core", "x", value);
      assert.equal(parseDvcConfig(text, "c").get("core")?.get("x")?.value, value);
      assert.equal(setSetting(text, "core", "x", "y"), setSetting(ours, "core", "x", "y"));
    });
  }

  it("in a file of Windows's, with its ends of lines", () => {
    const text = ours.replaceAll("\n", "\r\n");
    assert.equal(setSetting(text, "core", "remote", "us"), text.replace("remote = eu #", "remote = us #"));
  });

  it("to nothing that could not be read", () => {
    assert.throws(() => setSetting("", "core", "x", `'''"""\n`), /quotes of every kind/);
    assert.throws(() => setSetting("", 'remote a"]\n[core', "url", "x"), /is no name for a remote/);
  });
});

describe("a remote", () => {
  const remote = (text: string, name?: string) => remoteSetting(parseDvcConfig(text, "c"), name);

  it("lies in another, with its options", () => {
    const { url, options, name } = remote(
      '[core]\nremote=Sub\n[remote "base"]\nurl = ssh://host/data/\nuser = a\nport = 22\n[remote "sub"]\nurl = remote://base/x\nuser = b\n',
    );
    assert.equal(name, "Sub");
    assert.equal(url.value, "ssh://host/data/x");
    assert.deepEqual(
      [...options].map(([key, { value }]) => `${key}=${value}`),
      ["user=b", "port=22"],
    );
  });

  it("does not lie in itself, nor in one that is not there", () => {
    const circle = '[remote "a"]\nurl = remote://b\n[remote "b"]\nurl = remote://a\n';
    assert.throws(() => remote(circle, "a"), /c:2 the url remote:\/\/b leads back to itself/);
    assert.throws(() => remote('[remote "a"]\nurl = remote://b/x\n', "a"), /c:2 there is no remote "b"/);
  });

  it("has only options that its kind has", () => {
    assert.throws(
      () => remote('[remote "a"]\nurl = gs://b\nregion = eu\n', "a"),
      /c:3 the remote "a" has the option "region", which gs:\/\/ does not have; it can have allow_anonymous_login, checksum_jobs, credentialpath/,
    );
    assert.throws(() => remote('[remote "a"]\nurl = ../b\nuser = eu\n', "a"), /which a folder does not have/);
  });

  it("of a person's own configuration starts from where that stands", () => {
    const config = parseDvcConfig(
      '[cache]\ndir = c\n[remote "a"]\nurl = b\nuser = u\n[remote "s"]\nurl = s3://b\ncredentialpath = ~/x\nconfigpath = y\n',
      "c",
    );
    const moved = withPaths(config, (path) => `/home/me/${path}`);
    assert.equal(moved.get("cache")?.get("dir")?.value, "/home/me/c");
    assert.equal(moved.get("remote a")?.get("url")?.value, "/home/me/b");
    assert.equal(moved.get("remote a")?.get("user")?.value, "u");
    assert.deepEqual(
      [...(moved.get("remote s") ?? [])].map(([, { value }]) => value),
      ["s3://b", "~/x", "/home/me/y"],
    );
  });
});
