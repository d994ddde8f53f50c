import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openRepository, type Repository } from "../../journeys/repository.ts";

/** A small contract on a CSV of the test's own. */
function contract(
  more: { expect?: string; features?: string; train?: string; split?: string; data?: string } = {},
): string {
  return `model: small
task: binary-classification
data:
  sources: { rows: ${more.data ?? "rows.csv"} }
  roles: { label: y, positive: 1, sensitive: [g] }
${more.expect ?? ""}split: ${more.split ?? "{ by: hash, holdout: 30%, validation: 10% }"}
features:
  - ${more.features ?? "scale: [a, b]"}
train: ${more.train ?? "{ with: logistic, params: { epochs: 2 } }"}
evaluate: { bootstrap: { resamples: 20 }, gates: [accuracy >= 0.1] }
`;
}

/** 60 rows that a model can learn from: a tells the label, b and g do not. */
function rows(
  cell: (row: number) => string = (row) =>
    `${row % 7},${(row * 31) % 11},${row % 7 > 3 ? 1 : 0},${row % 2 === 0 ? "x" : "y"}`,
): string {
  return `a,b,y,g\n${Array.from({ length: 60 }, (_, row) => cell(row)).join("\n")}\n`;
}

interface Case {
  readonly name: string;
  readonly data?: string | Buffer;
  readonly contract?: string;
  readonly says: RegExp;
}

const line = (row: number): string => `${row % 7},${(row * 31) % 11},${row % 7 > 3 ? 1 : 0},x`;

const CASES: readonly Case[] = [
  { name: "a header without rows", data: "a,b,y,g\n", says: /no rows/ },
  { name: "an empty file", data: "", says: /rows\.csv.*empty|no rows|no columns/ },
  { name: "two columns of one name", data: rows().replace("a,b,", "a,a,"), says: /rows\.csv.*"a"/ },
  { name: "a column without a name", data: rows().replace("a,b,", "a,,"), says: /rows\.csv.*name/ },
  { name: "a broken quote", data: `${rows()}"broken,1,1,x\n1,2,0,y\n`, says: /rows\.csv:\d+ .*quote/ },
  {
    name: "Latin-1 bytes",
    data: Buffer.from(
      rows((row) => `${line(row)}\xe9`),
      "latin1",
    ),
    says: /rows\.csv.*UTF-8.*latin-1/,
  },
  {
    name: "a row with too many cells",
    data: rows((row) => (row === 40 ? "1,2,3,4,5,6" : line(row))),
    says: /rows\.csv:42 has more than 4 cells/,
  },
  {
    name: "mixed line ends",
    data: rows((row) => line(row) + (row % 2 === 0 ? "\r" : "")),
    says: /rows\.csv.*line ends|^$/,
  },
  {
    name: "a label with one class",
    data: rows((row) => `${row},1,1,x`),
    says: /"y".*(one class|same value)/,
  },
  {
    name: "a label that is missing in some rows",
    data: rows((row) => (row % 10 === 0 ? "1,2,,x" : line(row))),
    says: /label "y".*6 /s,
  },
  { name: "a feature of nulls", data: rows((row) => `,${row},${row % 2},x`), says: /"a"/ },
  {
    name: "a feature that is not there",
    contract: contract({ features: "scale: [a, age]" }),
    says: /trainyard\.yaml:8:16 .*"age"/,
  },
  {
    name: "a derived value of a column that is not there",
    contract: contract()
      .replace("split:", "prepare:\n  values:\n    - drop: [b]\n    - derive: { z: 'a + wage' }\nsplit:")
      .replace("[a, b]", "[a]"),
    says: /trainyard\.yaml:9:25 .*derive: z: unknown column "wage"/,
  },
  {
    name: "a condition on a column that is not there",
    contract: contract().replace("split:", 'prepare: { rows: [{ where: "a > 0 and wage > 1" }] }\nsplit:'),
    says: /trainyard\.yaml:6:39 .*unknown column "wage"/,
  },
  {
    name: "a condition that is no condition",
    contract: contract().replace("split:", 'prepare: { rows: [{ where: "a + 1" }] }\nsplit:'),
    says: /trainyard\.yaml:6:28 .*"a \+ 1" is a number/,
  },
  {
    name: "a column that a step before took away",
    contract: contract().replace("split:", "prepare: { values: [{ drop: [b] }] }\nsplit:"),
    says: /trainyard\.yaml:9:16 .*"b"/,
  },
  {
    name: "a label that the data do not have",
    contract: contract().replace("label: y", "label: why"),
    says: /trainyard\.yaml:5:19 .*"why"/,
  },
  {
    name: "an unknown key",
    contract: `${contract()}fetaures: []\n`,
    says: /trainyard\.yaml:\d+:1 .*"fetaures".*"features"/,
  },
  {
    name: "a gate on an unknown metric",
    contract: contract().replace("accuracy >= 0.1", "acuracy >= 0.1"),
    says: /trainyard\.yaml:\d+:\d+ .*"acuracy".*"accuracy"/,
  },
  {
    name: "a sensitive column that was dropped",
    contract: contract().replace("split:", "prepare: { values: [{ drop: [g] }] }\nsplit:"),
    says: /trainyard\.yaml:\d+:\d+ .*"g"/,
  },
  {
    name: "a split that leaves no holdout",
    contract: contract({ split: "{ by: hash, holdout: 0%, validation: 10% }" }),
    says: /holdout/,
  },
  { name: "a source that is not there", contract: contract({ data: "gone.csv" }), says: /"gone\.csv"/ },
  {
    name: "a source outside of the repository",
    contract: contract({ data: "../../../etc/passwd" }),
    says: /outside|not below|\.\./,
  },
  {
    name: "a flow map torn apart by a comma",
    contract: contract().replace(
      "split:",
      "prepare: { values: [{ derive: { c: greatest(a, b) } }] }\nsplit:",
    ),
    says: /trainyard\.yaml:\d+:\d+ .*"greatest\(a, b\)"/s,
  },
  {
    name: "a command that fails",
    contract: contract({ train: "{ run: 'echo to no avail; exit 1', code: [rows.csv] }" }),
    says: /exit(ed|s)? .*1.*to no avail/s,
  },
  {
    name: "a command that leaves nothing",
    contract: contract({ train: "{ run: 'true', code: [rows.csv] }" }),
    says: /model\.onnx/,
  },
  {
    name: "a command that is killed",
    contract: contract({ train: "{ run: 'kill -9 $$', code: [rows.csv] }" }),
    says: /SIGKILL|killed/,
  },
  {
    name: "a command that leaves half a model",
    contract: contract({ train: "{ run: 'head -c 100 /dev/zero > model.onnx', code: [rows.csv] }" }),
    says: /model\.onnx/,
  },
];

function given(repository: Repository, { data, contract: text }: Case): void {
  repository.write("rows.csv", (data ?? rows()) as string);
  repository.write("trainyard.yaml", text ?? contract());
}

/** What a failed command must not leave: drafts, and a lock that names what does not exist. */
function unharmed(repository: Repository): void {
  const left = readdirSync(repository.folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => /\.tmp$|\/tmp\/.|draft/.test(path) && !path.startsWith(".git/"),
  );
  assert.deepEqual(left, []);
}

test("the small contract itself is sound", (context) => {
  const repository = openRepository(context);
  given(repository, { name: "", says: /./ });
  const { status, stderr } = repository.trainyard("run");
  assert.equal(status, 0, stderr);
});

test("an expectation on a column that is not there fails, and says where it is written", (context) => {
  const repository = openRepository(context);
  given(repository, {
    name: "",
    contract: contract({ expect: "  expect: [{ sql: a > 0 or wage > 0 }]\n" }),
    says: /./,
  });
  const { status, stdout } = repository.trainyard("run");
  assert.equal(status, 1, stdout);
  assert.match(stdout, /trainyard\.yaml:6:28 unknown column "wage"/);
});

for (const bad of CASES) {
  test(`${bad.name} ends in one clear message`, (context) => {
    const repository = openRepository(context);
    given(repository, bad);
    const { status, stderr, stdout } = repository.trainyard("run");
    const message = stderr
      .split("\n")
      .slice(stderr.split("\n").findIndex((text) => text.startsWith("trainyard: ")))
      .join("\n");
    assert.equal(status, 1, stderr + stdout);
    assert.match(message, bad.says);
    assert.doesNotMatch(stderr, /\n {4}at /, "a user's mistake has no stack");
    unharmed(repository);
    const began = existsSync(join(repository.folder, "trainyard.lock"));
    given(repository, { name: "", says: /./ });
    // Where stages were finished before the end, the next run goes on from them; else it would be the first.
    const mended = repository.trainyard(...(began ? ["run"] : ["status"]));
    assert.equal(mended.status, 0, `after mending: ${mended.stderr}`);
  });
}
