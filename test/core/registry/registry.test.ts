import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AnnotatedTag, foldTags, versionOfBytes } from "../../../src/core/registry/fold.ts";
import { formatTagName, parseTagName } from "../../../src/core/registry/grammar.ts";
import { readMessage, tagMessage } from "../../../src/core/registry/message.ts";
import { showHistory, showRegistry } from "../../../src/core/registry/show.ts";
import { compareVersions, nextVersion } from "../../../src/core/registry/version.ts";

const SHA = (letter: string): string => letter.repeat(64);
const COMMIT = (letter: string): string => letter.repeat(40);

/** A tag at a second of one day. */
const tag = (name: string, commit: string, second: number, message = ""): AnnotatedTag => ({
  name,
  commit: COMMIT(commit),
  message,
  tagger: "Ada",
  at: new Date(Date.UTC(2026, 10, 21, 0, 0, second)).toISOString(),
});

describe("the grammar of tags", () => {
  // GTO's own: tests/test_tag.py and tests/test_constants.py of 1.10.1
  const KNOWN = [
    "path@v1.2.3",
    "path@v1.2.3#2",
    "path@v1.2.3!",
    "path@v1.2.3!#2",
    "path#stage",
    "path#stage#2",
    "path#stage!",
    "path#stage!#2",
    "path@deprecated",
    "path@deprecated#1",
    "path@created",
    "dir/of=models/wages@v0.0.1-rc.1+build.5",
    "1#2#3",
  ];
  for (const name of KNOWN) {
    it(`reads and writes ${name}`, () => {
      const parsed = parseTagName(name);
      assert.ok(parsed);
      assert.equal(formatTagName(parsed), name);
    });
  }

  const NONE = [
    "v1.2.3",
    "path",
    "path@1.2.3",
    "path@v1.2",
    "path@v01.2.3",
    "path@v1.2.3!!",
    "path#-stage",
    "path#stage#",
    "path#stage#x",
    "_path@v1.2.3",
    "path-@v1.2.3",
    "a=b=c@v1.2.3",
    "path@v1.2.3 ",
    "path@v1.2.3\n",
    "päth@v1.2.3",
    `${"p".repeat(2000)}@v1.2.3`,
    "",
  ];
  for (const name of NONE) {
    it(`takes ${JSON.stringify(name.slice(0, 20))} for no tag of a registry`, () => {
      assert.equal(parseTagName(name), undefined);
    });
  }

  it("is read in no more time than its length asks for", () => {
    const hostile = `${"a-".repeat(499)}!`;
    assert.equal(parseTagName(hostile), undefined);
    assert.equal(parseTagName(`${"a/".repeat(400)}a#${"1".repeat(100)}`)?.action, "assign");
  });
});

describe("versions", () => {
  it("are ordered as Semantic Versioning says", () => {
    // the example of its section 11
    const sorted = [
      "v1.0.0-alpha",
      "v1.0.0-alpha.1",
      "v1.0.0-alpha.beta",
      "v1.0.0-beta",
      "v1.0.0-beta.2",
      "v1.0.0-beta.11",
      "v1.0.0-rc.1",
      "v1.0.0",
      "v1.0.1",
      "v1.10.0",
      `v${"9".repeat(30)}.0.0`,
    ];
    assert.deepEqual([...sorted].reverse().sort(compareVersions), sorted);
  });

  it("are followed by a higher one, whatever there is", () => {
    for (const bump of ["major", "minor", "patch"] as const) {
      for (const one of [
        "v0.0.1",
        "v1.2.3",
        "v1.0.0-rc.1",
        "v2.0.0-rc.1",
        "v1.2.3-a.b",
        `v1.${"9".repeat(25)}.0`,
      ]) {
        const next = nextVersion([one, "v0.0.0"], bump);
        assert.ok(compareVersions(next, one) > 0, `${bump} of ${one} is ${next}`);
      }
    }
    assert.equal(nextVersion(["v1.9.0", "v1.10.0"], "patch"), "v1.10.1");
  });
});

describe("what a tag's message carries", () => {
  it("comes back", () => {
    const facts = {
      sha256: SHA("a"),
      md5: `${"b".repeat(32)}.dir`,
      folder: "models/pay roll",
      verdict: "warn",
      pull: 12,
      deployment: undefined,
      version: undefined,
      metrics: new Map([
        ["roc_auc", 0.8421],
        ["equalized odds by gender", -1e-7],
      ]),
    };
    const message = tagMessage("wages v1.0.0: passes\nTrainyard-Pull: 99", facts);
    assert.equal(message.split("\n")[0], "wages v1.0.0: passes Trainyard-Pull: 99");
    assert.deepEqual(readMessage(message), facts);
  });

  it("is read from anybody's hand", () => {
    const hostile = [
      "",
      "Trainyard-Sha256: ../../etc/passwd",
      `Trainyard-Sha256: ${SHA("a")}\nTrainyard-Sha256: ${SHA("b")}`,
      "Trainyard-Pull: -1\nTrainyard-Deployment: 1e9\nTrainyard-Verdict: passed",
      "Trainyard-Metric: NaN a\nTrainyard-Metric: Infinity b\nTrainyard-Metric: 1..2 c\nTrainyard-Metric: 0x10 d",
      `Trainyard-Metric: 1 ${"é".repeat(100_000)}`.repeat(10),
      "Trainyard-__proto__: x\nTrainyard-Version: v1.0.0!",
    ];
    for (const message of hostile) {
      const { metrics, ...facts } = readMessage(message);
      assert.ok(
        Object.values(facts).every((value) => value === undefined),
        message.slice(0, 60),
      );
      assert.ok([...metrics.keys()].every((name) => name.length <= 100));
    }
    assert.deepEqual([...readMessage(`Trainyard-Metric: 1 a\u001b[31m\u202eb`).metrics.keys()], ["a�[31m�b"]);
  });

  it("names bytes once, where a signature and others' trailers stand beside it", () => {
    const message = `${tagMessage("a", { sha256: SHA("c") })}Signed-off-by: Ada\n-----BEGIN PGP SIGNATURE-----\nx\n`;
    assert.equal(readMessage(message).sha256, SHA("c"));
  });
});

describe("the registry", () => {
  it("has one version at a stage: the one assigned last, not the highest", () => {
    const models = foldTags([
      tag("wages@v1.0.0", "a", 1),
      tag("wages@v1.1.0", "b", 2),
      tag("wages#production#1", "b", 3),
      tag("wages#production#2", "a", 4),
      tag("wages#staging#3", "b", 4),
    ]);
    const wages = models.get("wages");
    assert.deepEqual(
      wages?.stages.map(({ stage, version }) => [stage, version]),
      [
        ["production", "v1.0.0"],
        ["staging", "v1.1.0"],
      ],
    );
    assert.equal(wages?.latest, "v1.1.0");
    assert.deepEqual(
      wages?.versions.map(({ version, stages }) => [version, stages]),
      [
        ["v1.1.0", ["staging"]],
        ["v1.0.0", ["production"]],
      ],
    );
  });

  it("tells events of one second apart by their counters, whatever the order of the tags", () => {
    const tags = [
      tag("wages@v1.0.0", "a", 1),
      tag("wages@v1.1.0", "b", 1),
      tag("wages#production#10", "a", 2),
      tag("wages#production#9", "b", 2),
    ];
    for (const order of [tags, [...tags].reverse()]) {
      assert.equal(foldTags(order).get("wages")?.stages[0]?.version, "v1.0.0");
    }
  });

  it("takes back versions and assignments, and says when nobody is to use a model", () => {
    const begun = [
      tag("wages@v1.0.0", "a", 1),
      tag("wages@v1.1.0", "b", 2),
      tag("wages#production#1", "a", 3),
      tag("wages#production#2", "b", 4),
    ];
    const at = (...more: AnnotatedTag[]) => foldTags([...begun, ...more]).get("wages");
    assert.equal(at(tag("wages#production!#3", "b", 5))?.stages[0]?.version, "v1.0.0");
    const taken = at(tag("wages@v1.1.0!", "b", 5));
    assert.equal(taken?.latest, "v1.0.0");
    assert.equal(taken?.stages[0]?.version, "v1.0.0");
    assert.equal(at(tag("wages@v1.1.0!", "b", 5), tag("wages@v1.1.0#3", "b", 6))?.latest, "v1.1.0");
    assert.equal(at(tag("wages@deprecated", "b", 5))?.deprecated, true);
    assert.equal(at(tag("wages@deprecated", "b", 5), tag("wages@v1.2.0", "c", 6))?.deprecated, false);
  });

  it("knows a commit that has a stage and no version", () => {
    const wages = foldTags([tag("wages#production#1", "a", 1)]).get("wages");
    assert.deepEqual(
      wages?.versions.map(({ version, registered }) => [version, registered]),
      [[COMMIT("a"), false]],
    );
    assert.equal(wages?.latest, undefined);
  });

  it("finds bytes again, whoever brought them back", () => {
    const of = (letter: string) => tagMessage("x", { sha256: SHA(letter) });
    const wages = foldTags([
      tag("wages@v1.0.0", "a", 1, of("a")),
      tag("wages@v1.1.0", "b", 2, of("b")),
      tag("wages@v1.0.0!", "a", 3),
      tag("wages@v1.2.0", "c", 4, of("a")),
      tag("wages#production#1", "b", 4, of("c")),
    ]).get("wages");
    assert.equal(versionOfBytes(wages, SHA("a"))?.version, "v1.0.0");
    assert.equal(versionOfBytes(wages, SHA("c")), undefined);
  });

  it("is shown in lines that fit, without what others could have hidden in them", () => {
    const evil = "a\u001b[2J\nb\u202e";
    const models = foldTags([
      { ...tag("wages@v1.0.0", "a", 1, tagMessage(evil, { metrics: new Map([[evil, 0.5]]) })), tagger: evil },
      tag("wages#production#1", "a", 2),
    ]);
    const wages = models.get("wages");
    assert.ok(wages);
    for (const width of [80, 120]) {
      const style = { colour: false, width };
      const text = `${showRegistry([wages], style)}\n${showHistory(wages.events, style)}`;
      assert.ok(!text.includes("\u001b") && !text.includes("\u202e"));
      assert.ok(text.split("\n").every((line) => [...line].length <= width));
      assert.match(text, /production {2}v1\.0\.0 {2}since 2026-11-21/);
    }
  });
});
