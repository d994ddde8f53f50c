import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeProgram, runProgram } from "../../src/cli/program.ts";
import { flag, list, required, text } from "../../src/stages/inputs.ts";
import { defineStage } from "../../src/stages/stage.ts";

const answer = async () => ({ outputs: {}, text: "", json: null });
const STAGES = [
  defineStage({
    name: "push",
    summary: "Send.",
    inputs: {
      paths: list("Only these", { positional: true }),
      remote: text("Which", { short: "r" }),
      targets: list("These", { several: true }),
    },
    outputs: {},
    run: answer,
  }),
  defineStage({
    name: "remote add",
    summary: "Add a remote.",
    inputs: {
      name: required("Its name", { positional: true }),
      default: flag("As the default", { short: "d" }),
    },
    outputs: {},
    run: answer,
  }),
  defineStage({ name: "remote list", summary: "List them.", inputs: {}, outputs: {}, run: answer }),
];

async function run(...argv: readonly string[]): Promise<readonly unknown[]> {
  const ran: unknown[] = [];
  const program = makeProgram(STAGES, "1", async (stage, values) => {
    ran.push(stage.name, values);
  });
  await runProgram(program, argv);
  return ran;
}

describe("the command line", () => {
  it("takes a name of two words as a command below a command", async () => {
    assert.deepEqual(await run("remote", "add", "store"), ["remote add", { name: "store", default: false }]);
    assert.deepEqual(await run("remote", "list"), ["remote list", {}]);
  });

  it("means the command that others stand under where none of them is named, each with its own options", async () => {
    const inputs = { all: flag("All"), sort: text("By") };
    const stages = [
      defineStage({ name: "tries", summary: "List.", inputs, outputs: {}, run: answer }),
      defineStage({ name: "tries send", summary: "Send.", inputs, outputs: {}, run: answer }),
    ];
    const ran = async (...argv: readonly string[]): Promise<unknown> => {
      let found: unknown;
      const program = makeProgram(stages, "1", async ({ name }, { all, sort }, { json }) => {
        found = [name, all, sort, json];
      });
      await runProgram(program, argv);
      return found;
    };
    assert.deepEqual(await ran("tries"), ["tries", false, undefined, false]);
    assert.deepEqual(await ran("tries", "--sort", "-a", "--all", "--json"), ["tries", true, "-a", true]);
    assert.deepEqual(await ran("tries", "list", "--json"), ["tries", false, undefined, true]);
    assert.deepEqual(await ran("tries", "send", "--all", "--json"), ["tries send", true, undefined, true]);
    await assert.rejects(ran("tries", "receive"), { exit: 2 });
  });

  it("takes short options, and lists that go on to the next option", async () => {
    assert.deepEqual(await run("remote", "add", "-d", "store"), [
      "remote add",
      { name: "store", default: true },
    ]);
    assert.deepEqual(await run("push", "a", "--targets", "b", "c", "-r", "x"), [
      "push",
      { paths: ["a"], remote: "x", targets: ["b", "c"] },
    ]);
  });

  it("says which commands there are below a word that is none", async () => {
    await assert.rejects(run("remote"), /"remote" is no whole command; one of: add, list/);
    await assert.rejects(run("remote", "ad"), /unknown command 'ad' \(Did you mean add\?\)/);
    await assert.rejects(run(), /no command is given; one of: push, remote/);
    await assert.rejects(run("remote", "add"), { exit: 2 });
  });

  it("shows a word with commands below it once, with what it is for", () => {
    const help = makeProgram(STAGES, "1", async () => {}).helpInformation();
    assert.equal(help.match(/^ {2}remote /gm)?.length, 1);
    assert.match(help, /remote\s+set up the places/);
  });
});
