import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const load = createRequire(import.meta.url);

/**
 * Where a package's file lies, as `import()` would find it from here: in the folders of `node_modules` above
 * this code alone. `require` would go on to NODE_PATH and to folders of the user's home, where anybody's lies.
 *
 * @throws what Node throws where it is not installed
 */
export const pathOf = (name: string): string => fileURLToPath(import.meta.resolve(name));

/**
 * Loads a package whose code is CommonJS, from where this code lies. `import()` would first read all of it
 * for the names that it exports, which takes longer than running it: of DuckDB and TensorFlow.js together
 * about a second of each process.
 *
 * @throws what Node throws where it is not installed
 */
export const loadCommonJs = (name: string): unknown => load(pathOf(name));
