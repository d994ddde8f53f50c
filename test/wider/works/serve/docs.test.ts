import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { it } from "node:test";
import { parse } from "yaml";
import { md5, sha256 } from "../../../../src/core/artifacts/digest.ts";
import { writeDesired } from "../../../../src/core/deployments/desired.ts";
import { openRepository } from "../../../journeys/repository.ts";
import { until } from "../../../works/serve/shop.ts";

/*
 * The examples of docs/stages/serve.md, executed: its command serves the template's model, and what curl
 * is shown to get is what it gets. `…` stands for what is another one each time.
 */

const page = readFileSync("docs/stages/serve.md", "utf8");

/** Whether an answer is what the page shows; numbers to the sixth digit. */
function same(found: unknown, shown: unknown, place = ""): void {
  if (shown === "…") assert.ok(typeof found === "string" && found !== "", place);
  else if (typeof shown === "number") assert.ok(Math.abs(Number(found) - shown) < 1e-6, `${place}: ${found}`);
  else if (typeof shown === "object" && shown !== null) {
    assert.deepEqual(Object.keys(found as object), Object.keys(shown), place);
    for (const [key, value] of Object.entries(shown))
      same((found as typeof shown)[key as never], value, `${place}.${key}`);
  } else assert.deepEqual(found, shown, place);
}

it("the examples of serving are right", { timeout: 200_000 }, async (context) => {
  const repository = openRepository(context, "wages");
  const ran = repository.trainyard("run");
  assert.ok([0, 3].includes(ran.status ?? -1), ran.stderr);
  const lock = parse(repository.read("trainyard.lock")) as {
    stages: { train: { out: { path: string; md5: string; sha256: string }[] } };
  };
  const model = lock.stages.train.out.find(({ path }) => path === "models/wages");
  const digest = { sha256: sha256(model?.sha256 ?? ""), md5: md5(model?.md5 ?? "") };
  assert.ok(digest.sha256 !== undefined && digest.md5 !== undefined);
  const desired = { model: "wages", version: "v1.0.0", digest: { sha256: digest.sha256, md5: digest.md5 } };
  mkdirSync(join(repository.folder, "deployments", "staging"), { recursive: true });
  repository.write("deployments/staging/wages.yaml", writeDesired(desired));

  const [, command = ""] = /^trainyard (serve .*)$/m.exec(page) ?? [];
  const server = spawn(process.execPath, [resolve("dist/cli.js"), ...command.split(" "), "--port", "0"], {
    cwd: repository.folder,
  });
  context.after(() => void server.kill("SIGKILL"));
  let said = "";
  server.stderr.on("data", (bytes) => {
    said += bytes;
  });
  const url = await until(() => {
    assert.equal(server.exitCode, null, said);
    return /serves v1\.0\.0/.test(said) ? /listens on (\S+)/.exec(said)?.[1] : undefined;
  });

  const examples = [...page.matchAll(/```sh\ncurl (\S+)(?: -d '([^']*)')?\n```\n\n```json\n([\s\S]*?)```/g)];
  assert.equal(examples.length, 4);
  for (const [, address = "", body, shown = ""] of examples) {
    const asked = address.replace("http://127.0.0.1:8080", url);
    const response = await fetch(asked, body === undefined ? {} : { method: "POST", body });
    same(await response.json(), JSON.parse(shown), address);
  }
});
