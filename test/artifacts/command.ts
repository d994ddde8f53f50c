// One command in a process of its own, so that tests can kill it and run several: FOLDER add|push|pull|checkout|gc|verify|import|merge PATH…
import { join } from "node:path";
import { openElsewhere } from "../../src/adapters/repo/elsewhere.ts";
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { deleteUnused } from "../../src/artifacts/gc.ts";
import { importFrom } from "../../src/artifacts/import.ts";
import { mergeUndecided } from "../../src/artifacts/merge.ts";
import { checkout, pull } from "../../src/artifacts/pull.ts";
import { push } from "../../src/artifacts/push.ts";
import { verify } from "../../src/artifacts/verify.ts";
import type { Progress } from "../../src/ports/progress.ts";

/** Says what begins, a line each: moments can be counted from there. */
const told: Progress = {
  start(title) {
    process.stdout.write(`${title}\n`);
    return { update() {}, end() {} };
  },
  say() {},
};

const [folder = "", command = "", ...paths] = process.argv.slice(2);
const workspace = await openWorkspace(folder, told);
process.stdout.write("ready\n");
if (command === "add") for (const path of paths) await add(workspace, path);
else if (command === "checkout") await checkout(workspace, { paths });
else if (command === "push") await push(workspace, { paths });
else if (command === "gc") {
  const before = new Date(Date.now() - 14 * 24 * 60 * 60 * 1000);
  const cloud = await workspace.remote();
  const options = { keep: { all: true }, before, cloud, others: [], blindly: false, forget: false };
  await deleteUnused(workspace, options);
} else if (command === "verify") {
  await verify(workspace, undefined, { repair: true });
  await verify(workspace, await workspace.remote(), { repair: true });
} else if (command === "import") {
  const [url = "", path = ""] = paths;
  const from = await openElsewhere({ url, from: folder }, told, {});
  await importFrom(workspace, from, { url, path, to: join(folder, path), force: false });
  await from.close();
} else if (command === "merge") await mergeUndecided(workspace, { paths });
else await pull(workspace, { paths });
process.stdout.write("done\n");
