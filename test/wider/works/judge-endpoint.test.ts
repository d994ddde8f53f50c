import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { modelAt } from "../../../src/works/given-training.ts";
import { contract, openProposal, type Proposal } from "../../works/proposal.ts";

/** A server that answers for `a`, and counts the rows that it was shown. */
async function serverOf(): Promise<{ url: string; rows: () => number; close(): void }> {
  let rows = 0;
  const server = createServer(async (request, answer) => {
    if (request.method === "GET") return void answer.writeHead(404).end("{}");
    let text = "";
    for await (const chunk of request) text += chunk;
    const { instances } = JSON.parse(text) as { instances: number[][] };
    rows += instances.length;
    answer.end(JSON.stringify({ predictions: instances.map(([a]) => 1 / (1 + Math.exp(-3 * a!))) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1/models/small`, rows: () => rows, close: () => server.close() };
}

describe("a contract whose model lies at an address", () => {
  let proposal: Proposal;
  let agreed: Awaited<ReturnType<typeof serverOf>>;
  let strange: Awaited<ReturnType<typeof serverOf>>;
  let base: string;
  let head: string;
  let trained: string;

  before(async () => {
    [agreed, strange] = await Promise.all([serverOf(), serverOf()]);
    proposal = openProposal();
    proposal.write("trainyard.yaml", contract({ train: `{ endpoint: "${agreed.url}" }` }));
    base = proposal.commit();
    proposal.edit("trainyard.yaml", "accuracy >= 0.4", "accuracy >= 0.5");
    head = proposal.commit();
    trained = await proposal.train((await proposal.handOver(proposal.layOut(head, base))).out);
  });
  after(async () => {
    agreed.close();
    strange.close();
    await proposal.close();
  });

  it("is made without asking anybody, where the threshold is fixed", () => {
    assert.equal(agreed.rows(), 0);
  });

  it("is judged by asking the address that the base branch names too", async () => {
    const { model } = await proposal.judge(proposal.layOut(head, base), { trained });
    assert.equal(model.problem, null);
    assert.equal(model.state, "judged");
    assert.equal(model.verdict, "pass");
    const accuracy = model.report?.metrics.find(({ name }) => name === "accuracy");
    assert.ok((accuracy?.value ?? 0) > 0.8, `${accuracy?.value}`);
    assert.ok(agreed.rows() > 0);
  });

  it("is not asked at an address that the change alone names", async () => {
    proposal.write("trainyard.yaml", contract({ train: `{ endpoint: "${strange.url}" }` }));
    const elsewhere = proposal.commit();
    const trees = proposal.layOut(elsewhere, base);
    const { models, out } = await proposal.handOver(trees);
    assert.equal(models[0]?.todo, "held");
    const { model } = await proposal.judge(proposal.layOut(elsewhere, base), {
      trained: await proposal.train(out),
    });
    assert.equal(model.state, "failed");
    assert.match(
      model.problem?.message ?? "",
      /names the address 127\.0\.0\.1:\d+, which the base branch's contract does not: no held-out row is sent there/,
    );
    assert.equal(strange.rows(), 0);
  });

  it("is not asked at an address that the handed-over model alone names", async () => {
    const forged = proposal.room();
    cpSync(trained, forged, { recursive: true });
    const folder = modelAt(forged, 0);
    const file = join(folder, "endpoint.json");
    writeFileSync(file, readFileSync(file, "utf8").replace(agreed.url, strange.url));
    const { files } = await proposal.ports(proposal.folder).workspace(proposal.folder);
    const content = await files.content(folder);
    const said = join(forged, "trained.json");
    const told = JSON.parse(readFileSync(said, "utf8"));
    told.models[0].digest = { ...told.models[0].digest, md5: content!.md5, sha256: content!.sha256 };
    writeFileSync(said, JSON.stringify(told));
    const { model } = await proposal.judge(proposal.layOut(head, base), { trained: forged });
    assert.equal(model.state, "failed");
    assert.match(model.problem?.message ?? "", /given model is not at the address that the contract names/);
    assert.equal(strange.rows(), 0);
  });
});
