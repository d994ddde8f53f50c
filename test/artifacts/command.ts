// One command in a process of its own, so that tests can kill it and run several: FOLDER add|push|pull|checkout|gc PATH…
import { openWorkspace } from "../../src/adapters/workspace.ts";
import { add } from "../../src/artifacts/add.ts";
import { deleteUnused } from "../../src/artifacts/gc.ts";
import { checkout, pull } from "../../src/artifacts/pull.ts";
import { push } from "../../src/artifacts/push.ts";
import { silent } from "./temporary.ts";

const [folder = "", command = "", ...paths] = process.argv.slice(2);
const workspace = await openWorkspace(folder, silent());
process.stdout.write("ready\n");
if (command === "add") for (const path of paths) await add(workspace, path);
else if (command === "checkout") await checkout(workspace, { paths });
else if (command === "push") await push(workspace, { paths });
else if (command === "gc") {
  const before = new Date(Date.now() - 14 * 24 * 60 * 60 * 1000);
  const cloud = await workspace.remote();
  const options = { keep: { all: true }, before, cloud, others: [], blindly: false, forget: false };
  await deleteUnused(workspace, options);
} else await pull(workspace, { paths });
process.stdout.write("done\n");
