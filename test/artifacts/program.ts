import { mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const folder = fileURLToPath(
  new URL(`../../node_modules/.cache/trainyard-tests/${process.pid}`, import.meta.url),
);

/** What is not code alone, and no command of these tests asks for. */
const OUTSIDE = ["@duckdb/*", "@tensorflow/*", "onnxruntime-node", "onnxruntime-web", "cpu-features"];

/**
 * A program of ours in JavaScript with all that it needs, loaded as it is needed, as in `dist/`: it starts
 * in a fraction of a second and can be killed often.
 */
export function program(source: URL): string {
  const name = basename(source.pathname, ".ts");
  const outdir = join(folder, name);
  mkdirSync(outdir, { recursive: true });
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    entryPoints: [fileURLToPath(source)],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    external: OUTSIDE,
    loader: { ".node": "empty" },
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    define: { TRAINYARD_VERSION: '"test"' },
  });
  return join(outdir, `${name}.mjs`);
}
