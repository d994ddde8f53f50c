import assert from "node:assert/strict";
import { test } from "node:test";
import type { HoldoutRows } from "../../../src/core/gates/power.ts";
import type { Report } from "../../../src/core/report/report.ts";
import { openRepository, type Repository } from "../../journeys/repository.ts";

function reportOf(repository: Repository): Report {
  const { status, stderr } = repository.trainyard("run");
  assert.ok([0, 1, 3].includes(status ?? -1), stderr);
  return repository.json(".trainyard/report.json") as Report;
}

test("a contract's weights teach, choose the threshold, and count in every figure unless it says not", (context) => {
  const repository = openRepository(context, "wages");
  repository.edit("trainyard.yaml", "    positive:", "    weight: age\n    positive:");
  repository.edit(
    "trainyard.yaml",
    "evaluate:\n",
    `evaluate:
  test: permutation
  zero_division: no data
  slices: auto
  custom: { years: { value: experience, better: higher } }
`,
  );
  const weighted = reportOf(repository);
  assert.ok(weighted.warnings.some(({ title }) => title === "Rows count by their weight"));
  for (const { name, interval } of weighted.metrics) {
    if (interval !== null) assert.match(interval.method, /weighted rows|^Wilson, of the worth of /, name);
  }
  const group = weighted.fairness[0]!.groups[0]!;
  assert.ok(group.accuracy.of < group.size, "denominators are effective numbers of rows");
  assert.match(repository.read(".trainyard/report.html"), /Rows count by their weight/);
  assert.equal(weighted.slices?.weighted, true);
  const { rows } = weighted.subject;
  const power = JSON.parse(repository.trainyard("power", "--json").stdout);
  const [counted] = power.contracts.map((one: { rows: HoldoutRows }) => one.rows);
  assert.ok(rows.effective !== undefined && rows.effective < rows.holdout);
  assert.equal(counted.holdout, rows.holdout);
  assert.equal(counted.effective.holdout, Number(rows.effective.toPrecision(9)));
  assert.equal(counted.effective.classes.length, 2);
  const [gate] = power.contracts[0].gates;
  const gated = weighted.metrics.find(({ name }) => gate.condition.startsWith(name))!;
  const { low, high } = gate.against === "number" ? gated.interval! : gated.difference!.interval!;
  assert.equal(gate.prospects[0].half_width.toFixed(6), ((high - low) / 2).toFixed(6));

  repository.edit(
    "trainyard.yaml",
    "  test: permutation\n",
    "  weighted: false\n  bootstrap: { stratify: label }\n",
  );
  const equal = reportOf(repository);
  assert.ok(!equal.warnings.some(({ title }) => title === "Rows count by their weight"));
  const auc = (report: Report) => report.metrics.find(({ name }) => name === "roc_auc")!;
  assert.notEqual(auc(equal).value, auc(weighted).value);
  const years = (report: Report) => report.metrics.find(({ name }) => name === "years")!.value!;
  assert.ok(years(weighted) > years(equal), "who is older has worked longer");
  assert.equal(equal.slices?.weighted, undefined);
  assert.equal(equal.subject.rows.effective, undefined);
  assert.match(auc(equal).interval!.method, /as many of each class as there are/);

  repository.edit("trainyard.yaml", "  bootstrap: { stratify: label }\n", "  bootstrap: { block: 7 }\n");
  const { status, stderr } = repository.trainyard("run");
  assert.equal(status, 1);
  assert.match(stderr, /blocks of time need data\.roles\.time/);
});
