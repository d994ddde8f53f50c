import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { parseDvcLock } from "../../../src/core/artifacts/dvc-lock.ts";
import { parsePointer } from "../../../src/core/artifacts/pointer.ts";
import { lineageOf, type Sources } from "../../../src/core/lineage/build.ts";
import { partOf, withoutWork } from "../../../src/core/lineage/graph.ts";
import { showMermaid } from "../../../src/core/lineage/mermaid.ts";
import { openLineage } from "../../../src/core/lineage/openlineage.ts";
import { showTree } from "../../../src/core/lineage/tree.ts";
import { foldTags } from "../../../src/core/registry/fold.ts";
import { lockOf, modelOf, named, pointerTo } from "../../works/lineage/locks.ts";

const CONTEXT = {
  namespace: "https://github.com/acme/wages",
  address: "https://github.com/acme/wages",
  commit: "c".repeat(40),
  at: "2026-11-21T10:00:00.000Z",
  version: "0.1.0",
};

const IMPORT = `md5: 00112233445566778899aabbccddeeff
frozen: true
deps:
- path: raw/cps.csv
  repo:
    url: https://github.com/acme/surveys
    rev: v3
    rev_lock: ${"a".repeat(40)}
${pointerTo("rows", "cps.csv")}`;

/** A repository with data imported from another one, a model, its version, and where it serves. */
function sources(more: Partial<Sources> = {}): Sources {
  const { md5, sha256 } = modelOf({});
  return {
    pointers: [parsePointer(IMPORT, "data/cps.csv.dvc")],
    locks: [{ folder: "", lock: lockOf({}) }],
    dvcLocks: [],
    registry: [
      ...foldTags([
        {
          name: "wages@v1.2.0",
          commit: "d".repeat(40),
          message: `wages v1.2.0\n\nTrainyard-Sha256: ${sha256}\nTrainyard-Md5: ${md5}\n`,
          tagger: "ada",
          at: "2026-11-20T10:00:00Z",
        },
        {
          name: "wages@v1.1.0",
          commit: "e".repeat(40),
          message: `wages v1.1.0\n\nTrainyard-Sha256: ${"9".repeat(64)}\n`,
          tagger: "ada",
          at: "2026-11-19T10:00:00Z",
        },
      ]).values(),
    ],
    desired: [
      { environment: "production", desired: { model: "wages", digest: { md5, sha256 }, version: "v1.2.0" } },
      { environment: "staging", desired: { model: "wages", digest: { md5, sha256 } } },
    ],
    ...more,
  };
}

const short = (text: string): string => named(text).md5.slice(0, 8);

describe("a lineage", () => {
  it("leads from the source to where the model serves, without what stages hand to one another", () => {
    const id = "path models/wages";
    const part = withoutWork(partOf(lineageOf(sources()), id), id);
    const lock = lockOf({});
    const finger = (stage: string): string => lock.get(stage)?.fingerprint.slice(0, 8) ?? "";
    assert.deepEqual(showTree(part, id, { colour: false }).split("\n"), [
      `models/wages  ${modelOf({}).md5.slice(0, 8)}, 7 B, 2 files`,
      "made from",
      `└─ train  ${finger("train")}`,
      `   └─ ingest  ${finger("ingest")}`,
      `      ├─ data/cps.csv  ${short("rows")}, 4 B`,
      "      │  └─ import https://github.com/acme/surveys raw/cps.csv  at v3, at aaaaaaaaaaaa",
      `      └─ high_wage.sql  ${short("select")}, 6 B`,
      "leads to",
      `├─ evaluate  ${finger("evaluate")}`,
      "├─ version wages@v1.2.0  by ada, 2026-11-20",
      "│  └─ serves in production  deployments/production/wages.yaml",
      "└─ serves in staging  deployments/staging/wages.yaml",
    ]);
  });

  it("of a source is all that came of it, and of a branch nothing that lies beside it", () => {
    const all = lineageOf(sources());
    const source = partOf(all, "path data/cps.csv");
    assert.ok(source.nodes.has("environment production"));
    assert.equal(source.nodes.has("path high_wage.sql"), false);
    const version = partOf(all, "version wages@v1.2.0");
    assert.ok(version.nodes.has("path high_wage.sql"));
    assert.equal(version.nodes.has("stage evaluate"), false);
  });

  it("says where a pointer file names other bytes than those that went in", () => {
    const pointers = [parsePointer(pointerTo("newer", "cps.csv"), "data/cps.csv.dvc")];
    const { nodes } = lineageOf(sources({ pointers }));
    const { md5, details } = nodes.get("path data/cps.csv") ?? {};
    assert.equal(md5, named("rows").md5);
    assert.deepEqual(details, [`${short("newer")} is named elsewhere`]);
  });

  it("knows the stages of dvc.lock, and contracts in folders", () => {
    const dvc = parseDvcLock(
      `schema: '2.0'\nstages:\n  clean:\n    cmd: x\n    deps:\n    - path: raw.csv\n      hash: md5\n      md5: ${named("raw").md5}\n      size: 3\n    params:\n      params.yaml:\n        clean.rows: 5\n    outs:\n    - path: data/cps.csv\n      hash: md5\n      md5: ${named("rows").md5}\n      size: 4\n`,
      "wages/dvc.lock",
    );
    const { nodes, edges } = lineageOf(
      sources({
        pointers: [],
        dvcLocks: [{ folder: "wages", lock: dvc }],
        locks: [{ folder: "wages", lock: lockOf({}) }],
      }),
    );
    const part = partOf({ nodes, edges }, "path wages/models/wages");
    assert.ok(part.nodes.has("path wages/raw.csv"));
    assert.deepEqual(part.nodes.get("stage wages: clean")?.stage?.parameters, [
      { name: "params.yaml:clean.rows", value: 5 },
    ]);
    assert.ok(part.nodes.has("stage wages: train"));
  });
});

describe("the lineage of what a dvc.lock in a folder names", () => {
  const dependsOn = (path: string): readonly string[] => {
    const out = `    outs:\n    - path: sorted.csv\n      hash: md5\n      md5: ${named("rows").md5}\n      size: 4\n`;
    const lock = parseDvcLock(
      `schema: '2.0'\nstages:\n  sort:\n    cmd: x\n    deps:\n    - path: ${path}\n      hash: md5\n      md5: ${named("raw").md5}\n      size: 3\n${out}`,
      "steps/dvc.lock",
    );
    const found = lineageOf(sources({ locks: [], dvcLocks: [{ folder: "steps", lock }] }));
    return found.edges.filter(({ to }) => to === "stage steps: sort").map(({ from }) => from);
  };

  it("leads out of the folder to the data beside it", () => {
    assert.deepEqual(dependsOn("../data/cps.csv"), ["path data/cps.csv"]);
    assert.deepEqual(dependsOn("../../elsewhere.csv"), ["path ../../elsewhere.csv"]);
  });
});

describe("a lineage as a chart", () => {
  it("holds names that nobody could use to open or close anything", () => {
    const evil = 'a"] --> b\n  click n0 "javascript:alert(1)" %%{init: {}}%% <script>`x`';
    const lock = lockOf({});
    const ingest = lock.get("ingest") ?? assert.fail();
    const made = new Map([
      ...lock,
      [
        "ingest",
        {
          ...ingest,
          in: [{ kind: "data" as const, name: evil, reason: "", ...named("rows") }, ...ingest.in],
        },
      ],
    ]);
    const chart = showMermaid(lineageOf(sources({ locks: [{ folder: "", lock: made }], pointers: [] })));
    const lines = chart.trimEnd().split("\n");
    assert.equal(lines[0], "flowchart LR");
    for (const line of lines.slice(1)) {
      assert.match(line, /^ {2}n\d+(?:[[({>/]+"[^"`%{}<>]*(?:<br>[^"`%{}<>]*)?"[\])}/]+| --> n\d+)$/);
    }
    assert.match(chart, /click n0 ·javascript·alert\(1\)/);
  });
});

describe("a lineage as events of OpenLineage", () => {
  const validate = formats
    .default(new Ajv2020({ allErrors: true, strict: false }))
    .compile(JSON.parse(readFileSync("test/fixtures/openlineage-2-0-2.json", "utf8")) as object);

  it("is what its specification asks for", () => {
    const events = openLineage(lineageOf(sources()), CONTEXT);
    assert.equal(events.length, 3);
    for (const event of events) assert.ok(validate(event), JSON.stringify(validate.errors, undefined, 2));
    for (const event of openLineage(lineageOf(sources()), { ...CONTEXT, address: undefined }))
      assert.ok(validate(event), JSON.stringify(validate.errors));
    assert.equal(validate({ ...events[0], run: { runId: "1" } }), false, "the schema can say no");
  });

  it("tells jobs, runs, versions, parameters, columns and rows", () => {
    const [ingest, train] = openLineage(lineageOf(sources()), CONTEXT) as unknown as readonly [
      Record<string, never>,
      Record<string, never>,
    ];
    const plain = JSON.parse(JSON.stringify({ ingest, train })) as {
      ingest: { outputs: { facets: { schema: { fields: object[] } }; outputFacets: object }[] };
      train: {
        job: { name: string; facets: { sourceCodeLocation: { url: string } } };
        inputs: { name: string }[];
        outputs: { name: string; facets: { version: { datasetVersion: string } } }[];
        run: { facets: { jobRunParameters: { parameters: object[] } } };
      };
    };
    assert.deepEqual(plain.ingest.outputs[0]?.facets.schema.fields, [{ name: "age", type: "BIGINT" }]);
    assert.match(JSON.stringify(plain.ingest.outputs[0]?.outputFacets), /"rowCount":534,"size":15/);
    assert.equal(plain.train.job.name, "train");
    assert.equal(
      plain.train.job.facets.sourceCodeLocation.url,
      `https://github.com/acme/wages/blob/${"c".repeat(40)}/trainyard.yaml`,
    );
    assert.deepEqual(
      plain.train.inputs.map(({ name }) => name),
      [".trainyard/rows.parquet"],
    );
    assert.deepEqual(
      plain.train.outputs.map(({ name, facets }) => [name, facets.version.datasetVersion]),
      [["models/wages", `sha256:${modelOf({}).sha256}`]],
    );
    assert.deepEqual(plain.train.run.facets.jobRunParameters.parameters, [
      { key: "train.params.epochs", value: 60 },
      { key: "train.seed", value: 7 },
    ]);
  });

  it("gives a run that made the same the same id, and another run another one", () => {
    const ids = (epochs: number): string[] =>
      openLineage(lineageOf(sources({ locks: [{ folder: "", lock: lockOf({ epochs }) }] })), CONTEXT).map(
        (event) => (event as { run: { runId: string } }).run.runId,
      );
    assert.deepEqual(ids(60), ids(60));
    assert.equal(new Set([...ids(60), ...ids(61)]).size, 5, "ingest is the same run");
  });
});
