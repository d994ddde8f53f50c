import { createRequire } from "node:module";

/**
 * Loads a package whose code is CommonJS, from where this code lies. `import()` would first read all of it
 * for the names that it exports, which takes longer than running it: of DuckDB and TensorFlow.js together
 * about a second of each process.
 *
 * @throws what Node throws where it is not installed
 */
export const loadCommonJs: (name: string) => unknown = createRequire(import.meta.url);
