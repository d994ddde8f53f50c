/** Packages that do nothing when they are loaded, and do not say so: what of them is not used can go. */
const PURE = /^(@actions\/(core|exec|http-client|io)|undici|tunnel)$/;
const INSIDE = /[\\/]node_modules[\\/]@actions[\\/](core|exec|http-client|io)[\\/]/;

/**
 * Has esbuild leave out what is not used of them. Of @actions/core our own code needs a few lines, and the
 * client for artifacts nearly all; ours is a copy of its own, so that those few lines bring no HTTP client.
 */
export const purePackages = {
  name: "pure-packages",
  setup(build) {
    const pure = async ({ path, pluginData, importer, ...how }) => {
      const relative = path.startsWith(".");
      if (pluginData === purePackages || (relative && !INSIDE.test(importer))) return undefined;
      const { kind, namespace, resolveDir } = how;
      const asked = { importer, kind, namespace, resolveDir, pluginData: purePackages };
      const found = await build.resolve(path, asked);
      const ours = path === "@actions/core" && !importer.includes("node_modules");
      return { ...found, sideEffects: false, ...(ours ? { suffix: "?ours" } : {}) };
    };
    build.onResolve({ filter: PURE }, pure);
    build.onResolve({ filter: /^\.\.?\// }, pure);
  },
};
