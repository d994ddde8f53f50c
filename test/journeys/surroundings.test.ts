import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openRepository, type Repository } from "./repository.ts";

interface Case {
  readonly name: string;
  readonly arguments?: readonly string[];
  readonly says: RegExp;
  given(repository: Repository): void;
}

const CASES: readonly Case[] = [
  {
    name: "a source that is a link out of the repository",
    says: /^trainyard: "data\/cps\.csv" is or lies below a link that leads out of the repository/m,
    given({ folder }) {
      unlinkSync(join(folder, "data/cps.csv"));
      symlinkSync("/etc/passwd", join(folder, "data/cps.csv"));
    },
  },
  {
    name: "a source below a link out of the repository",
    says: /^trainyard: "etc\/passwd" is or lies below a link that leads out of the repository/m,
    given(repository) {
      symlinkSync("/etc", join(repository.folder, "etc"));
      repository.edit("trainyard.yaml", "data/cps.csv", "etc/passwd");
    },
  },
  {
    name: "an absolute source",
    says: /trainyard\.yaml:\d+:\d+ the source "\/etc\/passwd" is absolute/,
    given: (repository) => repository.edit("trainyard.yaml", "data/cps.csv", "/etc/passwd"),
  },
  {
    name: "a folder in the lock's place",
    says: /^trainyard: trainyard\.lock: a folder, where a file belongs/m,
    given: ({ folder }) => void mkdirSync(join(folder, "trainyard.lock")),
  },
  {
    name: "a file in the place of Trainyard's own folder",
    says: /\.trainyard: a file, where a folder belongs/,
    given: (repository) => repository.write(".trainyard", ""),
  },
  {
    name: "a folder that is not there",
    arguments: ["-C", "nowhere", "run"],
    says: /^trainyard: the folder ".*nowhere" is not there/m,
    given: () => undefined,
  },
];

for (const bad of CASES) {
  test(`${bad.name} ends in one clear message`, (context) => {
    const repository = openRepository(context, "wages");
    bad.given(repository);
    const { status, stderr } = repository.trainyard(...(bad.arguments ?? ["run"]));
    assert.equal(status, 1, stderr);
    assert.match(stderr, bad.says);
    assert.doesNotMatch(stderr, /\n {4}at |a bug in|root:/, stderr);
  });
}

test("--json answers with one JSON value whatever goes wrong, with paths as they are given", (context) => {
  const repository = openRepository(context);
  for (const [words, status, message] of [
    [["lineage", "--json"], 2, "missing required argument 'subject'"],
    [["rnu", "--json"], 2, "unknown command 'rnu' (Did you mean run?)"],
    [["profile", "none.csv", "--json"], 1, 'there is no file "none.csv"'],
    [["add", "none.csv", "--json"], 1, '"none.csv" is not there'],
  ] as const) {
    const ended = repository.trainyard(...words);
    assert.deepEqual(JSON.parse(ended.stdout), { error: { message } });
    assert.equal(ended.stderr, `trainyard: ${message}\n`);
    assert.equal(ended.status, status);
  }
  repository.write("torn.csv", "a,b\n1,2\n3\n");
  const { error } = JSON.parse(repository.trainyard("profile", "torn.csv", "--json").stdout);
  assert.deepEqual(error.at, { file: "torn.csv", line: 3 });
  assert.match(error.message, /^torn\.csv:3 has 1 cell /);
  assert.equal(repository.trainyard("add", "--", "--json").stdout, "", "a file of that name is no wish");
});
