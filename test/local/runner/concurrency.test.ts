import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Concurrency, concurrencyOf, openGroups } from "../../../local/runner/concurrency.ts";

/** Plays claims on one group; what happens to each is written down in its order. */
function play() {
  const groups = openGroups();
  const happened: string[] = [];
  const leaves = new Map<string, () => void>();
  const giveUp = new Map<string, AbortController>();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    happened,
    turn,
    giveUp: (name: string) => giveUp.get(name)?.abort(),
    leave: (name: string) => leaves.get(name)?.(),
    async enter(name: string, claim: Partial<Concurrency> = {}, held: readonly string[] = []) {
      const controller = new AbortController();
      giveUp.set(name, controller);
      void groups
        .enter("acme/wages", {
          group: "g",
          cancel: false,
          queue: false,
          ...claim,
          held,
          signal: controller.signal,
          cancelled: () => happened.push(`${name} cancelled`),
        })
        .then((leave) => {
          happened.push(leave === undefined ? `${name} gone` : `${name} runs`);
          if (leave !== undefined) leaves.set(name, leave);
        });
      await turn();
    },
  };
}

describe("a concurrency group", () => {
  it("has one that runs and one that waits, the newest", async () => {
    const { enter, leave, happened, turn } = play();
    await enter("a");
    await enter("b");
    await enter("c", { group: "G" });
    leave("a");
    await turn();
    assert.deepEqual(happened, ["a runs", "b cancelled", "b gone", "c runs"]);
  });

  it("cancels what runs, and waits for its end", async () => {
    const { enter, leave, happened, turn } = play();
    await enter("a");
    await enter("b", { cancel: true });
    assert.deepEqual(happened, ["a runs", "a cancelled"]);
    leave("a");
    await turn();
    assert.deepEqual(happened.slice(2), ["b runs"]);
  });

  it("drops none of a queue", async () => {
    const { enter, leave, happened, turn } = play();
    for (const name of ["a", "b", "c", "d"]) await enter(name, { queue: true });
    for (const name of ["a", "b", "c"]) {
      leave(name);
      await turn();
    }
    assert.deepEqual(happened, ["a runs", "b runs", "c runs", "d runs"]);
    for (let i = 0; i < 101; i++) await enter(`w${i}`, { queue: true });
    assert.deepEqual(happened.slice(4), ["w100 cancelled", "w100 gone"]);
  });

  it("forgets who gives up, and who would wait for itself", async () => {
    const { enter, giveUp, leave, happened, turn } = play();
    await enter("a");
    await enter("b");
    giveUp("b");
    await turn();
    await enter("c", {}, ["g"]);
    leave("a");
    await turn();
    await enter("d");
    assert.deepEqual(happened, ["a runs", "b gone", "c cancelled", "c gone", "d runs"]);
  });

  it("is read in both its forms", () => {
    assert.deepEqual(concurrencyOf("x"), { group: "x", cancel: false, queue: false });
    assert.deepEqual(concurrencyOf({ group: "x", queue: "max" }), { group: "x", cancel: false, queue: true });
    assert.equal(concurrencyOf(null), undefined);
    assert.throws(() => concurrencyOf(""), /empty/);
    assert.throws(() => concurrencyOf({ group: "x", queue: "max", "cancel-in-progress": true }), /both/);
  });
});
