/** What an action starts: its stage alone, handed to the host. There is no file of it: `action:NAME` is one. */
const entry = (name) => `
import { runAction } from "./run.ts";
import stage from "../stages/${name}.ts";
await runAction(stage);
`;

/** Makes esbuild understand the entry points `action:NAME`. */
export const actionEntries = {
  name: "action-entries",
  setup(build) {
    build.onResolve({ filter: /^action:/ }, ({ path }) => ({ path: path.slice(7), namespace: "action" }));
    build.onLoad({ filter: /./, namespace: "action" }, ({ path }) => ({
      contents: entry(path),
      resolveDir: "src/action",
      loader: "ts",
    }));
  },
};
