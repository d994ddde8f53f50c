import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { type OpenPorts, openPorts } from "../../src/adapters/open.ts";
import type { Report } from "../../src/core/report/report.ts";
import { EXIT, UserError } from "../../src/errors.ts";
import evaluate from "../../src/stages/evaluate.ts";

const room = mkdtempSync(join(tmpdir(), "trainyard-several-"));
let ports: OpenPorts;
beforeEach(async () => {
  await ports?.close();
  ports = openPorts({ folder: room, stream: process.stderr, environment: {} });
});
after(async () => {
  await ports?.close();
  rmSync(room, { recursive: true, force: true });
});

const HEAD = "id,rain,wind,snow,p_rain,p_wind,p_snow,d_rain,d_wind,d_snow,w";
const FILE = `${HEAD}
a,1,0,0,0.9,0.2,0.1,1,0,0,1
b,1,1,0,0.7,0.6,0.3,1,1,0,2
c,0,1,0,0.2,0.4,0.1,0,0,0,1
d,0,0,1,0.1,0.3,0.8,0,0,1,1
e,0,0,0,0.6,0.1,0.2,1,0,0,3
f,1,0,1,0.8,0.4,0.4,1,0,0,1
`;

const ASKED = { label: "rain,wind,snow", score: "p_rain,p_wind,p_snow" };

async function asked(more: Readonly<Record<string, string | undefined>> = {}, text = FILE): Promise<Report> {
  writeFileSync(join(room, "p.csv"), text);
  const inputs = { predictions: "p.csv", ...ASKED, task: "auto", takes: "auto", resamples: 0, ...more };
  return (await evaluate.run(inputs as never, ports)).json as Report;
}

const figure = ({ metrics }: Report, name: string) => metrics.find((metric) => metric.name === name)?.value;

function refused(promise: Promise<unknown>, message: string, exit?: number): Promise<void> {
  return assert.rejects(promise, (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.equal(error.message, message);
    if (exit !== undefined) assert.equal(error.exit, exit);
    return true;
  });
}

describe("a file of several labels", () => {
  it("is measured by its scores, without being told the task", async () => {
    const report = await asked();
    assert.equal(report.task, "multilabel");
    assert.equal(report.subject.positive, null);
    assert.equal(figure(report, "accuracy"), 3 / 6);
    assert.equal(figure(report, "hamming_loss"), 3 / 18);
    assert.deepEqual(
      report.labels!.map(({ name, rows, decided }) => [name, rows, decided]),
      [
        ["rain", 3, 4],
        ["wind", 2, 1],
        ["snow", 2, 1],
      ],
    );
    const [rain] = report.labels!;
    assert.deepEqual([rain!.precision.value, rain!.recall.value], [0.75, 1]);
    assert.equal(rain!.baseline, null);
  });

  it("is measured by decisions alone, by weights, and by another threshold", async () => {
    const decided = await asked({ score: undefined, prediction: "d_rain,d_wind,d_snow" });
    assert.equal(figure(decided, "accuracy"), 3 / 6);
    const { reason } = decided.metrics.find(({ name }) => name === "roc_auc_macro")!;
    assert.equal(reason, "there are decisions but no scores");
    assert.equal(figure(await asked({ weight: "w" }), "accuracy"), 4 / 9);
    const low = await asked({ threshold: "0.4" });
    assert.equal(figure(low, "accuracy"), 4 / 6);
  });

  it("is measured by a threshold for each label", async () => {
    const report = await asked({ threshold: "snow=0.35, rain=0.85" });
    assert.deepEqual(
      report.labels!.map(({ name, decided }) => [name, decided]),
      [
        ["rain", 1],
        ["wind", 1],
        ["snow", 2],
      ],
    );
    assert.equal(report.subject.threshold, null);
    assert.deepEqual(
      report.subject.thresholds!.map(({ label, threshold, by }) => [label, threshold, by]),
      [
        ["rain", 0.85, "said"],
        ["wind", 0.5, "default"],
        ["snow", 0.35, "said"],
      ],
    );
    const same = await asked({ threshold: "rain=0.5,wind=0.5,snow=0.5" });
    assert.deepEqual(same.metrics, (await asked()).metrics);
  });

  it("is told its thresholds by the labels' names, however odd", async () => {
    const text = "a=b,__proto__,s,t\n1,0,0.3,0.4\n0,1,0.2,0.6\n";
    const odd = { label: "a=b,__proto__", score: "s,t" };
    const report = await asked({ ...odd, threshold: "__proto__=0.45,a=b=0.25" }, text);
    assert.equal(figure(report, "accuracy"), 1);
    const right = "it takes a number, or of several labels one for each: a=0.3,b=0.6";
    for (const [threshold, message] of [
      ["x", `--threshold is "x"; ${right}`],
      ["0.3,0.4", `--threshold is "0.3,0.4"; ${right}`],
      ["Infinity", `--threshold is "Infinity"; ${right}`],
      ["rain=", `--threshold of "rain" is ""; ${right}`],
      ["rain=NaN", `--threshold of "rain" is "NaN"; ${right}`],
      ["rain=0.3,0.4", '--threshold holds "0.4"; right is LABEL=NUMBER for each, such as a=0.3,b=0.6'],
      ["=0.3", '--threshold holds "=0.3"; right is LABEL=NUMBER for each, such as a=0.3,b=0.6'],
      ["rain=0.3,rain=0.4", '--threshold names "rain" twice'],
      [
        "rian=0.3",
        '--threshold names "rian", which is no label; did you mean "rain"? the labels: rain, wind, snow',
      ],
    ] as const) {
      await refused(asked({ threshold }), message, EXIT.usage);
    }
    await refused(
      asked({ label: "rain", score: "p_rain", threshold: "rain=0.3" }),
      '--threshold is "rain=0.3"; one by label is for several labels, and --label names one column',
      EXIT.usage,
    );
  });

  it("stands beside another model on the same rows", async () => {
    const worse = FILE.replace("0.9,0.2,0.1", "0.4,0.2,0.1");
    writeFileSync(join(room, "q.csv"), worse);
    const report = await asked({ baseline: "q.csv", key: "id" });
    assert.equal(report.baseline.state, "compared");
    assert.equal(report.labels![0]!.baseline!.recall, 2 / 3);
    writeFileSync(join(room, "q.csv"), FILE.replace("a,1,0,0", "a,1,0,1"));
    const other = await asked({ baseline: "q.csv", key: "id" });
    assert.equal(other.baseline.reason, "1 of 6 rows have another label in q.csv");
  });

  it("may hold true and false", async () => {
    const text = "a,b,s,t\ntrue,false,0.9,0.1\nfalse,true,0.2,0.7\n";
    assert.equal(figure(await asked({ label: "a,b", score: "s,t" }, text), "accuracy"), 1);
  });

  it("is refused where a column is no mark, or there are not as many as labels", async () => {
    const right = "a row carries a label, 1 or true, or does not, 0 or false";
    await refused(asked({ label: "rain,id,snow" }), `"id" in p.csv is text; ${right}`);
    await refused(asked({ label: "rain,w,snow" }), `"w" in p.csv holds 2 in row 2; ${right}`);
    await refused(
      asked({}, FILE.replace("c,0,1,0", "c,0,,0")),
      `"wind" in p.csv is missing in 1 of 6 rows; ${right}`,
    );
    await refused(
      asked({ score: "p_rain,p_wind" }),
      "--score names 2 columns, and --label 3; right is one a label, in the same order",
      EXIT.usage,
    );
    await refused(
      asked({ task: "multilabel", label: "rain" }),
      "--label names 1 column; several labels are several columns, with commas",
      EXIT.usage,
    );
    await refused(asked({ label: "rain,rain" }), '--label names "rain" twice', EXIT.usage);
    await refused(
      asked({}, FILE.replace("0.7,0.6,0.3", "0.7,nan,0.3")),
      "1 of 6 rows has no score, or an infinite one; the first is row 2",
    );
  });

  it("has no groups and no positive value", async () => {
    await refused(
      asked({ sensitive: "id" }),
      "--sensitive: groups are not compared where a row may carry several labels, since none of them is the one that selects; ask one label at a time",
      EXIT.usage,
    );
    await refused(
      asked({ positive: "1" }),
      "--positive names one of two classes, and a row may carry several labels; leave it out",
      EXIT.usage,
    );
  });
});
