import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Md5, Sha256 } from "../../../src/core/artifacts/digest.ts";
import { UserError } from "../../../src/errors.ts";
import type { Loaded } from "../../../src/works/serve/load.ts";
import { type ServedBy, servedModel } from "../../../src/works/serve/served-model.ts";
import type { Target } from "../../../src/works/serve/source.ts";

const target = (letter: string): Target => ({
  digest: { sha256: letter.repeat(64) as Sha256, md5: letter.repeat(32) as Md5 },
  version: undefined,
  deployment: undefined,
});

/** Surroundings in which everything goes as a test says. */
function surroundings() {
  const closed: string[] = [];
  const loads: [letter: string, time: number][] = [];
  const said: string[] = [];
  const wish: { target: Target | undefined; broken: boolean; time: number } = {
    target: undefined,
    broken: false,
    time: 0,
  };
  const by: ServedBy = {
    environment: "production",
    source: { name: "deployments/production", wanted: async () => wish.target, models: async () => [] },
    async load(one) {
      const letter = one.digest.sha256.slice(0, 1);
      loads.push([letter, wish.time]);
      if (wish.broken) throw new UserError("the bytes are damaged");
      const bundle = { close: async () => void closed.push(letter) };
      return { target: one, bundle, logged: [], remark: undefined, folder: "" } as unknown as Loaded;
    },
    remembered: async () => undefined,
    remember: async () => {},
    now: () => new Date(wish.time),
    say: (text) => void said.push(text),
  };
  return { by, wish, closed, loads, said };
}

describe("a model that is served", () => {
  it("is closed when nobody uses it any more, and not before", async () => {
    const { by, wish, closed } = surroundings();
    const model = servedModel("wages", by);
    wish.target = target("a");
    await model.look();
    let go = (): void => {};
    const busy = new Promise<void>((resolve) => {
      go = resolve;
    });
    const first = model.use(async (_, { sha256 }) => {
      await busy;
      return sha256.slice(0, 1);
    });
    const waits = model.use(async (_, { sha256 }) => sha256.slice(0, 1));
    wish.target = target("b");
    await model.look();
    assert.equal(await model.use(async (_, { sha256 }) => sha256.slice(0, 1)), "b"); // does not wait for the old one
    assert.deepEqual(closed, []);
    go();
    assert.deepEqual(await Promise.all([first, waits]), ["a", "a"]);
    assert.deepEqual(closed, ["a"]);
    await model.close();
    assert.deepEqual(closed, ["a", "b"]);
    await assert.rejects(
      model.use(async () => {}),
      /not available yet/,
    );
  });

  it("goes on after an answer that failed", async () => {
    const { by, wish } = surroundings();
    const model = servedModel("wages", by);
    wish.target = target("a");
    await model.look();
    await assert.rejects(
      model.use(() => Promise.reject(new Error("of one request"))),
      /of one request/,
    );
    assert.equal(await model.use(async () => 1), 1);
  });

  it("tries bytes that cannot be served again, less and less often, and others at once", async () => {
    const { by, wish, loads, said } = surroundings();
    const model = servedModel("wages", by);
    wish.target = target("a");
    await model.look();
    wish.target = target("b");
    wish.broken = true;
    for (wish.time = 0; wish.time < 3_600_000; wish.time += 1000) await model.look();
    // After 10 s, 20 s, 40 s and so on up to ten minutes.
    const seconds = loads.flatMap(([letter, time]) => (letter === "b" ? [time / 1000] : []));
    assert.deepEqual(seconds, [0, 10, 30, 70, 150, 310, 630, 1230, 1830, 2430, 3030]);
    assert.equal(said.length, 2); // that it serves, and once that it cannot
    assert.match(
      model.state().trouble ?? "",
      /^sha256 bbbbbbbbbbbb cannot be served: the bytes are damaged$/,
    );
    assert.deepEqual([model.state().serving?.sha256.at(0), model.state().coming?.failed], ["a", true]);
    wish.broken = false;
    wish.target = target("c");
    await model.look();
    assert.deepEqual([model.state().serving?.sha256.at(0), model.state().trouble], ["c", undefined]);
    assert.match(said.at(-1) ?? "", /all is well again/);
  });

  it("is not brought back by bytes that came too late", async () => {
    const { by, wish, closed } = surroundings();
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const late: ServedBy = { ...by, load: (one) => arrived.then(() => by.load(one)) };
    const model = servedModel("wages", late);
    wish.target = target("a");
    const looking = model.look();
    await model.close();
    arrive();
    await looking;
    assert.deepEqual([closed, model.state().serving], [["a"], undefined]);
  });
});
