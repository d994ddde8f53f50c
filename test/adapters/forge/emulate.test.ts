import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, it } from "node:test";
import { createEmulator } from "emulate";
import { openForge } from "../../../src/adapters/forge/github.ts";
import { type Bench, forgeContract, type Part } from "../../contracts/forge.ts";
import { freePort } from "./answering.ts";

/*
 * A second opinion on what GitHub is: Vercel's `emulate`, which plays most of what is used here. What it
 * does not play, each with the request that shows it, so that the list grows no longer than it must.
 */
const LACKS: Readonly<Record<string, readonly Part[]>> = {
  "GET /commits/main/statuses": ["statuses"],
  "GET /deployments": ["deployments"],
  "GET /issues/comments/1/reactions": ["reactions"],
  "GET /rules/branches/main": ["rules"],
  "GET /actions/artifacts/1/zip": ["runs"],
  "GET /commits/main/pulls": ["pulls of commits"],
  "POST /graphql": ["commit"],
  // Its checks name no app, so that ours could not be told from another's.
  "no app": ["checks", "annotations"],
  // Its files of a pull request are made up.
  "no files": ["files of pulls"],
};

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const WRITES = {
  checks: "write",
  contents: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
  statuses: "write",
  deployments: "write",
  actions: "write",
};

async function open(): Promise<Bench> {
  const emulator = await createEmulator({
    service: "github",
    port: await freePort(),
    seed: {
      tokens: {
        ada: { login: "acme", scopes: ["repo", "user"] },
        ben: { login: "ben", scopes: ["repo", "user"] },
      },
      github: {
        users: [{ login: "acme" }, { login: "ben" }],
        repos: [{ owner: "acme", name: "wages" }],
        apps: [
          {
            app_id: 77,
            slug: "acme-trainyard",
            name: "Trainyard of Acme",
            private_key: privateKey,
            permissions: WRITES,
            installations: [
              { installation_id: 5, account: "acme", repositories: ["acme/wages"], permissions: WRITES },
            ],
          },
        ],
      },
    },
  });
  const environment = { GITHUB_API_URL: emulator.url, GITHUB_REPOSITORY: "acme/wages" };
  const api = async (token: string, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${emulator.url}/repos/acme/wages${path}`, {
      method,
      headers: { authorization: `token ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
    return (await response.json().catch(() => ({}))) as Record<string, never>;
  };
  await api("ada", "PUT", "/collaborators/ben", { permission: "push" });
  const forge = await openForge({ app: { id: "77", privateKey } }, environment);
  const other = await openForge({ token: "ben" }, environment);
  const main = (await forge.branch("main")) ?? "";
  await forge.createBranch("change", main);
  await api("ada", "PUT", "/contents/data.csv", {
    message: "Add data",
    branch: "change",
    content: Buffer.from("age,income\n42,50000\n").toString("base64"),
  });
  const pull = await other.pulls.create({ title: "Add data", body: "", head: "change", base: "main" });
  return {
    forge,
    other,
    main,
    pull: pull.number,
    change: (await forge.branch("change")) ?? "",
    login: "acme-trainyard[bot]",
    async review(pull) {
      for (const event of ["COMMENT", "APPROVE"])
        await api("ada", "POST", `/pulls/${pull}/reviews`, { event, body: "seen" }); // ben opened it
      return "acme";
    },
    async chat(issue, count) {
      for (let i = 0; i < count; i++) await api("ben", "POST", `/issues/${issue}/comments`, { body: `${i}` });
    },
    comments: async (issue) => {
      const pages = [1, 2].map((page) =>
        api("ada", "GET", `/issues/${issue}/comments?per_page=100&page=${page}`),
      );
      const all = (await Promise.all(pages)).flat() as unknown as { user: { login: string }; body: string }[];
      return all.map(({ user, body }) => ({ author: user.login, body }));
    },
    close: () => emulator.close(),
  };
}

forgeContract("emulate", open, Object.values(LACKS).flat());

describe("emulate", () => {
  it("does not play what is left out", async () => {
    const emulator = await createEmulator({
      service: "github",
      port: await freePort(),
      seed: {
        tokens: { ada: { login: "acme", scopes: ["repo"] } },
        github: { users: [{ login: "acme" }], repos: [{ owner: "acme", name: "wages" }] },
      },
    });
    try {
      for (const route of Object.keys(LACKS).filter((name) => name.includes("/"))) {
        const [method = "", path = ""] = route.split(" ");
        const at = path === "/graphql" ? path : `/repos/acme/wages${path}`;
        const headers = { authorization: "token ada" };
        const { status } = await fetch(`${emulator.url}${at}`, { method, headers });
        assert.equal(status, 404, route);
      }
    } finally {
      await emulator.close();
    }
  });
});
