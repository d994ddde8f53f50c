import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseWorkflow } from "../../../local/runner/parser.ts";
import { cronLines, dueAt, type Often } from "../../../src/core/schedule/cron.ts";
import { withSchedule } from "../../../src/core/schedule/workflow.ts";

const OFTEN: readonly Often[] = ["hourly", "daily", "weekly", "monthly"];
const names = Array.from({ length: 200 }, (_, index) => `model-${index}`);

describe("a schedule made from a contract", () => {
  for (const every of OFTEN) {
    it(`is right by GitHub's own parser, ${every}`, async () => {
      const lines = [
        ...cronLines(
          names.map((model) => ({ model, every })),
          "monitor",
        ),
      ];
      const template = readFileSync("templates/workflows/trainyard-monitor.yml", "utf8");
      const text = withSchedule(
        template,
        lines.slice(0, 50).map(([model, cron]) => ({ cron, note: model })),
      );
      const { problems } = await parseWorkflow("trainyard-monitor.yml", text, async () => undefined);
      assert.deepEqual(
        problems.filter(({ message }) => !/find|resolve|load/i.test(message)),
        [],
      );
    });
  }

  it("is never at the full or the half hour, when all the others are", () => {
    const minutes = names.map(
      (model) =>
        cronLines([{ model, every: "daily" }], "retrain")
          .get(model)
          ?.split(" ")[0],
    );
    assert.ok(minutes.every((minute) => Number(minute) % 30 !== 0 && Number(minute) < 60));
    assert.ok(new Set(minutes).size > 40, "spread over the hour");
  });

  it("tells two models apart as long as there are minutes", () => {
    const some = names.slice(0, 58).map((model) => ({ model, every: "hourly" as const }));
    const lines = cronLines(some, "monitor");
    assert.equal(new Set(lines.values()).size, 58);
    for (const [model, line] of lines)
      assert.deepEqual(dueAt(line, some, "monitor"), { models: [model], foreign: false });
  });

  it("is shared by more models than there are minutes, and forgets none", () => {
    const some = names.map((model) => ({ model, every: "hourly" as const }));
    const lines = cronLines(some, "monitor");
    const due = [...new Set(lines.values())].flatMap((line) => dueAt(line, some, "monitor").models);
    assert.deepEqual([...due].sort(), [...names].sort());
  });

  it("does not depend on the order of the contracts", () => {
    const some = names.slice(0, 40).map((model) => ({ model, every: "hourly" as const }));
    assert.deepEqual([...cronLines([...some].reverse(), "x")], [...cronLines(some, "x")]);
  });
});
