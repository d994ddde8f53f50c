import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { globSync } from "tinyglobby";
import {
  ContractErrors,
  contractWarnings,
  decodeContract,
  parseContract,
  readContract,
} from "../../src/config/parse.ts";

const wages = readFileSync(new URL("../fixtures/contracts/wages.yaml", import.meta.url), "utf8");
const lines = wages.split("\n");

/** The rest of the line at which a place points. */
const textAt = ({ line = 1, column = 1 }: { line?: number; column?: number }, text = lines) =>
  text[line - 1]!.slice(column - 1);

function errorsOf(
  text: string,
  overrides: readonly string[] = [],
  readFile?: (path: string) => string,
): ContractErrors {
  try {
    parseContract(text, "trainyard.yaml", overrides, readFile);
  } catch (error) {
    assert.ok(error instanceof ContractErrors, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "the contract was taken as right" });
}

describe("a right contract", () => {
  const parsed = parseContract(wages, "trainyard.yaml");

  it("comes with its defaults, and values in the units of the program", () => {
    const { contract } = parsed;
    assert.deepEqual(contract.split, { by: "hash", holdout: 0.2, validation: 0.1, seed: 7 });
    assert.deepEqual(contract.data.sources, { cps: { path: "data/cps.csv" } });
    assert.deepEqual(contract.features[0 as never], {
      scale: { columns: ["education", "age", "experience", "tenure"], with: "standard" },
    });
    assert.deepEqual(contract.evaluate.gates[0], { gate: "roc_auc >= 0.70", when_inconclusive: "approve" });
  });

  it("gives no warning", () => assert.deepEqual(contractWarnings(parsed), []));

  it("tells where a value stands", () => {
    assert.equal(textAt(parsed.place(["model"])), "wages");
    assert.match(textAt(parsed.place(["data", "expect", 0, "between", 1])), /^99\]/);
    assert.match(textAt(parsed.place(["prepare", "values", 2, "derive", "tenure"])), /^"greatest/);
    assert.match(textAt(parsed.place(["train", "params", "epochs"])), /^40,/);
  });

  it("tells where the nearest ancestor of an unwritten value stands", () => {
    assert.deepEqual(parsed.place(["split", "seed"]), parsed.place(["split"]));
    assert.deepEqual(parsed.place(["nowhere", 3]), { file: "trainyard.yaml", line: 2, column: 1 });
  });

  it("tells where the parts of a short form stand", () => {
    assert.match(textAt(parsed.place(["evaluate", "gates", 0, "gate"])), /^roc_auc >= 0.70/);
    assert.match(textAt(parsed.place(["features", 0, "scale", "columns", 2])), /^experience/);
    assert.equal(textAt(parsed.place(["data", "sources", "cps", "path"])), "data/cps.csv");
  });

  it("tells where a character within a text stands", () => {
    const at = parsed.placeWithin(["prepare", "values", 2, "derive", "tenure"], "greatest(".length);
    assert.match(textAt(at), /^age - education/);
  });

  it("is the same with carriage returns and a byte-order mark", () => {
    const other = parseContract(`\uFEFF${wages.replaceAll("\n", "\r\n")}`, "trainyard.yaml");
    assert.deepEqual(other.contract, parsed.contract);
    assert.deepEqual(other.place(["train", "with"]), parsed.place(["train", "with"]));
  });

  it("may repeat itself by a few aliases, whose values stand at their anchor", () => {
    const text = wages
      .replace("scale: [education, age", "scale: &numbers [education, age")
      .replace("  - one_hot", "  - missing: *numbers\n  - one_hot");
    const { contract, place } = parseContract(text, "trainyard.yaml");
    assert.deepEqual(Object.values(contract.features[1 as never])[0], [
      "education",
      "age",
      "experience",
      "tenure",
    ]);
    assert.match(textAt(place(["features", 1, "missing", 0]), text.split("\n")), /^education/);
  });
});

describe("every contract of the templates", () => {
  for (const path of globSync("templates/*/**/trainyard.yaml")) {
    it(`${path} is right`, () => {
      parseContract(readFileSync(path, "utf8"), path);
    });
  }
});

describe("places within a text", () => {
  const contractWith = (scalar: string) =>
    `model: m\ntask: regression\ndata:\n  sources: { a: a.csv }\n  roles: { label: y }\nprepare:\n  rows:\n    - where: ${scalar}\nfeatures:\n  - keep: [x]\ntrain:\n  with: linear\n`;
  const forms = {
    plain: "abc >= 1 and xyz >= 2",
    "plain over lines": "abc >= 1\n        and   xyz >= 2",
    "double quotes": '"abc >= 1 and xyz >= 2"',
    "an escaped quote": '"\\"abc\\" >= 1 and \\x78yz >= 2"',
    "an escaped line end": '"abc >= 1 \\\n          and xyz >= 2"',
    "single quotes": "'abc <> ''it''''s'' and xyz >= 2'",
    literal: "|\n        abc >= 1\n          and xyz >= 2",
    folded: ">-\n        abc >= 1\n\n        and\n        xyz >= 2",
    "a surrogate pair": "\"abc <> '😀' and xyz >= 2\"",
  };
  for (const [name, scalar] of Object.entries(forms)) {
    it(`are right with ${name}`, () => {
      const text = contractWith(scalar);
      const { contract, placeWithin } = parseContract(text, "trainyard.yaml");
      const value = (contract.prepare.rows[0] as { where: string }).where;
      const path = ["prepare", "rows", 0, "where"];
      assert.match(textAt(placeWithin(path, value.indexOf("abc")), text.split("\n")), /^abc/);
      assert.match(textAt(placeWithin(path, value.indexOf("xyz")), text.split("\n")), /^(xyz|\\x78yz) >= 2/);
      assert.match(textAt(placeWithin(path, value.trimEnd().length), text.split("\n")), /^["']?$/);
    });
  }
});

describe("values from elsewhere", () => {
  const withFile = wages.replace(/ {2}params: \{.*/, "  params: params.yaml#mlp.small");
  const readFile = () => "mlp:\n  small: { epochs: 3, l2: 0.5 }\n";

  it("are set from the command line", () => {
    const { contract, place } = parseContract(wages, "t.yaml", [
      "train.params.epochs=5",
      "features[1].one_hot=[sector]",
    ]);
    assert.equal("with" in contract.train && contract.train.params.epochs, 5);
    assert.deepEqual(place(["train", "params", "epochs"]), { file: "--set train.params.epochs=5" });
    assert.equal(place(["train", "params", "hidden"]).file, "t.yaml");
  });

  it("may be new entries, new maps and names with a dot", () => {
    const sets = [
      "features.2={keep: [gender]}",
      'data.personal."e.mail"=drop',
      "evaluate.bootstrap.resamples=50",
    ];
    const { contract } = parseContract(wages, "t.yaml", sets);
    assert.deepEqual(contract.features[2 as never], { keep: ["gender"] });
    assert.deepEqual(contract.data.personal, { married: "drop", "e.mail": "drop" });
    assert.equal(contract.evaluate.bootstrap.resamples, 50);
  });

  it("take a key out when they are null", () => {
    assert.equal(parseContract(wages, "t.yaml", ["owner=null"]).contract.owner, undefined);
  });

  it("leave the aliases of what they change alone", () => {
    const text = wages
      .replace("scale: [education, age", "scale: &numbers [education, age")
      .replace("  - one_hot", "  - missing: *numbers\n  - one_hot");
    const { features } = parseContract(text, "t.yaml", ["features.0.scale.0=age"]).contract;
    assert.deepEqual((features[1 as never] as { missing: string[] }).missing[0], "education");
  });

  it("are refused as wrong usage", () => {
    assert.equal(errorsOf(wages, ["train.params.epoch=5"]).exit, 2);
    assert.equal(errorsOf(wages.replace("model: wages", "modle: wages"), ["train.params.epoch=5"]).exit, 1);
    assert.match(errorsOf(wages, ["__proto__.x=5"]).message, /is not PATH=VALUE/);
  });

  it("come from a file of parameters, which overrides reach into", () => {
    const { contract, files, place } = parseContract(
      withFile,
      "models/t.yaml",
      ["train.params.epochs=9"],
      readFile,
    );
    assert.deepEqual(
      "with" in contract.train && [contract.train.params.epochs, contract.train.params.l2],
      [9, 0.5],
    );
    assert.deepEqual(files, ["params.yaml"]);
    assert.deepEqual(place(["train", "params", "l2"]), { file: "models/params.yaml", line: 2, column: 27 });
  });

  it("come from a file that is read asynchronously", async () => {
    const asked: string[] = [];
    const { contract } = await readContract(withFile, "t.yaml", [], async (path) => {
      asked.push(path);
      return readFile();
    });
    assert.equal("with" in contract.train && contract.train.params.epochs, 3);
    assert.deepEqual(asked, ["params.yaml"]);
  });

  it("come from no file outside of the repository", () => {
    for (const path of [
      "../p.yaml",
      "/etc/p.yaml",
      "a/../../p.yaml",
      "file:///p.yaml",
      "C:/p.yaml",
      "..\\p.yaml",
      "~/p.yaml",
    ]) {
      const text = withFile.replace("params.yaml#", `${path}#`);
      const never = () => assert.fail("a file outside was read");
      assert.match(errorsOf(text, [], never).message, /name a file beside the contract or below it/);
    }
  });
});

describe("hostile contracts", () => {
  it("are not read above 10 MB", () => {
    const large = new Uint8Array(10_000_001).fill(0x20);
    assert.throws(
      () => decodeContract(large, "trainyard.yaml"),
      /has 10\.0 MB; a contract has at most 10 MB/,
    );
    assert.match(errorsOf(`a: ${"é".repeat(5_000_000)}`).message, /at most 10 MB/);
  });

  it("end in few words, however much is wrong", () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `key${index}: 1`).join("\n");
    assert.ok(errorsOf(`${wages}\n${keys}`).message.split("\n").length <= 52);
    assert.ok(errorsOf(`${wages}x: {a: ${"(a,".repeat(5000)}}`).message.length < 20_000);
  });

  it("name no file that no system has", () => {
    for (const [path, said] of [
      [`${"x".repeat(300)}.csv`, "a name in a path has at most 255 bytes"],
      [JSON.stringify("b/x\0.csv"), "a path has no control characters"],
      [JSON.stringify("(".repeat(20_000)), "a path has at most 4096 characters"],
    ] as const) {
      const { issues } = errorsOf(wages.replace("data/cps.csv", () => path));
      assert.equal(issues[0]?.message.split("; ").at(-1), said);
    }
  });

  it("change no prototype", () => {
    const { issues } = errorsOf(`${wages}__proto__: { polluted: 1 }\nconstructor: 1\ntoString: 1\n`);
    assert.deepEqual(
      issues.map(({ message }) => message.split(";")[0]),
      ['"__proto__" is no name for a key', 'unknown key "constructor"', 'unknown key "toString"'],
    );
    assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
  });

  it("are not nested without end", () => {
    assert.match(errorsOf("[".repeat(100_000)).message, /nested too deep/);
    assert.match(
      errorsOf(Array.from({ length: 3000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")).message,
      /too deep/,
    );
  });
});
