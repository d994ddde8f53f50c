import { terminalText } from "../core/report/escape.ts";
import { formatCount } from "../core/report/numbers.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { statesAlone } from "../works/changed-states.ts";
import { required, text } from "./inputs.ts";
import { defineStage } from "./stage.ts";

/** `$/actions/lay-out`: commits become the folders `head` and `base`. */
export default defineStage({
  name: "lay-out",
  summary: "Lay a change and its base out as plain files, with the remotes that the base names.",
  inputs: {
    base: required("The base branch's commit; its folder is called base", { placeholder: "commit" }),
    head: text("The change's commit; its folder is called head", { placeholder: "commit" }),
    mergeBase: text("The commit at which the change left its base; its files can be asked for", {
      placeholder: "commit",
    }),
    token: text("Reads the repository; public ones need none", { placeholder: "token" }),
  },
  outputs: {
    head: "The change's folder; empty where none was asked for",
    base: "The base's folder",
    mergeBase: "The commit at which the change left its base; empty where that is not known",
    onlyStates: "Whether the change alters desired states and nothing else: true or false",
  },
  action: {
    icon: "copy",
    color: "gray-dark",
    permissions: ["contents: read # the commits"],
  },
  command: false,

  async run({ base, head, mergeBase, token }, ports) {
    const trees: Readonly<Record<string, string>> = {
      ...(head === undefined ? {} : { head: commitId("head", head) }),
      base: commitId("base", base),
    };
    const left = head === undefined ? mergeBase : (mergeBase ?? (await leftAt(ports, base, head, token)));
    const also = left === undefined ? [] : [commitId("merge-base", left)];
    const laidOut = await ports.layOut({ token, into: ports.folder, trees, also, remotesOf: "base" });
    const lines = Object.entries(trees).map(
      ([name, commit]) => `${name} ${commit}: ${formatCount(laidOut.trees[name]?.files ?? 0)} files`,
    );
    const folder = laidOut.trees.head?.folder;
    const only = folder !== undefined && (await alone(ports, folder, left ?? base, head));
    return {
      outputs: {
        head: folder ?? "",
        base: laidOut.trees.base?.folder ?? "",
        mergeBase: left ?? "",
        onlyStates: String(only),
      },
      text: [...lines, ...laidOut.notes.map((note) => terminalText(note, 1000))].join("\n"),
      json: laidOut,
    };
  },
});

/**
 * Asks where a change left its base: without the answer, what came to the base since looks like a part
 * of the change, which costs a training and nothing else.
 */
async function leftAt(
  ports: Ports,
  base: string,
  head: string,
  token: string | undefined,
): Promise<string | undefined> {
  if (token === undefined || ports.host.kind !== "actions") return undefined;
  try {
    return await (await ports.forge({ token })).pulls.mergeBase(base, head);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Whether there is nothing in the change that could make another model: then no data are needed. */
async function alone(ports: Ports, folder: string, from: string, head: string | undefined): Promise<boolean> {
  const { repo } = await ports.workspace(folder);
  return repo !== undefined && head !== undefined && (await statesAlone(repo, from, head));
}

function commitId(name: string, value: string): string {
  if (/^[0-9a-f]{40}$/.test(value)) return value;
  throw new UserError(
    `${name} is "${terminalText(value, 100)}"; it takes a whole commit id, 40 lower-case hex digits`,
    {
      exit: EXIT.usage,
    },
  );
}
