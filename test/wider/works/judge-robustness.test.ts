import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Report } from "../../../src/core/report/report.ts";
import { contract, openProposal, type Proposal } from "../../works/proposal.ts";

/** Rows of which a tells the label, and b nothing. */
function rows(count: number): string {
  const lines = Array.from({ length: count }, (_, row) => {
    const label = row % 7 > 3 ? 1 : 0;
    return `r${row},${row % 7},${(row * 31) % 11},${row % 2 === 0 ? "x" : "y"},is${label},${label}`;
  });
  return `id,a,b,g,answer,y\n${lines.join("\n")}\n`;
}

const ROBUSTNESS = `  robustness:
    perturb: { noise: [0.1, 1], missing: 20%, swap: true, units: true }
    metric: roc_auc
    expect:
      - { raising: a, never: lowers }
      - { raising: a, never: raises, severity: warn }
      - { changing: g, moves: at most 0.01 }
`;

let proposal: Proposal;
/** What was handed over last. */
let handedOver: string;
before(() => {
  proposal = openProposal();
  const gates = `    - accuracy >= 0.4
    - gate: drop roc_auc under noise <= 0.5
    - gate: drop roc_auc under units <= 0
      when_inconclusive: warn
`;
  const text = contract({ gates })
    .replace("evaluate:\n", `evaluate:\n${ROBUSTNESS}`)
    .replace("epochs: 3", "epochs: 40")
    .replace("resamples: 20", "resamples: 200");
  proposal.write("trainyard.yaml", text);
  proposal.write("data/rows.csv", rows(600));
});
after(() => proposal.close());

/** What the judge says of a change of the training, by the base's contract. */
async function reportOf(change: () => void): Promise<Report> {
  const base = proposal.commit();
  change();
  const trees = proposal.layOut(proposal.commit(), base);
  const { out } = await proposal.handOver(trees);
  handedOver = out;
  const trained = await proposal.train(out);
  const { model } = await proposal.judge(trees, { trained });
  assert.ok(model.report !== null, model.problem?.message);
  return model.report;
}

async function heldBack(): Promise<string[]> {
  const engine = await proposal.ports(handedOver).engine();
  const paths = [join(handedOver, "work/.trainyard/prepared.parquet")];
  await engine.load("p", { paths, format: "parquet" });
  const held = await engine.rows("SELECT __id FROM p WHERE __split = 'holdout'");
  await engine.close();
  return held.map(({ __id }) => String(__id));
}

describe("the judge", () => {
  test("asks a model that is data about worse rows, by the base's contract", async () => {
    const report = await reportOf(() => {
      proposal.edit("trainyard.yaml", "epochs: 40", "epochs: 41");
      proposal.edit("trainyard.yaml", "never: lowers }", "never: lowers, allow: 50% }"); // a change's own rules decide nothing
    });
    const { robustness } = report;
    assert.ok(robustness !== undefined);
    assert.equal(robustness.unchecked, null);
    assert.deepEqual(
      robustness.perturbations.map(({ name }) => name),
      ["noise", "missing", "swap", "units"],
    );
    // a carries the answer
    assert.equal(robustness.importance[0]?.name, "a");
    assert.ok(
      (robustness.importance[0]?.value ?? 0) > 0.2 && (robustness.importance[0]?.interval?.low ?? 0) > 0.1,
    );
    assert.ok(Math.abs(robustness.importance[1]?.value ?? 1) < 0.1);
    // it has no fill, so it refuses missing values rather than guess
    assert.deepEqual(
      robustness.perturbations[1]?.variants.map(({ state }) => state),
      ["refused", "refused"],
    );
    const [weak, strong] = [0.1, 1].map((strength) =>
      robustness.perturbations[0]?.variants.find(
        ({ columns, words }) => columns.join() === "a" && words.includes(` ${strength} `),
      ),
    );
    assert.ok((strong?.drops[0]?.drop ?? 0) > (weak?.drops[0]?.drop ?? 1));
    assert.deepEqual(robustness.stability?.repeated, 0);
    const curve = robustness.dependence.find(({ column }) => column === "a");
    const scores = curve?.points.map(({ score }) => score) ?? [];
    assert.ok(
      scores.every((score, place) => place === 0 || score > (scores[place - 1] ?? 0)),
      "the curve rises",
    );
    assert.ok(
      curve?.points.every(({ value }) => value === null),
      "no value of the data is told",
    );
    assert.equal(robustness.leakage.columns[0]?.column, "a");
    const told = new Map(
      report.gates.map(({ condition, state, verdict }) => [condition, `${state} ${verdict}`]),
    );
    assert.equal(told.get("drop roc_auc under noise <= 0.5"), "met pass");
    assert.match(told.get("drop roc_auc under units <= 0") ?? "", /^(broken fail|undecided warn)$/);
    assert.equal(told.get("raising a never lowers the score"), "met pass");
    assert.equal(told.get("raising a never raises the score"), "broken warn");
    assert.equal(told.get("changing g moves the score by at most 0.01"), "met pass");
  });

  test("says of a file of predictions that nothing was checked, and tells what the data tell", async () => {
    proposal.write(
      "train.cjs",
      `const { readFileSync, writeFileSync } = require("node:fs");
writeFileSync("predictions.csv", "id,score\\n" + readFileSync("ids.txt", "utf8").trim().split("\\n").map((id, i) => id + "," + ((i * 37) % 100) / 100).join("\\n") + "\\n");
`,
    );
    proposal.write("ids.txt", (await heldBack()).join("\n"));
    const report = await reportOf(() => {
      proposal.edit(
        "trainyard.yaml",
        "{ with: logistic, params: { epochs: 41 } }",
        "{ run: node train.cjs, code: [train.cjs, ids.txt], out: predictions.csv }",
      );
    });
    const { robustness } = report;
    assert.equal(robustness?.unchecked, "the model is known by its predictions alone");
    assert.deepEqual(robustness?.perturbations, []);
    assert.deepEqual(
      robustness?.expectations.map(({ state }) => state),
      ["not checked", "not checked", "not checked"],
    );
    assert.ok((robustness?.leakage.columns.length ?? 0) > 0);
    const drop = report.gates.find(({ condition }) => condition === "drop roc_auc under noise <= 0.5");
    assert.equal(drop?.verdict, "inconclusive");
    assert.match(drop?.explanation ?? "", /not checked: the model is known by its predictions alone/);
    assert.equal(
      report.gates.find(({ condition }) => condition === "raising a never lowers the score")?.verdict,
      "inconclusive",
    );
  });
});
