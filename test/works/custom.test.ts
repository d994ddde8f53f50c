import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { stringify } from "yaml";
import { type OpenPorts, openPorts } from "../../src/adapters/open.ts";
import { parseContract } from "../../src/config/parse.ts";
import type { CustomMetric } from "../../src/core/measures/custom.ts";
import { customByGroup, customRow } from "../../src/core/measures/custom.ts";
import { evaluate } from "../../src/core/measures/evaluation.ts";
import type { Task } from "../../src/core/measures/task.ts";
import { textColumn } from "../../src/core/tables/text-column.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { withCustom } from "../../src/works/custom.ts";
import { amountsOfSide } from "../../src/works/custom-amounts.ts";
import type { StageProject } from "../../src/works/project.ts";
import { near, oracle } from "../oracles/oracle.ts";

interface Definition {
  readonly value: string;
  readonly over?: string;
  readonly aggregate?: "mean" | "sum";
  readonly better: "higher" | "lower";
}

interface Found {
  readonly value: number | null;
  readonly groups: Readonly<Record<string, number | null>>;
  readonly weighted: number | null;
  readonly weighted_groups: Readonly<Record<string, number | null>>;
}

interface Case {
  readonly name: string;
  readonly task: Task;
  readonly classes: readonly string[];
  readonly label: readonly (string | number)[];
  readonly scores: readonly (number | readonly number[])[];
  readonly other: readonly (number | readonly number[])[];
  readonly amount: readonly number[];
  readonly rate: readonly number[];
  readonly group: readonly string[];
  /** Of which some are 0. */
  readonly weights: readonly number[];
  readonly metrics: Readonly<Record<string, { contract: Definition; candidate: Found; baseline: Found }>>;
}

const { cases } = oracle<{ cases: readonly Case[] }>("custom");
const room = mkdtempSync(join(tmpdir(), "trainyard-custom-"));
let ports: OpenPorts;
let engine: Engine;

before(async () => {
  ports = openPorts({ folder: room, stream: process.stderr, environment: {} });
  engine = await ports.engine();
});
after(async () => {
  await ports.close();
  rmSync(room, { recursive: true, force: true });
});

const quoted = (text: unknown): string => `"${String(text).replaceAll('"', '""')}"`;

/** Puts a case's rows where prepared rows are; those of training are others. */
async function load(one: Case): Promise<void> {
  const lines = one.label.map((label, row) =>
    [row + 1, "holdout", quoted(label), one.amount[row], one.rate[row], quoted(one.group[row])].join(),
  );
  const path = join(room, `${cases.indexOf(one)}.csv`);
  writeFileSync(
    path,
    `__row,__split,y,amount,rate,g\n0,train,${quoted(one.label[0])},7,7,"m"\n${lines.join("\n")}\n`,
  );
  await engine.load("prepared", { paths: [path], format: "csv" });
}

function projectOf(one: Case, custom: Record<string, Definition>, evaluation: object = {}): StageProject {
  const text = stringify({
    model: "m",
    task: one.task,
    data: {
      sources: { rows: "rows.csv" },
      roles: { label: "y", sensitive: ["g"], ...(one.classes.length === 2 ? { positive: 1 } : {}) },
    },
    features: [{ keep: ["amount"] }],
    train: { with: one.task === "regression" ? "linear" : "logistic" },
    evaluate: { bootstrap: { resamples: 60 }, custom, ...evaluation },
  });
  const parsed = parseContract(text, "trainyard.yaml");
  return { contract: parsed.contract, parsed, ports } as unknown as StageProject;
}

const definitions = ({ metrics }: Case): Record<string, Definition> =>
  Object.fromEntries(Object.entries(metrics).map(([name, { contract }]) => [name, contract]));

function scoredOf(one: Case, scores: Case["scores"]) {
  const labels = one.label.map((label) =>
    one.task === "regression" ? label : one.classes.indexOf(String(label)),
  );
  return {
    labels: Float64Array.from(labels as number[]),
    scores: Float64Array.from(scores.flat()),
    outputs: one.classes.length > 2 ? one.classes.length : 1,
  };
}

/** The amounts of both models of a case. */
async function amountsOf(one: Case) {
  await load(one);
  const project = projectOf(one, definitions(one));
  const ask = (scores: Case["scores"]) =>
    amountsOfSide(engine, project, {
      side: "holdout",
      scored: scoredOf(one, scores),
      classes: one.classes,
      names: Object.keys(one.metrics),
    });
  return { candidate: await ask(one.scores), baseline: await ask(one.other) };
}

async function groupColumn() {
  const table = await engine.table(`SELECT g FROM prepared WHERE __split = 'holdout' ORDER BY __row`);
  return textColumn(table.columns.get("g") ?? { kind: "number", values: new Float64Array() });
}

const SURE = { resamples: 400, confidence: 0.9, seed: 3, minGroupSize: 1, accuse: true };

for (const one of cases) {
  test(`metrics of a contract are NumPy's: ${one.name}`, async () => {
    const { candidate, baseline } = await amountsOf(one);
    const column = await groupColumn();
    for (const [name, { contract, ...expected }] of Object.entries(one.metrics)) {
      const metric: CustomMetric = {
        name,
        title: name,
        better: contract.better,
        aggregate: contract.over === undefined ? (contract.aggregate ?? "mean") : "ratio",
      };
      const [own, base] = [candidate.get(name), baseline.get(name)];
      assert.ok(own !== undefined && base !== undefined);
      const models = { candidate: own, train: undefined, baseline: base };
      const row = customRow(metric, models, { ...SURE, resamples: 0 });
      near(row.value, expected.candidate.value, name);
      near(row.baseline, expected.baseline.value, `${name} of the baseline`);
      if (row.value === null) assert.match(row.reason ?? "", /no amount|adds up to 0/);
      const by = customByGroup(metric, models, column, SURE);
      for (const group of by?.groups ?? []) {
        near(group.value, expected.candidate.groups[group.group] ?? null, `${name} of ${group.group}`);
        near(
          group.baseline,
          expected.baseline.groups[group.group] ?? null,
          `${name} of ${group.group} before`,
        );
        if (group.accused === null) continue;
        assert.ok(
          group.value !== null && group.accused.low <= group.value && group.value <= group.accused.high,
        );
      }
      if (one.label.length > 1) assert.equal(by?.groups.length, new Set(one.group).size);
    }
  });
}

const weighing = (one: Case) => ({ weights: Float64Array.from(one.weights) });

for (const one of cases) {
  test(`metrics of a contract whose rows have weights are NumPy's: ${one.name}`, async () => {
    await load(one);
    const project = projectOf(one, definitions(one), {
      bootstrap: { resamples: 20 },
      groups: { min_size: 1 },
    });
    const column = await groupColumn();
    const input = {
      classes: one.classes,
      holdout: { ...scoredOf(one, one.scores), ...weighing(one) },
      train: undefined,
      baseline: scoredOf(one, one.other), // its rows are the candidate's, and so are their weights
      sensitive: new Map([["g", column]]),
      clusters: undefined,
    };
    const measured = evaluate({
      task: one.task,
      classes: one.classes,
      candidate: input.holdout,
      sensitive: input.sensitive,
      ...SURE,
      resamples: 0,
    });
    const found = await withCustom(engine, project, input, measured);
    const by = found.fairness[0]?.custom ?? [];
    for (const [name, { candidate, baseline }] of Object.entries(one.metrics)) {
      const row = found.metrics.find((metric) => metric.name === name);
      near(row?.value ?? null, candidate.weighted, name);
      near(row?.baseline ?? null, baseline.weighted, `${name} of the baseline`);
      if (row?.interval) assert.match(row.interval.method, /weighted rows/);
      for (const group of by.find((metric) => metric.name === name)?.groups ?? []) {
        near(group.value, candidate.weighted_groups[group.group] ?? null, `${name} of ${group.group}`);
        near(group.baseline, baseline.weighted_groups[group.group] ?? null, `${name} of ${group.group}`);
        const rows = one.weights.filter((weight, at) => weight > 0 && one.group[at] === group.group);
        assert.equal(group.rows, rows.length);
      }
    }
    if (one.label.length > 1) assert.equal(by.length, Object.keys(one.metrics).length);
  });
}

test("with weights, too, intervals and differences are those of the built-in metric that means the same", async () => {
  const one = cases.find(({ task }) => task === "regression")!;
  await load(one);
  const project = projectOf(one, { absolute: definitions(one).absolute! });
  const candidate = { ...scoredOf(one, one.scores), ...weighing(one) };
  const sensitive = new Map([["g", await groupColumn()]]);
  const models = { candidate, baseline: scoredOf(one, one.other), sensitive };
  const sure = { resamples: 300, confidence: 0.95, seed: 7, minGroupSize: 1 };
  const { evaluate: settings } = project.contract;
  assert.equal(settings.bootstrap.confidence, sure.confidence);
  const { bootstrap } = settings;
  const asked = {
    ...project,
    contract: {
      ...project.contract,
      evaluate: { ...settings, bootstrap: { ...bootstrap, resamples: sure.resamples, seed: sure.seed } },
    },
  };
  const measured = evaluate({ task: "regression", classes: [], ...models, ...sure });
  const input = { classes: [], holdout: candidate, train: undefined, ...models, clusters: undefined };
  const found = await withCustom(engine, asked, input, measured);
  const [mae, own] = ["mae", "absolute"].map((name) => found.metrics.find((row) => row.name === name)!);
  assert.ok(mae?.interval != null && mae.difference?.interval != null);
  assert.deepEqual({ ...own, name: "mae", title: mae.title }, mae);
});

test("a sum of weighted rows is accused by what its rows add up to", () => {
  const rows = 60;
  const values = Float64Array.from({ length: rows }, (_, row) => 1 + (row % 7));
  const over = new Float64Array(rows).fill(1);
  const column = textColumn({ kind: "number", values: values.map((_, row) => row % 2) });
  const accused = (unit: number) => {
    const weights = values.map((_, row) => unit * (1 + (row % 3)));
    const metric = { name: "s", title: "s", better: "higher", aggregate: "sum" } as const;
    const models = { candidate: { values, over, weights }, baseline: undefined };
    const [group] = customByGroup(metric, models, column, { ...SURE, weights })!.groups;
    const { value, accused } = group!;
    assert.ok(value !== null && accused !== null && accused.low < value && value < accused.high);
    return accused;
  };
  near(accused(40).low, 40 * accused(1).low, "the weights' own unit");
});

test("a row that counts nothing needs no amount", async () => {
  const one = cases[0]!;
  await load(one);
  const project = projectOf(one, { some: { value: "ln(amount - 500)", better: "higher" } });
  const scored = scoredOf(one, one.scores);
  const weights = Float64Array.from(one.amount, (amount) => (amount > 500 ? 2 : 0));
  const input = { classes: one.classes, train: undefined, baseline: undefined, sensitive: new Map() };
  const measured = evaluate({
    task: one.task,
    classes: one.classes,
    candidate: { ...scored, weights },
    sensitive: new Map(),
    ...SURE,
    resamples: 0,
  });
  const asked = { ...input, holdout: { ...scored, weights }, clusters: undefined };
  const { metrics } = await withCustom(engine, project, asked, measured);
  const logs = one.amount.filter((amount) => amount > 500).map((amount) => Math.log(amount - 500));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  near(metrics.at(-1)?.value ?? null, mean, "mean of what counts");
});

test("intervals and differences are those of the built-in metric that means the same", async () => {
  const one = cases.find(({ task }) => task === "regression");
  assert.ok(one !== undefined);
  const { candidate, baseline } = await amountsOf(one);
  const sure = { resamples: 300, confidence: 0.95, seed: 7, method: "bca" } as const;
  const own = customRow(
    { name: "absolute", title: "absolute", better: "lower", aggregate: "mean" },
    { candidate: candidate.get("absolute")!, train: undefined, baseline: baseline.get("absolute") },
    sure,
  );
  const { metrics } = evaluate({
    task: "regression",
    classes: [],
    candidate: scoredOf(one, one.scores),
    baseline: scoredOf(one, one.other),
    sensitive: new Map(),
    minGroupSize: 1,
    ...sure,
  });
  const mae = metrics.find(({ name }) => name === "mae");
  assert.ok(mae?.interval != null && mae.difference?.interval != null);
  assert.deepEqual({ ...own, name: "mae", title: mae.title }, mae);
});

test("metrics stand where the contract names them, with their groups beside the others", async () => {
  const one = cases[0]!;
  await load(one);
  const project = projectOf(one, definitions(one), { metrics: ["profit", "roc_auc", "lost"] });
  const scored = scoredOf(one, one.scores);
  const sensitive = new Map([["g", await groupColumn()]]);
  const measured = evaluate({
    task: one.task,
    classes: one.classes,
    candidate: scored,
    sensitive,
    shown: ["roc_auc"],
    resamples: 0,
    confidence: 0.95,
    seed: 7,
    minGroupSize: 5,
  });
  const input = { classes: one.classes, holdout: scored, train: undefined, baseline: undefined, sensitive };
  const found = await withCustom(engine, project, { ...input, clusters: undefined }, measured);
  assert.equal(found.shown, 3);
  assert.deepEqual(
    found.metrics.slice(0, 3).map(({ name }) => name),
    ["profit", "roc_auc", "lost"],
  );
  assert.equal(found.metrics.at(-1)?.name, "undefined");
  assert.equal(found.fairness[0]?.custom?.length, Object.keys(one.metrics).length);

  const agreed = { ...project, agreed: { lost: project.contract.evaluate.custom!.lost! } };
  const judged = await withCustom(engine, agreed, { ...input, clusters: undefined }, measured);
  const rows = new Map(judged.metrics.map((row) => [row.name, row]));
  assert.equal(rows.get("profit")?.value, null);
  assert.match(rows.get("profit")?.reason ?? "", /measured once a code owner has agreed/);
  assert.notEqual(rows.get("lost")?.value, null);
});

const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ["no such column", "amuont * 2", /trainyard\.yaml:\d+:\d+ unknown column "amuont"; did you mean "amount"/],
  ["a text", "g || 'x'", /it gives a text; what a row counts is a number/],
  ["kinds that do not fit", "amount + g", /\+ wants number, and column "g" is text/],
  ["the rows' own numbers", "__row", /unknown column "__row"/],
  ["a score of a class that is not there", "score_x", /unknown column "score_x"; did you mean "score"/],
];

for (const [name, value, says] of WRONG) {
  test(`refused with its place: ${name}`, async () => {
    const one = cases[0]!;
    await load(one);
    const project = projectOf(one, { mine: { value, better: "higher" } });
    const asked = {
      side: "holdout",
      scored: scoredOf(one, one.scores),
      classes: one.classes,
      names: ["mine"],
    } as const;
    await assert.rejects(amountsOfSide(engine, project, asked), says);
  });
}
