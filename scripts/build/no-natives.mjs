/** Native parts of ssh2: it asks for them in a `try`, and does without where they are not built. */
const NATIVE = /^cpu-features$|\/sshcrypto\.node$/;

/** Has esbuild leave out native parts that a package can do without, so that what is made is the same everywhere. */
export const noNatives = {
  name: "no-natives",
  setup(build) {
    build.onResolve({ filter: NATIVE }, ({ path }) => ({ path, namespace: "no-natives" }));
    build.onLoad({ filter: /.*/, namespace: "no-natives" }, () => ({
      contents: 'throw new Error("it is left out");',
      loader: "js",
    }));
  },
};
