import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openForge } from "../../../src/adapters/forge/github.ts";
import { register } from "../../../src/works/register.ts";
import { SHORT } from "../../adapters/forge/bench.ts";
import { failing } from "../../adapters/forge/failing.ts";
import { brought, sceneOf, verdictOf } from "../../works/registering.ts";

/* Registering on a GitHub that fails in the middle of things. Each test has models' bytes of its own. */
describe("registering on GitHub", () => {
  const github = failing();
  const scene = (...words: readonly string[]) =>
    sceneOf(
      github.forge,
      words.map((word) => verdictOf(word)),
    );
  const tags = async () => github.forge.tags.names("wages@");
  const releases = async (): Promise<readonly { tag_name: string; draft: boolean; assets: unknown[] }[]> => {
    const url = `${github.bench.github.apiUrl}/repos/acme/wages/releases?per_page=100`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${github.bench.token}` } });
    return (await answer.json()) as { tag_name: string; draft: boolean; assets: unknown[] }[];
  };

  const WRITES: readonly (readonly [string, RegExp])[] = [
    ["POST", /\/git\/tags$/],
    ["POST", /\/git\/refs$/],
    ["POST", /\/releases$/],
    ["POST", /\/releases\/\d+\/assets/],
    ["PATCH", /\/releases\/\d+$/],
  ];
  for (const [i, [method, path]] of WRITES.entries()) {
    it(`makes one version and one release where the answer to ${method} ${path.source} is cut`, async () => {
      const word = `cut ${i}`;
      github.fault(method, path, "cut");
      const before = (await tags()).length;
      const { tag } = await register(scene(word), brought(word, github.bench.main));
      assert.equal((await tags()).length, before + 1);
      const made = (await releases()).filter(({ tag_name }) => tag_name === tag);
      assert.deepEqual(
        made.map(({ draft, assets }) => [draft, assets.length]),
        [[false, 2]],
      );
    });

    it(`is taken up where it ended for good at ${method} ${path.source}`, async () => {
      const word = `ended ${i}`;
      const before = (await tags()).length;
      const model = brought(word, github.bench.main);
      github.fault(method, path, { status: 422, body: { message: "Not now" } });
      await assert.rejects(register(scene(word), model), /Not now/);
      const forge = await openForge({ token: github.bench.token }, github.bench.environment, SHORT);
      const { tag } = await register({ ...scene(word), forge }, model);
      assert.equal((await tags()).length, before + 1);
      const made = (await releases()).filter(({ tag_name }) => tag_name === tag);
      assert.deepEqual(
        made.map(({ draft, assets }) => [draft, assets.length]),
        [[false, 2]],
      );
    });
  }

  it("gives two at once one version of the same bytes, and two of others", async () => {
    const { main } = github.bench;
    const all = scene("same", "other");
    const forges = [github.forge, github.bench.other, github.forge];
    const made = await Promise.all(
      forges.map((forge, i) => register({ ...all, forge }, brought(i === 2 ? "other" : "same", main))),
    );
    assert.equal(made[0]?.version, made[1]?.version);
    assert.notEqual(made[0]?.version, made[2]?.version);
    const found = (await releases()).filter(({ tag_name }) => made.some(({ tag }) => tag === tag_name));
    assert.deepEqual(
      found.map(({ draft, assets }) => [draft, assets.length]),
      [
        [false, 2],
        [false, 2],
      ],
    );
  });
});
