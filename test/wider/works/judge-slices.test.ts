import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Slices } from "../../../src/core/report/sections/slices.ts";
import { openProposal, type Proposal } from "../../works/proposal.ts";

/** Rows of which a tells the label, but where b is small and g is x. */
function rows(count: number): string {
  const lines = Array.from({ length: count }, (_, row) => {
    const [a, b, g] = [row % 7, (row * 31) % 11, row % 2 === 0 ? "x" : "y"];
    const label = a > 3 !== (b < 3 && g === "x") ? 1 : 0;
    return `r${row},${a},${b},${g},is${label},${label}`;
  });
  return `id,a,b,g,answer,y\n${lines.join("\n")}\n`;
}

let proposal: Proposal;
before(() => {
  proposal = openProposal();
  proposal.edit("trainyard.yaml", "epochs: 3", "epochs: 40");
  proposal.edit("trainyard.yaml", "evaluate:\n", "evaluate:\n  slices: { min_support: 3% }\n");
});
after(() => proposal.close());

/** What the judge tells of a change of the training, by the base's contract. */
async function slicesOf(count: number, epochs: number): Promise<Slices> {
  proposal.write("data/rows.csv", rows(count));
  const base = proposal.commit();
  proposal.edit("trainyard.yaml", `epochs: ${epochs}`, `epochs: ${epochs + 1}`);
  const trees = proposal.layOut(proposal.commit(), base);
  const trained = await proposal.train((await proposal.handOver(trees)).out);
  const { model } = await proposal.judge(trees, { trained });
  const slices = model.report?.slices;
  assert.ok(slices !== undefined, "no slices in the report");
  return slices;
}

/** The slice that was planted. */
const planted = ({ weak }: Slices) =>
  weak.find(({ conditions }) => conditions.map(({ column }) => column).join() === "b,g");

describe("the judge", () => {
  test("finds a weak slice on the validation rows and confirms it on the holdout", async () => {
    const slices = await slicesOf(1500, 40);
    assert.equal(slices.rows.from, "validation");
    assert.deepEqual(slices.columns, ["a", "b", "g"]); // never the id, the label or what knows the answer
    assert.equal(planted(slices)?.confirmed, true);
    const [b, g] = planted(slices)?.conditions ?? [];
    assert.equal(b?.text, null);
    assert.equal(g?.text, "g = x"); // a group of a sensitive column is named anyway
  });

  test("parts the holdout where there are too few validation rows", async () => {
    const slices = await slicesOf(420, 41);
    assert.equal(slices.rows.from, "holdout");
    const { search, holdout } = slices.rows;
    assert.ok(Math.min(search, holdout) > 0.3 * (search + holdout), `${search} and ${holdout}`);
    assert.ok(planted(slices) !== undefined);
  });
});
