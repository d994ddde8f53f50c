import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { buildSync } from "esbuild";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "trainyard-common-js-")));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a package down that says where it was found. */
function put(under: string, name: string): void {
  mkdirSync(join(folder, under, name), { recursive: true });
  writeFileSync(join(folder, under, name, "index.js"), `module.exports = ${JSON.stringify(under)};`);
}

/** Asks for a package from a file of `ours/`, in a process with a home and a NODE_PATH. */
async function asked(file: string, name: string): Promise<string> {
  const script = `import { loadCommonJs } from ${JSON.stringify(pathToFileURL(join(folder, file)).href)};
try { console.log(loadCommonJs(${JSON.stringify(name)})); } catch (error) { console.log(error.code); }`;
  const env = {
    PATH: process.env.PATH,
    HOME: join(folder, "home"),
    NODE_PATH: join(folder, "everybody"),
    TSX_TSCONFIG_PATH: "",
  };
  const loader = file.endsWith(".ts") ? ["--import", import.meta.resolve("tsx")] : [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...loader, "--input-type=module", "--eval", script],
    { env, cwd: folder },
  );
  return stdout.trim();
}

it("a package is taken from beside us alone, and neither from NODE_PATH nor from the user's home", async () => {
  put("ours/node_modules", "beside");
  put("everybody", "beside");
  put("everybody", "stray");
  put("home/.node_modules", "homely");
  writeFileSync(join(folder, "ours", "package.json"), '{ "type": "module" }');
  const source = join("src", "adapters", "common-js.ts");
  buildSync({
    entryPoints: [source],
    outfile: join(folder, "ours/built.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
  });
  buildSync({ entryPoints: [source], outfile: join(folder, "ours/plain.ts"), format: "esm" });
  for (const file of ["ours/built.js", "ours/plain.ts"]) {
    assert.equal(await asked(file, "beside"), "ours/node_modules", file);
    assert.equal(await asked(file, "stray"), "ERR_MODULE_NOT_FOUND", file);
    assert.equal(await asked(file, "homely"), "ERR_MODULE_NOT_FOUND", file);
  }
});
