import { commitTo, memoryForge, memoryWorld } from "../../../src/adapters/forge/memory.ts";
import type { Speaker } from "../../../src/ports/forge.ts";
import { type Bench, forgeContract } from "../../contracts/forge.ts";

const BEN: Speaker = { login: "ben", triggersWorkflows: true, kind: "user" };

forgeContract("the forge in memory", async (): Promise<Bench> => {
  const world = memoryWorld("acme/wages");
  world.permissions.set("ben", "write");
  const forge = memoryForge(world);
  const main = world.branches.get("main") ?? "";
  await forge.createBranch("change", main);
  const change = commitTo(world, "change", {
    message: "Add data",
    write: { "data.csv": "age,income\n42,50000\n" },
  });
  const { number } = await forge.pulls.create({ title: "Add data", body: "", head: "change", base: "main" });
  world.runs.set(7, {
    id: 7,
    attempt: 1,
    event: "pull_request",
    path: ".github/workflows/trainyard.yml",
    headSha: change,
    headBranch: "change",
    headRepository: "acme/wages",
    conclusion: "success",
    url: "https://github.com/acme/wages/actions/runs/7",
  });
  world.artifacts.push({
    run: 7,
    info: { id: 8, name: "trainyard-trained", bytes: 22, expired: false, digest: undefined },
    bytes: Buffer.from("PK\u0005\u0006".padEnd(22, "\0")),
  });
  return {
    forge,
    other: memoryForge(world, BEN),
    main,
    pull: number,
    change,
    login: "github-actions[bot]",
    run: { id: 7, name: "trainyard-trained" },
    async review(pull) {
      const said = { by: "ben", commit: change, at: "2026-11-21T10:00:00Z" };
      world.reviews.set(pull, [
        { ...said, state: "commented" },
        { ...said, state: "approved" },
      ]);
      return "ben";
    },
    async chat(issue, count) {
      for (let i = 0; i < count; i++) {
        world.comments.push({ id: world.next(), issue, author: "ben", body: `${i}` });
      }
    },
    comments: async (issue) =>
      world.comments.filter((one) => one.issue === issue).map(({ author, body }) => ({ author, body })),
  };
});
