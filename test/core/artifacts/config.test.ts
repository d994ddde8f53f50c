import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mergeDvcConfigs, parseDvcConfig, remoteSetting } from "../../../src/core/artifacts/dvc-config.ts";
import { ignoreLine, withIgnored, withoutIgnored } from "../../../src/core/artifacts/gitignore.ts";
import { unsafePath } from "../../../src/core/artifacts/path.ts";

const value = (text: string, section: string, key: string) =>
  parseDvcConfig(text, "c").get(section)?.get(key)?.value;

describe("DVC's configuration", () => {
  it("is read as DVC writes it", () => {
    const text = `[core]\n    remote = eu\n    analytics = false\n['remote "eu"']\n    url = ../store\n    jobs = 4 # four\n`;
    assert.equal(value(text, "core", "remote"), "eu");
    assert.equal(value(text, "remote eu", "url"), "../store");
    assert.equal(value(text, "remote eu", "jobs"), "4");
    assert.deepEqual(remoteSetting(parseDvcConfig(text, "c")).url.at, { file: "c", line: 5 });
  });

  const lines: readonly (readonly [string, string])[] = [
    ["URL = /a b", "/a b"],
    ['url = "/a # b"', "/a # b"],
    ["url = '/a,b' # note", "/a,b"],
    ['url="/x"', "/x"],
    ["'url' = /x", "/x"],
    ["url =", ""],
    ["url = a=b", "a=b"],
  ];
  for (const [line, expected] of lines) {
    it(`reads ${line}`, () =>
      assert.equal(value(`\uFEFF[ remote "x" ] # s\r\n  ${line}\r\n`, "remote x", "url"), expected));
  }

  const bad: readonly (readonly [string, string])[] = [
    ["x = 1", 'c:1 "x" stands before the first [section]'],
    ["[core]\nremote", 'c:2 "remote" is neither a [section] nor "key = value"'],
    ["[core]\n[[sub]]", 'c:2 "[[sub]]" is neither a [section] nor "key = value"'],
    ["[core]\nx = 'a", "c:2 the quote of 'a does not end"],
    ["[core]\nx = '''a", "c:2 the value of \"x\" begins with ''' and does not end"],
    ["[core]\nx = %(y)s", 'c:2 "%(y)s" refers to "y", which this section does not set'],
    ["[core]\nx = %(y)s\ny = %(x)s", 'c:2 "%(x)s" refers to itself'],
  ];
  for (const [text, message] of bad) {
    it(`is refused: ${message}`, () =>
      assert.throws(() => parseDvcConfig(text, "c"), { name: "UserError", message }));
  }

  it("is overridden key by key by a later file", () => {
    const first = parseDvcConfig('[core]\nremote = a\n[remote "a"]\nurl = /a\njobs = 1\n', "config");
    const second = parseDvcConfig('[remote "a"]\nurl = /b\n', "config.local");
    const merged = mergeDvcConfigs(first, second);
    assert.equal(remoteSetting(merged).url.value, "/b");
    assert.equal(merged.get("remote a")?.get("jobs")?.value, "1");
    assert.equal(first.get("remote a")?.get("url")?.value, "/a");
  });
});

describe("a .gitignore", () => {
  it("gains one anchored line, once", () => {
    assert.equal(withIgnored("", "cps.csv"), "/cps.csv\n");
    assert.equal(withIgnored("*.log", "cps.csv"), "*.log\n/cps.csv\n");
    assert.equal(withIgnored("*.log\r\n/cps.csv\r\n", "cps.csv"), "*.log\r\n/cps.csv\r\n");
    assert.equal(ignoreLine("a b.csv "), "/a b.csv\\ ");
  });

  it("loses that line and no other, and goes where nothing is left", () => {
    const text = "cps.csv\n*.log\r\n";
    assert.equal(withoutIgnored(`${text}/cps.csv\n`, "cps.csv"), text);
    assert.equal(withoutIgnored(text, "cps.csv"), text);
    assert.equal(withoutIgnored(withIgnored("", "a b.csv "), "a b.csv "), undefined);
  });
});

describe("a path", () => {
  for (const path of [
    "",
    ".",
    "./",
    "/a",
    "\\a",
    "C:\\a",
    "c:a",
    "..",
    "a/..",
    "a\\..\\b",
    ".git",
    "a/.GIT/x",
    ".git./x",
    ".git /x",
    ".dvc/config",
    "a\0",
  ]) {
    it(`is refused: ${JSON.stringify(path)}`, () => assert.notEqual(unsafePath(path), undefined));
  }
  for (const path of ["a", "a/b", "...", "a..b", ".gitignore", ".trainyard/x", "git", "é"]) {
    it(`is taken: ${path}`, () => assert.equal(unsafePath(path), undefined));
  }
});
