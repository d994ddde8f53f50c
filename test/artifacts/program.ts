import { mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const folder = fileURLToPath(
  new URL(`../../node_modules/.cache/trainyard-tests/${process.pid}`, import.meta.url),
);

/** A program of ours as one JavaScript file, so that it starts in a tenth of a second and can be killed often. */
export function program(source: URL): string {
  const outfile = join(folder, `${basename(source.pathname, ".ts")}.mjs`);
  mkdirSync(folder, { recursive: true });
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    entryPoints: [fileURLToPath(source)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    define: { TRAINYARD_VERSION: '"test"' },
  });
  return outfile;
}
