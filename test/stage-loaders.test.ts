import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { STAGES } from "../src/pipeline.ts";
import { LOADERS } from "../src/stage-loaders.ts";

describe("the loaders of stages", () => {
  const words = STAGES.filter(({ name, command }) => command !== false && !name.includes(" "));

  it("know every command of one word, in the order of the pipeline", () => {
    assert.deepEqual(
      Object.keys(LOADERS),
      words.map(({ name }) => name),
    );
  });

  it("load what the pipeline has under that name", async () => {
    for (const stage of words) assert.equal((await LOADERS[stage.name]?.())?.default, stage);
  });
});
