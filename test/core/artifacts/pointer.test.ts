import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf, type Md5 } from "../../../src/core/artifacts/digest.ts";
import { parsePointer } from "../../../src/core/artifacts/pointer.ts";
import { printPointer } from "../../../src/core/artifacts/print-pointer.ts";

const content = { ...digestOf("a\n"), size: 2 };
const md5 = "60b725f10c9c85c70d97880dfe8191b3";

describe("a pointer file is written as DVC 3 writes it", () => {
  it("for a file", () => {
    assert.equal(
      printPointer("cps.csv", content),
      `outs:\n- md5: ${md5}\n  size: 2\n  hash: md5\n  path: cps.csv\n`,
    );
  });

  it("for a directory", () => {
    const name = `${md5}.dir` as Md5;
    assert.equal(
      printPointer("images", { ...content, md5: name, nfiles: 3 }),
      `outs:\n- md5: ${md5}.dir\n  size: 2\n  nfiles: 3\n  hash: md5\n  path: images\n`,
    );
  });

  it("for a program", () => {
    const text = printPointer("run.sh", content, { executable: true });
    assert.equal(text, `outs:\n- md5: ${md5}\n  size: 2\n  isexec: true\n  hash: md5\n  path: run.sh\n`);
    assert.equal(parsePointer(text, "run.sh.dvc").outs[0]?.executable, true);
  });

  for (const name of ["12345678901234567890123456789012", "123456789012345678901234567e9012"]) {
    it(`with quotes around ${name}, which would be a number`, () => {
      const text = printPointer("a", { ...content, md5: name as Md5 });
      assert.match(text, new RegExp(`- md5: '${name}'\n`));
      assert.equal(parsePointer(text, "a.dvc").outs[0]?.name, name);
      assert.equal(
        parsePointer(text.replaceAll("'", ""), "a.dvc").outs[0]?.name,
        name,
        "DVC reads it unquoted, too",
      );
    });
  }

  for (const path of [
    "日本 語.csv",
    "a: b.csv",
    "true",
    "1.5",
    "- x",
    "#x",
    "'q'",
    '"q"',
    "a\tb",
    "~",
    " x",
    "x\ny",
  ]) {
    it(`with a name that is read back: ${JSON.stringify(path)}`, () => {
      assert.equal(parsePointer(printPointer(path, content), "p.dvc").outs[0]?.path, path);
    });
  }

  it("keeping comments and keys that it does not know", () => {
    const before = [
      "# ours",
      "outs:",
      "- md5: 11111111111111111111111111111111.dir # old",
      "  size: 9",
      "  nfiles: 3",
      "  path: cps.csv",
      "  hash: md5",
      "  desc: wages of 1985",
      "  remote: eu",
      "meta:",
      "  owner: us",
      "",
    ].join("\n");
    assert.equal(
      printPointer("cps.csv", content, { before }),
      [
        "# ours",
        "outs:",
        `- md5: ${md5} # old`,
        "  size: 2",
        "  path: cps.csv",
        "  hash: md5",
        "  desc: wages of 1985",
        "  remote: eu",
        "meta:",
        "  owner: us",
        "",
      ].join("\n"),
    );
  });
});

describe("a pointer file of DVC's is read", () => {
  it("with all that concerns us", () => {
    const text = `md5: x\nwdir: raw\ndeps:\n- path: a\n  repo:\n    url: https://example.com\nouts:\n- md5: ${md5.toUpperCase()}\n  size: 2\n  isexec: true\n  hash: md5\n  path: ./b/../c.csv\n  push: false\n  remote: eu\n`;
    assert.throws(() => parsePointer(text, "a.dvc"), /path is "\.\/b\/\.\.\/c\.csv", which leads out/);
    assert.deepEqual(parsePointer(text.replace("./b/../", "./b/"), "a.dvc"), {
      md5: "x",
      imported: true,
      frozen: false,
      alwaysChanged: false,
      deps: [{ path: "a", executable: false, repo: { url: "https://example.com" } }],
      outs: [
        {
          path: "raw/b/c.csv",
          name: md5,
          size: 2,
          executable: true,
          cached: true,
          pushed: false,
          persist: false,
          labels: [],
          remote: "eu",
        },
      ],
    });
  });

  const out = (text: string) => `outs:\n- md5: ${md5}\n  hash: md5\n${text}`;
  const hostile: readonly (readonly [string, string])[] = [
    ["", 'a.dvc is no pointer file: it has no "outs"'],
    ["- 1", 'a.dvc is no pointer file: it has no "outs"'],
    ["[", "a.dvc:1:2 Flow sequence must end with a ]"],
    ["a: 1\na: 2", "a.dvc:2:1 Map keys must be unique"],
    ["outs: x", 'a.dvc:1:7 "outs" is not a list with an entry; write the file anew with `trainyard add`'],
    ["outs: []", 'a.dvc:1:7 "outs" is not a list with an entry; write the file anew with `trainyard add`'],
    ["outs:\n- x", 'a.dvc:2:3 "outs" holds something that is not a map'],
    ["outs:\n- md5: [a]\n  path: x", 'a.dvc:2:8 "md5" is not a text'],
    ["outs:\n- md5: ../../x\n  path: x", 'a.dvc:2:8 md5 is "../../x"; it has 32 digits, 0-9 and a-f'],
    [
      "outs:\n<<<<<<< HEAD\n- path: x\n=======\n- path: y\n>>>>>>> theirs\n",
      "a.dvc:2 holds both sides of a merge that is undecided; run `trainyard merge`",
    ],
    ["cmd: x\nouts:\n- path: x", 'a.dvc:1:6 has a "cmd", so it is a stage of DVC 0.x; move it to dvc.yaml'],
    [
      `outs:\n- md5: ${md5}\n  hash: sha256\n  path: x`,
      'a.dvc:3:9 hash is "sha256"; DVC names bytes by md5 alone',
    ],
    [out("  size: 1"), 'a.dvc:2:3 has no "path"'],
    [out("  path: 3"), 'a.dvc:4:9 "path" is not a text'],
    [
      out("  path: /etc/passwd"),
      'a.dvc:4:9 path is "/etc/passwd", which is absolute; it is a file of the repository',
    ],
    [
      out("  path: ../x"),
      'a.dvc:4:9 path is "../x", which leads out of its folder with ".."; it is a file of the repository',
    ],
    [
      out("  path: .git/config"),
      'a.dvc:4:9 path is ".git/config", which leads into .git; it is a file of the repository',
    ],
    [
      out('  path: "a\\0b"'),
      'a.dvc:4:9 path is "a\0b", which holds a zero byte; it is a file of the repository',
    ],
    [
      `wdir: ../..\n${out("  path: x")}`,
      'a.dvc:5:9 path is "x", which leads out of its folder with ".."; it is a file of the repository',
    ],
    [out("  path: x\n  size: -1"), 'a.dvc:5:9 "size" is not a whole number'],
    [out("  path: x\n  isexec: yes"), 'a.dvc:5:11 "isexec" is neither true nor false'],
    [`x: &a [1]\ny: *a\n${out("  path: x")}`, "a.dvc:2:4 holds a YAML alias, which is not used here"],
  ];
  for (const [text, message] of hostile) {
    it(`or refused: ${JSON.stringify(message)}`, () => {
      assert.throws(() => parsePointer(text, "a.dvc"), { name: "UserError", message });
    });
  }

  const files = (text: string) => `outs:\n- hash: md5\n  path: d\n  files:\n  - ${text}\n`;
  for (const [text, message] of [
    [files(`{relpath: ../x, md5: ${md5}}`), /a\.dvc:5:15 relpath is "\.\.\/x", which leads out/],
    [files(`{relpath: "a\\0b", md5: ${md5}}`), /which holds a zero byte/],
    [files(`{relpath: x, md5: ${md5}.dir}`), /"x" is a file, and its md5 is that of a directory/],
    [files("{relpath: x, md5: 1/../2}"), /a\.dvc:5:23 md5 is "1\/\.\.\/2"/],
    [files(`{md5: ${md5}}`), /a\.dvc:5:5 has no "relpath"/],
    [files("x"), /a\.dvc:5:5 "files" holds something that is not a map/],
    [out("  path: x\n  cloud: {a: {etag: x}, b: {etag: y}}"), /"cloud" names two remotes/],
    [out("  path: x\n  cloud: {a: b}"), /"a" is not a map/],
    [out("  path: x\n  labels: [[a]]"), /a label is not a text/],
    [out("  path: x\ndeps: [{path: [a]}]"), /"path" is not a text/],
    [out("  path: x\ndeps:\n- path: a\n  repo: {rev: b}"), /a\.dvc:7:9 has no "url"/],
    [out("  path: x\n  __proto__: {a: 1}"), /"__proto__" is no name for a key/],
    [`${"[".repeat(100_000)}`, /a\.dvc is nested too deep/],
    [`outs: ${"{a: ".repeat(50_000)}`, /a\.dvc is nested too deep/],
    [
      Array.from({ length: 2000 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""),
      /a\.dvc:\d+:\d+ is nested too deep/,
    ],
  ] as const) {
    it(`or refused: ${text.slice(0, 80)}`, () => {
      assert.throws(
        () => parsePointer(text, "a.dvc"),
        (error: Error) => error.name === "UserError" && message.test(error.message),
      );
    });
  }

  it("or refused for a key twice among fifty thousand, soon", () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `  "k\\t${i}": 1\n`).join("");
    assert.throws(
      () => parsePointer(`meta:\n${keys}  "k\\t7": 2\n`, "a.dvc"),
      /a\.dvc:50002:3 Map keys must be unique/,
    );
  });

  it("or refused where it is as large as a data file", () => {
    assert.throws(
      () => parsePointer("#".repeat(10_000_001), "a.dvc"),
      /a\.dvc is larger than 10000000 characters/,
    );
  });
});
