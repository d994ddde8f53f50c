import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { it, type TestContext } from "node:test";
import { openGithub } from "../../../../local/github/github.ts";
import { type Person, person } from "../../../../local/person.ts";
import type { Digest } from "../../../../src/core/artifacts/digest.ts";
import { parseServed } from "../../../../src/core/deployments/served.ts";
import { logged, openShop, predict, ROWS, type Shop, textAt, until } from "../../../works/serve/shop.ts";

/*
 * The shipped command as a process of its own, following deployments on a GitHub: with a token that may
 * read them and nothing else, until that token expires, and until SIGTERM.
 */

const REPOSITORY = "acme/small";

interface Server {
  readonly url: string;
  readonly process: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string }>;
}

async function start(
  context: TestContext,
  shop: Shop,
  environment: Readonly<Record<string, string>>,
  ...more: readonly string[]
): Promise<Server> {
  const cli = resolve("dist/cli.js");
  const args = ["serve", "--environment", "production", "--port", "0", "--every", "200ms", ...more];
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: shop.folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  });
  context.after(() => void child.kill("SIGKILL"));
  let [said, out] = ["", ""];
  child.stderr.on("data", (bytes) => {
    said += bytes;
  });
  child.stdout.on("data", (bytes) => {
    out += bytes;
  });
  const ended = new Promise<{ code: number | null; out: string }>((done) =>
    child.on("close", (code) => done({ code, out })),
  );
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error(said);
    return /listens on (\S+)/.exec(said)?.[1];
  });
  return { url, process: child, said: () => said, ended };
}

async function deploy(
  ada: Person,
  digest: Digest,
  version: string,
  ...states: readonly string[]
): Promise<number> {
  const { id } = await ada.api("POST", `/repos/${REPOSITORY}/deployments`, {
    ref: "main",
    environment: "production",
    auto_merge: false,
    required_contexts: [],
    description: version,
    payload: {
      schema: "trainyard/deployment/1",
      model: "small",
      folder: "",
      environment: "production",
      version,
      ...digest,
      reason: "merged",
    },
  });
  for (const state of states) {
    await ada.api("POST", `/repos/${REPOSITORY}/deployments/${id}/statuses`, { state, description: "" });
  }
  return Number(id);
}

it("the command follows deployments, outlives its token, and ends in order", {
  timeout: 200_000,
}, async (context) => {
  const shop = await openShop(context);
  const github = await openGithub();
  context.after(() => github.close());
  const ada = await person(github, "ada", shop.folder);
  const start_ = mkdtempSync(join(tmpdir(), "trainyard-repository-"));
  context.after(() => rmSync(start_, { recursive: true, force: true }));
  mkdirSync(join(start_, "docs"));
  writeFileSync(join(start_, "docs", "a.md"), "a\n");
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=ada", "-c", "user.email=ada@localhost", ...args], { cwd: start_ });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Begin");
  await github.repository(REPOSITORY, { from: start_, private: true, collaborators: { ada: "admin" } });

  const [one, two, bad] = [
    await shop.make({ seed: 1 }),
    await shop.make({ seed: 2 }),
    await shop.make({ seed: 3 }),
  ];
  await deploy(ada, one, "v1.0.0", "in_progress", "success");
  const token = github.jobToken(REPOSITORY, 0, { contents: "read", deployments: "read" });
  const environment = { GITHUB_API_URL: github.apiUrl, TRAINYARD_TOKEN: token };
  const log = join(shop.folder, "log");
  const options = ["--repository", REPOSITORY, "--log", log];
  const first = await start(context, shop, environment, ...options);
  const second = await start(context, shop, environment, ...options, "--model", "small");
  const serves = (server: Server, { sha256 }: Digest) =>
    until(
      async () => parseServed(await textAt(`${server.url}/v1/models/small`))?.sha256 === sha256 || undefined,
    );

  await serves(first, one);
  await serves(second, one);
  // One that failed, one that nobody approved yet and one of another environment's are not followed.
  await deploy(ada, bad, "v9.0.0", "in_progress", "failure");
  await deploy(ada, bad, "v9.0.1");
  await deploy(ada, two, "v2.0.0", "in_progress");
  await serves(first, two);
  await serves(second, two);
  assert.ok(!first.said().includes("v9.0"), first.said());

  github.revoke(token);
  const said = await until(async () => {
    const { models } = JSON.parse(await textAt(`${first.url}/readyz`));
    return models[0].trouble ?? undefined;
  });
  assert.match(said, /it is not known what is to be served: GitHub does not take the token \(401/);
  assert.equal((await predict(first.url, { instances: ROWS })).status, 200);
  assert.equal((await predict(second.url, { instances: ROWS })).status, 200);

  // A request that is half there when the signal comes is finished.
  const body = JSON.stringify({ instances: ROWS });
  let finish = (): void => {};
  const answered = new Promise<string>((done, failed) => {
    const request = httpRequest(
      `${first.url}/v1/models/small:predict`,
      { method: "POST", headers: { "content-length": Buffer.byteLength(body) } },
      (response) => response.on("data", (bytes) => done(String(bytes))),
    );
    request.on("error", failed);
    request.write(body.slice(0, 20));
    finish = () => void request.end(body.slice(20));
  });
  await textAt(`${first.url}/healthz`);
  first.process.kill("SIGTERM");
  await until(() => first.said().includes("takes nothing new") || undefined);
  finish();
  assert.match(await answered, /^\{"predictions":\[/);
  const { code, out } = await first.ended;
  assert.equal(code, 0, first.said());
  assert.match(out, /predicted for 8 rows\nwrote 8 rows of the prediction log, dropped 0\n$/);

  second.process.kill("SIGTERM");
  assert.equal((await second.ended).code, 0);
  assert.equal(logged(log).length, 12); // of both, each into files of its own

  // While nobody can be asked, and the store is away, what was served last is served again.
  shop.away(true);
  const third = await start(context, shop, environment, ...options);
  await serves(third, two);
  assert.equal((await predict(third.url, { instances: ROWS })).status, 200);
  third.process.kill("SIGTERM");
  assert.equal((await third.ended).code, 0);
  assert.deepEqual(github.violations, []);
});
