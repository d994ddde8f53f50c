import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Tree } from "../../src/artifacts/tree.ts";
import { versionsOf } from "../../src/artifacts/versions-of.ts";
import {
  digestOf,
  digitsOf,
  isLegacy,
  type Md5,
  objectAt,
  objectPath,
} from "../../src/core/artifacts/digest.ts";
import { parseDvcConfig } from "../../src/core/artifacts/dvc-config.ts";
import { ignoring } from "../../src/core/artifacts/dvc-ignore.ts";
import { setSetting } from "../../src/core/artifacts/edit-config.ts";
import { legacyDigestOf } from "../../src/core/artifacts/legacy-hash.ts";
import { parseManifest, printManifest } from "../../src/core/artifacts/manifest.ts";
import { parsePointer } from "../../src/core/artifacts/pointer.ts";
import { printImport, printPointer, selfMd5 } from "../../src/core/artifacts/print-pointer.ts";

/*
 * What DVC 2.58.2 and 3.67.1 wrote and took for granted, recorded by test/oracles/dvc-fixtures.py.
 */

type Texts = Readonly<Record<string, string>>;

interface Out {
  readonly path: string;
  readonly legacy: boolean;
  readonly md5: string | null;
  readonly size: number | null;
  readonly nfiles: number | null;
  readonly executable: boolean;
  readonly cached: boolean;
  readonly pushed: boolean;
  readonly remote: string | null;
}

interface Recorded {
  readonly dvc: string;
  readonly data: {
    readonly files: Texts;
    readonly objects: Readonly<Record<string, string | number>>;
    readonly versions: readonly Out[];
  };
  readonly imports: { readonly files: Texts; readonly versions: readonly Out[] };
  readonly pipeline: { readonly files: Texts; readonly versions: readonly Out[] };
}

interface Recorded3 extends Recorded {
  readonly migration: {
    readonly legacy: readonly Out[];
    readonly untouched: Texts;
    readonly touched: Texts;
    readonly versions: readonly Out[];
  };
  readonly cloud: { readonly files: Texts; readonly versions: readonly Out[] };
  readonly ignores: {
    readonly files: Texts;
    readonly asked: readonly (readonly [string, boolean, boolean])[];
  };
  readonly config: {
    readonly config: string;
    readonly local: string;
    readonly read: readonly {
      readonly text: string;
      readonly value: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
    }[];
    readonly written: readonly { readonly value: string | readonly string[]; readonly text: string }[];
  };
}

const recorded = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../fixtures/dvc/${name}.json`, import.meta.url), "utf8")) as T;
const two = recorded<Recorded>("dvc2");
const three = recorded<Recorded3>("dvc3");

/** A tree in memory. */
function treeOf(files: Texts): Tree {
  const texts = new Map(Object.entries(files));
  return {
    label: "recorded",
    commit: undefined,
    files: async (globs) => {
      const ends = globs.map((glob) => glob.replace(/^\*\*\/\*?/, ""));
      return [...texts.keys()].filter((path) => ends.some((end) => path.endsWith(end))).sort();
    },
    read: async (path) => texts.get(path),
    readAll: async (paths) =>
      new Map(paths.flatMap((path) => (texts.has(path) ? [[path, texts.get(path) ?? ""] as const] : []))),
  };
}

/** What we take the versions of a tree for, in DVC's words. */
async function ours(files: Texts): Promise<readonly Out[]> {
  return (await versionsOf(treeOf(files))).map((one) => ({
    path: one.path,
    legacy: isLegacy(one.name),
    md5: digitsOf(one.name),
    size: one.size ?? null,
    nfiles: one.nfiles ?? null,
    executable: one.executable,
    cached: one.cached,
    pushed: one.pushed,
    remote: one.remote ?? null,
  }));
}

const byPath = (outs: readonly Out[]): readonly Out[] =>
  outs.filter(({ md5 }) => md5 !== null).sort((a, b) => (a.path < b.path ? -1 : 1));

for (const repository of [two, three]) {
  describe(`what DVC ${repository.dvc} wrote`, () => {
    for (const part of ["data", "imports", "pipeline"] as const) {
      it(`names the versions that DVC takes it to name: ${part}`, async () => {
        const { files, versions } = repository[part];
        const known = byPath(versions);
        assert.ok(known.length >= 3);
        assert.deepEqual(byPath(await ours(files)), known);
      });
    }

    it("has manifests that are printed byte for byte", () => {
      const manifests = Object.entries(repository.data.objects).flatMap(([path, text]) =>
        typeof text === "string" ? [[path, text] as const] : [],
      );
      assert.equal(manifests.length, 2, "one of odd names, and one of nothing");
      for (const [path, text] of manifests) {
        assert.equal(printManifest(parseManifest(text, path)), text);
        const name = objectAt(path);
        assert.equal(objectPath(name ?? ""), path);
        assert.equal(`${digestOf(text).md5}.dir`, digitsOf(name ?? ""));
      }
    });

    it("has imports whose md5 over themselves is ours", () => {
      const own = Object.entries(repository.imports.files).filter(([path]) => path.endsWith(".dvc"));
      assert.equal(own.length, 5);
      for (const [path, text] of own) {
        if (path !== "folder.dvc") assert.equal(selfMd5(text, path), parsePointer(text, path).md5, path);
        assert.equal(selfMd5(text, path), parsePointer(text, path).md5, "descriptions and meta do not count");
      }
    });
  });
}

describe("pointers are printed as DVC 3 prints them", () => {
  const pointers = Object.entries(three.data.files).filter(([path]) => path.endsWith(".dvc"));

  it("of files and directories", () => {
    assert.equal(pointers.length, 9);
    for (const [path, text] of pointers) {
      if (path === "data/unix.csv.dvc") continue; // has keys that nobody adds
      const [out] = parsePointer(text, path).outs;
      const { name, size = 0, nfiles } = out ?? {};
      const content = { md5: name as Md5, size, ...(nfiles === undefined ? {} : { nfiles }) };
      const printed = printPointer(path.replace(/^.*\//, "").slice(0, -4), content, {
        executable: out?.executable === true,
      });
      assert.equal(printed, text);
    }
  });

  it("of imports from repositories and from urls", () => {
    for (const path of ["a.csv.dvc", "below.csv.dvc", "in-git.txt.dvc", "later.csv.dvc"]) {
      const text = three.imports.files[path] ?? "";
      const { outs, deps, frozen } = parsePointer(text, path);
      const [out, dep] = [outs[0], deps[0]];
      assert.ok(out !== undefined && dep?.path !== undefined);
      const { path: from, repo, cloud, executable: _none, ...known } = dep;
      const printed = printImport({
        path: out.path,
        frozen,
        ...(out.name === undefined ? {} : { content: { md5: out.name as Md5, size: out.size ?? 0 } }),
        from: repo === undefined ? { ...known, url: from } : { path: from, repo },
      });
      assert.equal(printed, text);
    }
  });

  it("where they were of DVC 2, once their content has changed", () => {
    const changed = ["data/windows.csv.dvc", "odd.dvc", "run.sh.dvc"];
    for (const path of changed) {
      const before = two.data.files[path] ?? "";
      const text = three.migration.touched[path] ?? "";
      const [out] = parsePointer(text, path).outs;
      const { name, size = 0, nfiles, executable = false } = out ?? {};
      const content = { md5: name as Md5, size, ...(nfiles === undefined ? {} : { nfiles }) };
      assert.equal(
        printPointer(path.replace(/^.*\//, "").slice(0, -4), content, { before, executable }),
        text,
        path,
      );
    }
  });

  it("and are left as they are while nothing has", async () => {
    const pointers2 = Object.entries(three.migration.untouched).filter(([path]) => path.endsWith(".dvc"));
    for (const [path, text] of pointers2) {
      if (path !== "data/mixed.bin.dvc") assert.equal(text, two.data.files[path], path);
    }
    assert.deepEqual(byPath(await ours(three.migration.touched)), byPath(three.migration.versions));
  });
});

describe("the bytes that DVC hashed", () => {
  const mixed = Buffer.concat([
    Buffer.from("a\r\n".repeat(400_000)).subarray(0, 2 ** 20),
    Buffer.from("\0b\r\n"),
  ]);
  const straddle = Buffer.from(`${"x".repeat(2 ** 20 - 1)}\r\ny`);
  const md5Of = (repository: Recorded, path: string): string =>
    digitsOf(parsePointer(repository.data.files[`${path}.dvc`] ?? "", `${path}.dvc`).outs[0]?.name ?? "");

  it("have DVC 2's name", () => {
    assert.equal(digitsOf(legacyDigestOf("line1\r\nline2\r\n")), md5Of(two, "data/windows.csv"));
    assert.equal(digitsOf(legacyDigestOf(straddle)), md5Of(two, "data/straddle.txt"));
    assert.equal(digitsOf(legacyDigestOf("")), md5Of(two, "data/empty.bin"));
  });

  it("have two where DVC 2 and 3 disagree", () => {
    assert.notEqual(digitsOf(legacyDigestOf(mixed)), md5Of(two, "data/mixed.bin"));
    assert.equal(digestOf(mixed).md5, md5Of(three, "data/mixed.bin"));
  });
});

describe("a directory of a cloud-versioned remote", () => {
  it("has the name of the manifest of the files that its pointer lists", async () => {
    assert.deepEqual(byPath(await ours(three.cloud.files)), byPath(three.cloud.versions));
    const [file, folder] = await versionsOf(treeOf(three.cloud.files));
    assert.deepEqual(file?.cloud, {
      remote: "aws",
      etag: "60b725f10c9c85c70d97880dfe8191b3",
      versionId: "WHJ4jQY7vdpWvdrBgwqg4V5wYWp9sQ1C",
    });
    assert.deepEqual(
      folder?.files?.map(({ relpath, executable, cloud }) => [relpath, executable, cloud?.versionId]),
      [
        ["b/c.txt", false, "two"],
        ["a.txt", true, "one"],
      ],
    );
  });
});

describe(".dvcignore", () => {
  const files = Object.entries(three.ignores.files).flatMap(([path, text]) =>
    path.endsWith(".dvcignore")
      ? [{ folder: path.slice(0, -".dvcignore".length).replace(/\/$/, ""), text }]
      : [],
  );
  const out = ignoring(files, ["other"]);
  for (const [path, file, folder] of three.ignores.asked) {
    it(`leaves out what DVC leaves out: ${path}`, () => {
      assert.deepEqual([out(path, false), out(path, true)], [file, folder]);
    });
  }
});

describe("DVC's configuration", () => {
  it("is written by the same steps to the same text", () => {
    let text = "";
    for (const [section, key, value] of [
      ["core", "remote", "store"],
      ["remote store", "url", "../../store"],
    ] as const) {
      text = setSetting(text, section, key, value);
    }
    const read = (given: string) =>
      [...parseDvcConfig(given, "c")].map(([name, keys]) => [name, [...keys.keys()]]);
    assert.ok(three.config.config.includes(text.split("\n")[2] ?? "-"), three.config.config);
    assert.deepEqual(read(three.config.config).length, 4);
    const secret = parseDvcConfig(three.config.local, "c").get("remote eu")?.get("access_key_id")?.value;
    assert.equal(secret, `it's "so"`);
    const eu = parseDvcConfig(three.config.config, "c").get("remote eu");
    assert.equal(eu?.get("endpointurl")?.value, "https://s3.eu:9000/#x");
    assert.equal(eu?.get("profile")?.value, "a, b");
  });

  for (const { text, value } of three.config.read) {
    it(`is read as ConfigObj reads it: ${JSON.stringify(text)}`, () => {
      const config = parseDvcConfig(text, "c");
      for (const [section, settings] of Object.entries(value)) {
        for (const [key, expected] of Object.entries(settings)) {
          const name = section.replace(/^remote "(.*)"$/, "remote $1");
          const found = config.get(name)?.get(key.toLowerCase());
          assert.deepEqual(found?.values ?? found?.value, expected, `${section}.${key}`);
        }
      }
    });
  }

  for (const { text, value } of three.config.written) {
    it(`is written as ConfigObj writes it: ${JSON.stringify(value)}`, () => {
      const printed = setSetting("", "s", "k", value);
      assert.equal(printed, text.replace(/^k = |^ *k = /m, "    k = "));
    });
  }
});
