import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { installLocked, show } from "../../src/action/natives/install.ts";
import { npmEnvironment } from "../../src/action/natives/npm-environment.ts";
import { openRunner } from "../action/step.ts";

interface Lock {
  packages: Record<string, { integrity?: string; dependencies?: object; optionalDependencies?: object }>;
}

/** The part of the locked manifest that reads tables: the whole of it is 600 MB on disk. */
function engineAlone(): { manifest: object; lock: Lock } {
  const lock: Lock = JSON.parse(readFileSync("natives/package-lock.json", "utf8"));
  const dependencies = {
    "@duckdb/node-api": JSON.parse(readFileSync("natives/package.json", "utf8")).dependencies[
      "@duckdb/node-api"
    ],
  };
  const manifest = { name: "natives", private: true, dependencies };
  const packages = Object.fromEntries(
    Object.entries(lock.packages).filter(([path]) => /^node_modules\/(@duckdb\/|detect-libc$)/.test(path)),
  );
  return { manifest, lock: { ...lock, packages: { "": manifest, ...packages } } };
}

/** A folder that is removed after the test. */
function temporary(context: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "trainyard-natives-")));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A tree as the runner downloads it: built, and without node_modules. */
function releasedTree(context: TestContext, change = (lock: Lock): Lock => lock): string {
  const root = temporary(context);
  cpSync("dist", join(root, "dist"), { recursive: true });
  cpSync("package.json", join(root, "package.json"));
  mkdirSync(join(root, "natives"));
  const { manifest, lock } = engineAlone();
  writeFileSync(join(root, "natives/package.json"), JSON.stringify(manifest));
  writeFileSync(join(root, "natives/package-lock.json"), JSON.stringify(change(lock)));
  return root;
}

const evaluate = { predictions: "p.csv", label: "y", prediction: "yhat", resamples: "0" };
const rows = `y,yhat\n${"1,1\n0,0\n1,0\n".repeat(20)}`;

test("a released action installs what it needs once, and nothing that lies in the workspace has a say", (context) => {
  const root = releasedTree(context);
  const runner = openRunner(context, root);
  // What a hostile change would plant where npm and Node might look.
  const evil = `throw new Error("planted"); require("fs").writeFileSync("planted", "")`;
  runner.write(
    "node_modules/@duckdb/node-api/package.json",
    '{"name":"@duckdb/node-api","version":"9.9.9","main":"index.js"}',
  );
  runner.write("node_modules/@duckdb/node-api/index.js", evil);
  runner.write("package.json", '{"name":"x","workspaces":["*"],"scripts":{"preinstall":"touch planted"}}');
  runner.write(".npmrc", "registry=http://127.0.0.1:9/\nignore-scripts=false\nscript-shell=/bin/false\n");
  runner.write("bin/npm", "#!/bin/sh\ntouch planted\nexit 1\n");
  runner.write("evil.js", evil);
  runner.write("p.csv", rows);

  const refused = runner.step("evaluate", { ...evaluate, resamples: "many" });
  assert.equal(refused.status, 2);
  assert.deepEqual(readdirSync(runner.tools), [], "a wrong input installs nothing");

  const planted = {
    PATH: `${runner.workspace}/bin:bin:${process.env.PATH}`,
    npm_config_userconfig: join(runner.workspace, ".npmrc"),
    npm_config_script_shell: join(runner.workspace, "bin/npm"),
    npm_config_prefix: runner.workspace,
    NODE_PATH: join(runner.workspace, "node_modules"),
  };
  const first = runner.step("evaluate", evaluate, planted);
  assert.equal(first.status, 0, `${first.log}${first.stderr}`);
  assert.deepEqual(first.outputs, { verdict: "pass" });
  const [hash = "", ...others] = readdirSync(join(runner.tools, "trainyard"));
  assert.match(hash, /^[0-9a-f]{32}$/);
  assert.deepEqual(others, []);
  assert.equal(
    realpathSync(join(root, "node_modules")),
    join(runner.tools, "trainyard", hash, "node_modules"),
  );
  assert.equal(existsSync(join(runner.workspace, "planted")), false);

  const again = runner.step("evaluate", evaluate, { PATH: "/nowhere" });
  assert.equal(again.status, 0, "what is installed needs no npm");
});

test("an archive that is not what the lock says is refused, and nothing of it stays", (context) => {
  const root = releasedTree(context, (lock) => {
    const api = lock.packages["node_modules/@duckdb/node-api"];
    assert.ok(api);
    return {
      ...lock,
      packages: {
        ...lock.packages,
        "node_modules/@duckdb/node-api": { ...api, integrity: `sha512-${"A".repeat(86)}==` },
      },
    };
  });
  const runner = openRunner(context, root);
  runner.write("p.csv", rows);
  const { status, commands } = runner.step("evaluate", evaluate);
  assert.equal(status, 1);
  assert.match(
    commands.join("\n"),
    /the packages with native parts cannot be installed; npm says:%0Anpm error code EINTEGRITY/,
  );
  assert.deepEqual(readdirSync(join(runner.tools, "trainyard")), []);
  assert.equal(existsSync(join(root, "node_modules")), false);
});

test("a runner for which nothing is locked is told so", (context) => {
  const root = releasedTree(context, (lock) => ({
    ...lock,
    packages: Object.fromEntries(
      Object.entries(lock.packages).filter(([path]) => !path.includes("node-bindings-")),
    ),
  }));
  const runner = openRunner(context, root);
  runner.write("p.csv", rows);
  assert.match(
    runner.step("evaluate", evaluate).commands[0] ?? "",
    /this runner is \w+-\w+, for which no DuckDB is locked/,
  );
});

test("those who install at once leave one installation", async (context) => {
  const folder = temporary(context);
  const manifest = join(folder, "manifest");
  mkdirSync(manifest);
  const { packages }: Lock = JSON.parse(readFileSync("natives/package-lock.json", "utf8"));
  const root = { name: "natives", dependencies: { long: "4.0.0" } };
  writeFileSync(join(manifest, "package.json"), JSON.stringify(root));
  writeFileSync(
    join(manifest, "package-lock.json"),
    JSON.stringify({
      name: "natives",
      lockfileVersion: 3,
      packages: { "": root, "node_modules/long": packages["node_modules/long"] },
    }),
  );
  const installation = {
    manifest,
    to: join(folder, "store", "abc"),
    environment: process.env,
    workspace: join(folder, "w"),
  };
  const all = await Promise.all([1, 2, 3].map(() => installLocked(installation)));
  assert.deepEqual(all, Array(3).fill(installation.to));
  assert.deepEqual(readdirSync(join(folder, "store")), ["abc"]);
  for (const _ of [1, 2]) show(join(installation.to, "node_modules"), join(folder, "node_modules"));
  assert.ok(lstatSync(join(folder, "node_modules")).isSymbolicLink());
  assert.ok(existsSync(join(folder, "node_modules", "long", "package.json")));
});

test("npm is told of the machine, and of nothing that steers it", () => {
  const environment = {
    PATH: "/w/bin:/usr/bin:node_modules/.bin::/w",
    HOME: "/root",
    https_proxy: "http://proxy",
    NPM_CONFIG_REGISTRY: "https://mirror.example",
    npm_config_userconfig: "/w/.npmrc",
    NODE_OPTIONS: "--require /w/evil.js",
    NODE_PATH: "/w/node_modules",
    GITHUB_TOKEN: "x",
    LD_PRELOAD: "/w/evil.so",
  };
  assert.deepEqual(npmEnvironment(environment, "/w"), {
    PATH: "/usr/bin",
    HOME: "/root",
    https_proxy: "http://proxy",
    NPM_CONFIG_REGISTRY: "https://mirror.example",
  });
});

test("the locked manifest is held to hashes and names no registry", () => {
  const { packages }: Lock = JSON.parse(readFileSync("natives/package-lock.json", "utf8"));
  const open = Object.entries(packages).filter(
    ([path, { integrity }]) => path !== "" && integrity === undefined,
  );
  assert.deepEqual(open, []);
  assert.ok(Object.keys(packages).length > 20);
  assert.doesNotMatch(readFileSync("natives/package-lock.json", "utf8"), /"resolved"/);
  assert.ok(packages["node_modules/@duckdb/node-bindings-linux-x64"], "hosted runners are served");
  assert.ok(existsSync(resolve("natives/package.json")));
});
