import { readFileSync } from "node:fs";

/** Native parts of ssh2: it asks for them in a `try`, and does without where they are not built. */
const NATIVE = /^cpu-features$|\/sshcrypto\.node$/;
/** These say where they lie as soon as they are loaded, for a program of Windows and a WASM file that is in them. */
const PLACED = /[\\/]ssh2[\\/]lib[\\/](?:agent|protocol[\\/]crypto[\\/]poly1305)\.js$/;

/** Has esbuild leave out native parts that ssh2 can do without, so that what is made is the same everywhere. */
export const noNatives = {
  name: "no-natives",
  setup(build) {
    build.onResolve({ filter: NATIVE }, ({ path }) => ({ path, namespace: "no-natives" }));
    build.onLoad({ filter: /.*/, namespace: "no-natives" }, () => ({
      contents: 'throw new Error("it is left out");',
      loader: "js",
    }));
    build.onLoad({ filter: PLACED }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/\b__dirname\b/g, '"."'),
      loader: "js",
    }));
  },
};
